/**
 * The widths of the letters of IBM Plex Sans in hundredths of an em, from the medium weight, so that a label of regular
 * weight is rather thought too wide than too narrow. Arabic letters are taken as they stand joined.
 */
const WIDTHS: readonly (readonly [number, string])[] = [
  [25, " \u00a0'’‘اأإآ"],
  [32, 'ijl.,:;|!رزلو'],
  [37, 'ft()[]·rI/ءـ'],
  [44, '-"“”г*،'],
  [50, 'szcyvLxJтузсхэьТЗУгدذهة'],
  [56, 'aegkobаеочявбкпFыنبتثيىئجحخفقعغ'],
  [60, 'hnudpqTSEZрлЕ0123456789×+–$€£#?=<>~^كمطظ'],
  [65, 'PVYCXRABKDUийнъцРХБЭСАВЧЯКЗUЛУТ'],
  [71, 'GHNOQ&wПмИЙЛНОД'],
  [82, 'MфжшМю—ШЦЖ'],
  [92, '…mWщ%@ЫФЩЮسشصض'],
]
const WIDTH_OF = new Map(
  WIDTHS.flatMap(([width, letters]) => Array.from(letters, (letter) => [letter, width / 100] as const)),
)
const USUAL_WIDTH = 0.7

const letters = new Intl.Segmenter('und', { granularity: 'grapheme' })
const WITHOUT_WIDTH = /^[\p{M}\p{Cf}]$/u
const FULL_WIDTH =
  /^(?:\p{Script=Han}|\p{Script=Hiragana}|\p{Script=Katakana}|\p{Script=Hangul}|\p{Extended_Pictographic})$/u
/** Marks that turn the direction of what follows them. */
const TURNING = /[\u200e\u200f\u202a-\u202e\u2066-\u2069]/g

/** How wide a text will be in a picture, at a font size: an estimate that errs to the wide side. */
export function labelWidth(text: string, fontSize: number): number {
  let width = 0
  for (const character of text) width += characterWidth(character)
  return width * fontSize
}

/**
 * A text on one line, cut with an ellipsis where it is wider than its room: between two words if that keeps most of it,
 * else between two letters, never inside one.
 */
export function clipLabel(text: string, room: number, fontSize: number): string {
  const line = text.replace(/\s+/g, ' ').trim()
  const roomForLetters = room - labelWidth('…', fontSize)
  let width = 0
  let kept = 0
  for (const { segment } of letters.segment(line)) {
    width += labelWidth(segment, fontSize)
    // Later letters change nothing any more once the whole room is full.
    if (width > room) return `${atWord(line.slice(0, kept))}…`
    if (width <= roomForLetters) kept += segment.length
  }
  return line
}

/** A name in its own direction amid whatever stands beside it, so that Arabic leaves the words around it in place. */
export function isolated(text: string): string {
  return `\u2068${text.replace(TURNING, '')}\u2069`
}

function characterWidth(character: string): number {
  const known = WIDTH_OF.get(character)
  if (known !== undefined) return known
  if (WITHOUT_WIDTH.test(character)) return 0
  return FULL_WIDTH.test(character) ? 1.1 : USUAL_WIDTH
}

function atWord(text: string): string {
  const space = text.lastIndexOf(' ')
  return (space > text.length / 2 ? text.slice(0, space) : text).trimEnd()
}
