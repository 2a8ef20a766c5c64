import * as fc from 'fast-check'

/** What somebody may send in the place of a value: a few characters of any kind, or one of those that nearly fit. */
export const anyValue = (...known: string[]) =>
  fc.oneof(fc.string({ unit: 'binary', maxLength: 30 }), fc.constantFrom(...known))

/** Names and values as a form or an address holds them. */
export const encoded = (pairs: [string, string][]): string =>
  new URLSearchParams(pairs.map(([name, value]): [string, string] => [name, value.toWellFormed()])).toString()
