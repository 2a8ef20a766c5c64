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

function asMarkup(value: Value): string {
  if (value instanceof SvgText) return value.markup
  if (typeof value === 'object') return value.map(asMarkup).join('')
  return String(value).replace(/[&<>"']/g, (character) => ESCAPES[character] ?? '')
}
