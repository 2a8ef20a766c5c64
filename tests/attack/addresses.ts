import * as fc from 'fast-check'
import { PARAMETERS } from '../../src/list/parameters.ts'
import { CHANGE_KINDS } from '../../src/words/change-kind.ts'
import { STANCES } from '../../src/words/claim.ts'
import { AGREEMENT_KINDS } from '../../src/words/kind.ts'
import { RELIABILITIES } from '../../src/words/source.ts'
import { MEANS, STATUSES } from '../../src/words/status.ts'

/** Below what a server takes of address and headers together. */
const LONGEST_ADDRESS = 15_900

/** What a register has that an address may name. */
export interface Names {
  references: string[]
  parties: string[]
  /** Names of parties, which may be typed in any spelling. */
  spoken: string[]
  places: string[]
  sectors: string[]
  slugs: string[]
}

const NASTY = [
  '',
  ' ',
  '\u0000',
  '%',
  "' or 1=1 --",
  '"*" OR NEAR(',
  '../../etc/passwd',
  '<script>alert(1)</script>',
  '__proto__',
  'constructor',
  '9'.repeat(400),
  '1e9',
  '-1',
  '0',
  '2147483648',
  '999999999999999',
  '\u202e',
  '\ufffd',
  '\ufdfa'.repeat(60),
  'a\u0301'.repeat(90),
  '😀'.repeat(60),
  '%_'.repeat(80),
]
const DAYS = [
  '0000',
  '0001-01-01',
  '1946',
  '2019-02-29',
  '2019-13',
  '../2015-06',
  '2025-02-01',
  '9999-12-31',
  '10000',
  '20250201',
]
const INSTANTS = [
  '2025-02-10',
  '2026-11-23T12:00:00Z',
  '2026-01-01T00:00+14:00',
  '9999-12-31T23:59:59Z',
  '0000-01-01T00:00:00-12:00',
]
const NUMBERS = ['1', '2', '7', '200', '9999999', '999999999', '01', '1.5', ' 3 ']
const WORDS = 'abcdefghijklmnopqrstuvwxyz0123456789абвгдежзийклмнопрстуфхцчшщэюя'.split('')

/** Those that take a filter of the list. */
const LISTS = /^\/(?:agreements|agreements\.\w+|agreements\/timeline|claims\/new)$/

/** What nearly every page could be asked, and what it means where it means something. */
function parameters({ references, parties, places, sectors }: Names): Record<string, readonly string[]> {
  const known: Record<string, readonly string[]> = {
    ...Object.fromEntries(Object.keys(PARAMETERS).map((name) => [name, []])),
    q: [
      ...references,
      ...parties,
      ...places,
      WORDS.join(' '),
      WORDS.map((sign) => sign.repeat(3)).join(' '),
      'agreement',
      'on the of and',
    ],
    status: STATUSES,
    means: MEANS,
    party: parties,
    country: ['RU', 'sy', 'RUS', 'SYR', 'XK', 'SUHH', 'Syria'],
    place: places,
    kind: [...AGREEMENT_KINDS, ...CHANGE_KINDS],
    sector: sectors,
    signed_from: DAYS,
    signed_to: DAYS,
    lead: ['Ada', ...parties],
    as_of: DAYS,
    known_at: INSTANTS,
    contested: ['yes', 'no'],
    sort: ['title', '-title', '-signed_on', 'updated_at', 'reference', '-kind', 'sector'],
    page: NUMBERS,
    per_page: ['25', '50', '100', '200', '1000000'],
    actor: NUMBERS,
    day: DAYS,
    from: [...DAYS, ...NUMBERS],
    to: [...DAYS, ...NUMBERS],
    publisher: ['SANA', 'Reuters'],
    reliability: [...RELIABILITIES, 'none'],
    rests: ['nothing'],
    stance: STANCES,
    grade: ['A', 'B2', '6', 'F6'],
    source: NUMBERS,
    agreements: ['filtered'],
    bom: ['0', '1', '2'],
    token: references,
    next: ['/agreements', '//evil.example', 'https://evil.example'],
    utm_source: ['x'],
    '': ['x'],
  }
  return known
}

/** How a name may end and mean the same. */
const ENDS = ['', ' ', '.', '-', ' . ', '\u0301']

/** One value in another spelling of case, spaces and what it ends with, which all may mean the same. */
function spelled(values: readonly string[], ends = ENDS): fc.Arbitrary<string> {
  return fc
    .tuple(
      fc.constantFrom(...(values.length === 0 ? ['x'] : values)),
      fc.nat({ max: 2 ** 20 }),
      fc.constantFrom('', ' ', '  ', '\u00a0'),
      fc.constantFrom(...ends),
    )
    .map(([value, cases, before, behind]) => {
      const letters = value
        .split('')
        .map((sign, index) => ((cases >> (index % 20)) & 1 ? sign.toUpperCase() : sign.toLowerCase()))
      return before + letters.join('') + behind
    })
}

