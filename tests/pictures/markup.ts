/** An element of a picture, as a test reads it. */
export interface Element {
  name: string
  attributes: Record<string, string>
  children: Element[]
  /** The text of the element itself and of those in it, unescaped. */
  text: string
}

const PIECE = /<(\/?)([a-zA-Z]+)((?:\s+[\w:-]+="[^"<]*")*)\s*(\/?)>|([^<]+)/y
const ENTITIES: Record<string, string> = { amp: '&', lt: '<', gt: '>', '#34': '"', '#39': "'" }

/** Reads a picture's markup; throws where it is not well-formed. */
export function readMarkup(markup: string): Element {
  const root: Element = { name: '', attributes: {}, children: [], text: '' }
  const open = [root]
  PIECE.lastIndex = 0
  while (PIECE.lastIndex < markup.length) {
    const from = PIECE.lastIndex
    const piece = PIECE.exec(markup)
    if (!piece) throw new Error(`not well-formed: ${markup.slice(from, from + 80)}`)
    const [, closing, name = '', attributes = '', empty, text] = piece
    if (text !== undefined) {
      for (const element of open) element.text += unescaped(text)
    } else if (closing === '/') {
      if (open.pop()?.name !== name) throw new Error(`</${name}> closes another element`)
    } else {
      const element: Element = { name, attributes: readAttributes(attributes), children: [], text: '' }
      open.at(-1)?.children.push(element)
      if (empty !== '/') open.push(element)
    }
  }
  if (open.length !== 1) throw new Error(`<${open.at(-1)?.name}> is not closed`)
  return root
}

/** An element and all that are in it, in the order of the markup. */
export function allIn(element: Element): Element[] {
  return [element, ...element.children.flatMap(allIn)]
}

/** The elements of a class. */
export function withClass(element: Element, name: string): Element[] {
  return allIn(element).filter(({ attributes }) => attributes['class']?.split(' ').includes(name))
}

export function elementsNamed(element: Element, name: string): Element[] {
  return allIn(element).filter((one) => one.name === name)
}

/** A number in an attribute, or 0 without it. */
export function numberIn(element: Element | undefined, attribute: string): number {
  return Number.parseFloat(element?.attributes[attribute] ?? '0')
}

/** Everything wrong with the values and ids of pictures that stand on one page. */
export function faultsOf(...pictures: Element[]): string[] {
  const elements = pictures.flatMap(allIn)
  const ids = elements.flatMap(({ attributes }) => attributes['id'] ?? [])
  const values = elements.flatMap(({ name, attributes }) =>
    Object.entries(attributes).map(([attribute, value]) => ({ name, attribute, value })),
  )
  const references = values.flatMap(({ attribute, value }) =>
    attribute === 'aria-labelledby' ? [value] : [...value.matchAll(/url\(#(.*?)\)/g)].map((match) => match[1] ?? ''),
  )
  return [
    ...values
      .filter(({ attribute, value }) => !SPOKEN.has(attribute) && /NaN|Infinity|undefined|\bnull\b/.test(value))
      .map(({ name, attribute, value }) => `${name} ${attribute}="${value}"`),
    ...values
      .filter(({ attribute, value }) => /^(?:width|height|r)$/.test(attribute) && !(Number.parseFloat(value) >= 0))
      .map(({ name, attribute, value }) => `${name} ${attribute}="${value}"`),
    ...values.filter(({ attribute }) => attribute === 'style').map(({ name }) => `${name} has a style`),
    ...ids.filter((id, index) => ids.indexOf(id) !== index).map((id) => `${id} is there twice`),
    ...references.filter((id) => !ids.includes(id)).map((id) => `there is no ${id}`),
  ]
}

/** What somebody else's words may stand in. */
const SPOKEN = new Set(['aria-label', 'href'])

export interface Box {
  left: number
  right: number
  top: number
  bottom: number
}

/** The pairs of boxes that lie over each other. */
export function overlapsOf(boxes: readonly Box[]): [Box, Box][] {
  return boxes.flatMap((a, index) =>
    boxes
      .slice(index + 1)
      .filter((b) => a.left < b.right && b.left < a.right && a.top < b.bottom && b.top < a.bottom)
      .map((b): [Box, Box] => [a, b]),
  )
}

function readAttributes(text: string): Record<string, string> {
  return Object.fromEntries(
    [...text.matchAll(/([\w:-]+)="([^"]*)"/g)].map(([, name = '', value = '']) => [name, unescaped(value)]),
  )
}

function unescaped(text: string): string {
  return text.replace(/&(#?\w+);/g, (_, name: string) => ENTITIES[name] ?? '')
}
