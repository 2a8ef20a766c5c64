import { createHash } from 'node:crypto'

/** Markup that was made by `svgText` and needs no more escaping. */
export class SvgText {
  readonly markup: string

  constructor(markup: string) {
    this.markup = markup
  }

  toString(): string {
    return this.markup
  }
}

type Value = string | number | SvgText | readonly SvgText[]

const ESCAPES: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&#34;', "'": '&#39;' }

/** SVG with every value escaped, save what `svgText` itself made. */
export function svgText(strings: TemplateStringsArray, ...values: Value[]): SvgText {
  return new SvgText(strings.reduce((markup, string, index) => markup + asMarkup(values[index - 1] ?? '') + string))
}

/** The beginning of every id in a picture: its kind, and what tells it from others of its kind on the same page. */
export function pictureId(kind: string, input: unknown): string {
  return `${kind}-${createHash('sha256').update(JSON.stringify(input)).digest('hex').slice(0, 8)}`
}

/** A place in a picture, to a tenth of a unit. */
export function round(value: number): number {
  return Math.round(value * 10) / 10
}

function asMarkup(value: Value): string {
  if (value instanceof SvgText) return value.markup
  if (typeof value === 'object') return value.map(asMarkup).join('')
  return String(value).replace(/[&<>"']/g, (character) => ESCAPES[character] ?? '')
}
