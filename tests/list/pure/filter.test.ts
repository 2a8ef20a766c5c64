import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { AGREEMENT_KINDS } from '../../../src/words/kind.ts'
import { type AgreementFilter, DEFAULT_FILTER, filterQuery, parseFilter } from '../../../src/list/filter.ts'
import { PER_PAGE, SORTS } from '../../../src/list/order.ts'
import { MEANS, STATUSES } from '../../../src/words/status.ts'
import { AppError } from '../../../src/errors.ts'

const queryOf = (text: string) => {
  const query: Record<string, string | string[]> = {}
  for (const name of new Set(new URLSearchParams(text).keys())) {
    const values = new URLSearchParams(text).getAll(name)
    query[name] = values.length > 1 ? values : (values[0] ?? '')
  }
  return query
}
const errorsOf = (query: Record<string, unknown>) => {
  try {
    parseFilter(query)
  } catch (error) {
    if (error instanceof AppError && error.code === 'bad_request') return error.fields
    throw error
  }
  return {}
}

describe('the filter of a list', () => {
  test('without parameters is the default: newest status first, 50 rows', () => {
    expect(parseFilter({})).toEqual(DEFAULT_FILTER)
    expect(filterQuery(DEFAULT_FILTER)).toBe('')
  })

  test('takes what an untouched form sends as not given', () => {
    expect(parseFilter({ q: '', status: '', party: ['', ''], signed_from: '', page: '' })).toEqual(DEFAULT_FILTER)
    expect(parseFilter({ party: ['', 'dp-world'] }).party).toEqual(['dp-world'])
  })

  test('asks once for what is typed in several ways', () => {
    const country = ['RU', ' ru', 'RUS', 'rus ', 'ru ']
    expect(parseFilter({ country })).toEqual(parseFilter({ country: 'RU' }))
    expect(parseFilter({ sector: ['ports', ' ports', 'ports '] }).sector).toEqual(['ports'])
  })

  test.each(['status', 'party', 'country', 'kind', 'sector'])(
    'takes %s twenty times, and names that when it is more',
    (name) => {
      const text = { status: 'active', country: 'SY', kind: 'loan' }[name] ?? 'ports'
      const times = (count: number) => ({ [name]: Array.from({ length: count }, () => text) })
      expect(errorsOf(times(20))).toEqual({})
      expect(errorsOf(times(21))).toEqual({ [name]: 'may be given at most 20 times, not 21' })
      expect(errorsOf(times(1_000))).toEqual({ [name]: 'may be given at most 20 times, not 1000' })
    },
  )

  test('reads every parameter', () => {
    expect(
      parseFilter({
        q: ' Tartus ',
        status: ['active', 'annulled', 'active'],
        means: 'terminated',
        party: 'dp-world',
        country: ['ru', 'SYR'],
        place: 'tartus',
        kind: 'loan',
        sector: 'ports',
        signed_from: '2019',
        signed_to: '2025-07',
        lead: 'Ada',
        sort: '-signed_on',
        page: '3',
        per_page: '200',
      }),
    ).toEqual({
      q: 'Tartus',
      status: ['active', 'annulled'],
      means: 'terminated',
      party: ['dp-world'],
      country: ['RU', 'SY'],
      place: 'tartus',
      kind: ['loan'],
      sector: ['ports'],
      signed_from: '2019',
      signed_to: '2025-07',
      lead: 'Ada',
      contested: null,
      sort: 'signed_on',
      descending: true,
      page: 3,
      per_page: 200,
    })
    expect(parseFilter({ sort: 'title' })).toMatchObject({ sort: 'title', descending: false })
  })

  test.each([
    ['status', 'gone', 'active, under_review, annulled, reassigned'],
    ['means', 'lost', 'in_force'],
    ['country', 'XX', 'ISO 3166-1'],
    ['kind', 'pact', 'treaty'],
    ['signed_from', '2019-13', '2019, 2019-01 or 2019-01-24'],
    ['signed_to', '2019-02-30', '2019, 2019-01 or 2019-01-24'],
    ['sort', '-size', 'reference'],
    ['sort', '--title', 'reference'],
    ['page', '0', 'from 1'],
    ['page', '1e3', 'from 1'],
    ['page', '12345678', 'from 1'],
    ['per_page', '33', '25, 50, 100, 200'],
    ['q', 'x'.repeat(201), 'at most 200'],
    ['q', 'a\u0000b', 'a search'],
    ['q', '\ud800', 'a search'],
    ['q', 'a\u202eb', 'a search'],
    ['party', '\u0007', 'a party'],
    ['sector', '\u0007', 'a sector'],
    ['lead', 'x'.repeat(201), 'a lead'],
    ['place', 'x'.repeat(201), 'a place'],
  ])('refuses %s=%s and names what is accepted', (name, value, accepted) => {
    expect(errorsOf({ [name]: value })[name]).toContain(accepted)
  })

  test.each(['q', 'means', 'place', 'signed_from', 'signed_to', 'lead', 'sort', 'page', 'per_page'])(
    'refuses a second %s',
    (name) => {
      expect(errorsOf({ [name]: ['1', '2'] })[name]).toBe('may be given once only')
    },
  )

  test('names unknown parameters, and quotes no control characters', () => {
    expect(errorsOf({ colour: 'red' })).toEqual({ colour: 'is not a filter of this list' })
    expect(Object.keys(errorsOf({ 'a\u0000b': '1' }))).toEqual(['a·b'])
    expect(Object.keys(errorsOf({ ['x'.repeat(60)]: '1' }))).toEqual([`${'x'.repeat(40)}…`])
  })

  test('asks for the contested, or for the others', () => {
    expect(parseFilter({ contested: 'yes' }).contested).toBe('yes')
    expect(parseFilter({ contested: 'no' }).contested).toBe('no')
    expect(errorsOf({ contested: 'maybe' })).toEqual({ contested: '“maybe” is not an answer: give yes or no' })
  })

  test('refuses what is not text', () => {
    expect(errorsOf({ status: { a: 'b' } })['status']).toBe('must be text')
    expect(errorsOf({ q: { a: 'b' } })['q']).toBe('must be text')
  })

  test('says all that is wrong at once', () => {
    expect(() => parseFilter({ page: 'x', colour: 'red' })).toThrow(
      /page: “x” is not a page number.*colour: is not a filter/,
    )
  })

  test('is the same after its address was read again', () => {
    const word = fc
      .string({ unit: 'grapheme-ascii', minLength: 1, maxLength: 40 })
      .map((text) => text.trim())
      .filter((text) => text !== '')
    const nullable = <Value>(values: fc.Arbitrary<Value>) => fc.option(values, { nil: null })
    const date = fc.constantFrom('2019', '2019-01', '2019-01-24') as fc.Arbitrary<
      NonNullable<AgreementFilter['signed_from']>
    >
    const anyFilter: fc.Arbitrary<AgreementFilter> = fc.record({
      q: nullable(word),
      status: fc.uniqueArray(fc.constantFrom(...STATUSES)),
      means: nullable(fc.constantFrom(...MEANS)),
      party: fc.uniqueArray(word),
      country: fc.uniqueArray(fc.constantFrom('SY', 'RU', 'AE', 'SU')),
      place: nullable(word),
      kind: fc.uniqueArray(fc.constantFrom(...AGREEMENT_KINDS)),
      sector: fc.uniqueArray(word),
      signed_from: nullable(date),
      signed_to: nullable(date),
      lead: nullable(word),
      contested: nullable(fc.constantFrom('yes', 'no')),
      sort: fc.constantFrom(...SORTS),
      descending: fc.boolean(),
      page: fc.integer({ min: 1, max: 9_999_999 }),
      per_page: fc.constantFrom(...PER_PAGE),
    })
    fc.assert(
      fc.property(anyFilter, (filter) => {
        expect(parseFilter(queryOf(filterQuery(filter)))).toEqual(filter)
      }),
    )
  })

  test('any query is answered or refused, never a crash', () => {
    fc.assert(
      fc.property(
        fc.dictionary(
          fc.constantFrom('q', 'status', 'country', 'sort', 'page', 'signed_to', 'x'),
          fc.oneof(fc.string({ unit: 'binary' }), fc.array(fc.string())),
        ),
        (query) => {
          errorsOf(query)
        },
      ),
    )
  })
})
