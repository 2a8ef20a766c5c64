/** The shape of a reference, for telling one apart from other words. */
export const REFERENCE = /^[A-Z]{3}(?:-[A-Z]{3})*-(?:\d{4}|ND)-\d+$/

/** So many digits are enough for a running number that is compared as text. */
const NUMBER_DIGITS = 12

/**
 * A reference as it sorts, byte by byte on any engine: by its states, then by its year (`ND` behind every year), then by its
 * running number as a number. `RUS-SYR-2019-2` is `RUS-SYR 2019 000000000002`; the space sorts before the hyphen, so that two
 * states come whole before the same with a third.
 */
export function referenceSort(reference: string): string {
  const [, states, year, number] = /^(.+)-(\d{4}|ND)-(\d+)$/.exec(reference) ?? []
  return number === undefined ? reference : `${states} ${year} ${number.padStart(NUMBER_DIGITS, '0')}`
}

/** For sorting by reference. */
export function compareReferences(a: { reference: string }, b: { reference: string }): number {
  const [one, other] = [referenceSort(a.reference), referenceSort(b.reference)]
  return one < other ? -1 : one > other ? 1 : 0
}
