/** Reads what a page of the register shows, from its HTML, as a reader sees it. */

const ENTITIES: Record<string, string> = {
  '&lt;': '<',
  '&gt;': '>',
  '&#34;': '"',
  '&quot;': '"',
  '&#39;': "'",
  '&amp;': '&',
}
const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec']

/** The text of some HTML: no tags, entities read, white space as one space. */
export function plain(html: string): string {
  return html
    .replace(/<[^>]*>/g, ' ')
    .replace(/&(?:lt|gt|quot|amp|#34|#39);/g, (entity) => ENTITIES[entity] ?? entity)
    .replace(/\s+/g, ' ')
    .trim()
}

/** The value of an attribute in a tag, or nothing. */
export function attribute(tag: string, name: string): string {
  return plain(new RegExp(`\\b${name}="([^"]*)"`).exec(tag)?.[1] ?? '')
}

/** The HTML between the section that a heading's id labels and its end. */
export function section(html: string, id: string): string {
  return new RegExp(`<section[^>]*aria-labelledby="${id}">([\\s\\S]*?)</section>`).exec(html)?.[1] ?? ''
}

/** The rows in the bodies of the tables of some HTML. */
export function rowsOf(html: string): string[] {
  return [...html.matchAll(/<tbody>([\s\S]*?)<\/tbody>/g)].flatMap(([, body = '']) =>
    [...body.matchAll(/<tr\b[\s\S]*?<\/tr>/g)].map(([row]) => row),
  )
}

/** The HTML of a row's cell of a class, such as `cell-status`. */
export function cell(row: string, name: string): string {
  return new RegExp(`<td class="cell-${name}"[^>]*>([\\s\\S]*?)</td>`).exec(row)?.[1] ?? ''
}

/** The text of the first element of a class. */
export function textOf(html: string, name: string): string {
  return plain(
    new RegExp(`<(\\w+)[^>]*class="(?:[^"]* )?${name}(?: [^"]*)?"[^>]*>([\\s\\S]*?)</\\1>`).exec(html)?.[2] ?? '',
  )
}

/** The status that is shown first. */
export function statusIn(html: string): string {
  return word(plain(/class="stands-mark"><\/span>([^<]+)</.exec(html)?.[1] ?? ''))
}

/** The reference that a row is about. */
export function referenceIn(html: string): string {
  return /\/agreements\/([A-Z-]+-(?:\d{4}|ND)-\d+)/.exec(html)?.[1] ?? ''
}

/** `Under review` as the exports write it: `under_review`. */
export function word(label: string): string {
  return label.toLowerCase().replace(/[ -]/g, '_')
}

/** `13 Jul 2025` as the exports write it: `2025-07-13`; a month and a year stay what they are. */
export function day(shown: string): string {
  const [, date, month = '', year = shown] = /^(?:(\d{1,2}) )?([A-Z][a-z]{2}) (\d{4})$/.exec(shown) ?? []
  const number = MONTHS.indexOf(month) + 1
  return [year, number && String(number).padStart(2, '0'), date?.padStart(2, '0')].filter(Boolean).join('-')
}