/** The addresses of some routes (`/agreements/:reference`), as somebody may type them who means harm: up to 16 kB each. */
export function anyAddress(routes: readonly string[], names: Names): fc.Arbitrary<string> {
  const known = parameters(names)
  const name = fc.constantFrom(...Object.keys(known))
  const anything = fc.oneof(
    fc.string({ unit: 'binary', maxLength: 40 }),
    fc.constantFrom(...NASTY, ...DAYS, ...NUMBERS),
    fc
      .tuple(fc.constantFrom('x', 'ش', '😀', ' a', '%'), fc.nat({ max: 5_000 }))
      .map(([sign, times]) => sign.repeat(times)),
  )
  const valueOf = (one: string) =>
    fc.oneof(
      { weight: 3, arbitrary: fc.constantFrom(...(known[one]?.length ? known[one] : ['x'])) },
      { weight: 1, arbitrary: anything },
    )
  const pair = name.chain((one) => valueOf(one).map((value): [string, string] => [one, value]))
  const repeated = name.chain((one) =>
    fc
      .oneof(
        fc.array(spelled(known[one] ?? []), { minLength: 2, maxLength: 25 }),
        fc.array(spelled(known[one] ?? []), { minLength: 100, maxLength: 1_200, size: 'max' }),
      )
      .map((values) => values.map((value): [string, string] => [one, value])),
  )
  const times = { minLength: 0, maxLength: 20, size: 'max' } as const
  /** Everything that a list may be asked at once. */
  const full = fc
    .record({
      party: fc.array(spelled(names.spoken), times),
      country: fc.array(fc.constantFrom('RU', 'sy', ' RUS', 'SYR.', 'IR', 'CN', 'BY', 'IN', 'KZ'), times),
      sector: fc.array(fc.constantFrom(...names.sectors), times),
      status: fc.array(fc.constantFrom(...STATUSES), times),
      kind: fc.array(fc.constantFrom(...AGREEMENT_KINDS), times),
      q: fc.constantFrom('', WORDS.slice(0, 40).join(' '), 'agreement on the of and', 'agr coo tra ind pro'),
      place: fc.constantFrom('', ...names.places),
      sort: fc.constantFrom('title', '-signed_on', 'updated_at', '-reference'),
      signed_to: fc.constantFrom('', '2026'),
      as_of: fc.constantFrom('', '2024'),
      known_at: fc.constantFrom('', '2026-11-23'),
      page: fc.constantFrom('1', '2', '80', '9999999'),
      per_page: fc.constantFrom('50', '200'),
    })
    .map((chosen) =>
      Object.entries(chosen).flatMap(([one, values]) => [values].flat().map((value): [string, string] => [one, value])),
    )
  /** One of those that may repeat, far more often than it may. */
  const often = { minLength: 21, maxLength: 600, size: 'max' } as const
  const over = fc
    .oneof(
      fc.tuple(fc.constant('party'), fc.array(spelled(names.spoken), often)),
      fc.tuple(fc.constant('country'), fc.array(spelled(['RU', 'SYR', 'KZ', 'Syria'], ['', ' ']), often)),
      fc.tuple(fc.constant('sector'), fc.array(fc.constantFrom(...names.sectors), often)),
    )
    .map(([one, values]) => values.map((value): [string, string] => [one, value]))
  const lists = fc.constantFrom(...routes.filter((route) => LISTS.test(route)))
  const query = fc.oneof(
    { weight: 1, arbitrary: fc.constant<[string, string][]>([]) },
    { weight: 5, arbitrary: fc.array(pair, { maxLength: 8 }) },
    { weight: 3, arbitrary: repeated },
  )
  const asked = fc.oneof(
    { weight: 4, arbitrary: fc.tuple(fc.constantFrom(...routes), query) },
    { weight: 1, arbitrary: fc.tuple(lists, fc.oneof({ weight: 2, arbitrary: full }, { weight: 1, arbitrary: over })) },
  )
  return fc.tuple(asked, fc.array(partOf(names), { minLength: 3, maxLength: 3 })).map(([[route, pairs], parts]) => {
    let part = 0
    const path = route.replaceAll(/:\w+/g, () => parts[(part += 1) - 1] ?? 'x')
    return addressOf(path, pairs)
  })
}

/** A part of a path, such as a reference or a number. */
function partOf({ references, slugs }: Names): fc.Arbitrary<string> {
  return fc
    .oneof(
      { weight: 4, arbitrary: fc.constantFrom(...references, ...slugs) },
      { weight: 3, arbitrary: fc.constantFrom(...NUMBERS) },
      { weight: 1, arbitrary: fc.constantFrom(...NASTY) },
      { weight: 1, arbitrary: fc.string({ unit: 'binary', maxLength: 20 }) },
      { weight: 1, arbitrary: fc.constant('x'.repeat(14_000)) },
    )
    .map((text) => encodeURIComponent(text.toWellFormed()))
}

/** As many pairs as an address holds. */
function addressOf(path: string, pairs: readonly [string, string][]): string {
  let address = path
  for (const [name, value] of pairs) {
    const said = `${encodeURIComponent(name.toWellFormed())}=${encodeURIComponent(value.toWellFormed())}`
    const longer = `${address}${address === path ? '?' : '&'}${said}`
    if (longer.length <= LONGEST_ADDRESS) address = longer
  }
  return address
}
