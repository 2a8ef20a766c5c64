import { describe, expect, test } from 'vitest'
import { exportList } from '../../../src/cli/export.ts'
import { AppError } from '../../../src/errors.ts'
import { asksForMore } from '../../../src/list/conditions.ts'
import { DEFAULT_FILTER, filterQuery, parseFilter } from '../../../src/list/filter.ts'
import { chips } from '../../../src/list/page.ts'
import { FILTER_NAMES, PARAMETERS } from '../../../src/list/parameters.ts'

const ALL = {
  q: 'Tartus',
  status: ['active', 'annulled'],
  means: 'terminated',
  party: ['dp-world', 'stg'],
  country: ['RU', 'SY'],
  place: 'tartus',
  kind: ['loan', 'treaty'],
  sector: ['ports', 'energy'],
  signed_from: '2019-01',
  signed_to: '2025-07-13',
  lead: 'Ada',
  contested: 'yes',
  sort: 'title',
  page: '3',
  per_page: '200',
}

describe('the parameters of the list', () => {
  test('are said in the order of the table', () => {
    const names = [...new Set(new URLSearchParams(filterQuery(parseFilter(ALL))).keys())]
    expect(names).toEqual(Object.keys(PARAMETERS).filter((name) => name in ALL))
  })

  test('have a chip for each value, in the same order', () => {
    expect(chips(parseFilter(ALL), '/agreements').map(({ label }) => label)).toEqual([
      'Search: Tartus',
      'Status: Active',
      'Status: Annulled',
      'Means: terminated',
      'Party: dp-world',
      'Party: stg',
      'Country: Russia',
      'Country: Syria',
      'Place: tartus',
      'Kind: Loan',
      'Kind: Treaty',
      'Sector: ports',
      'Sector: energy',
      'Signed since Jan 2019',
      'Signed until 13 Jul 2025',
      'Lead: Ada',
      'Contested',
    ])
    expect(chips(parseFilter({ contested: 'no' }), '/').map(({ label }) => label)).toEqual(['Not contested'])
    expect(chips(DEFAULT_FILTER, '/agreements')).toEqual([])
  })

  test('have chips that lead to the list without that value, and nothing else changed', () => {
    const filter = parseFilter({ status: ['active', 'annulled'], q: 'port', sort: 'title' })
    expect(chips(filter, '/agreements/timeline').map(({ href }) => href)).toEqual([
      '/agreements/timeline?status=active&status=annulled&sort=title',
      '/agreements/timeline?q=port&status=annulled&sort=title',
      '/agreements/timeline?q=port&status=active&sort=title',
    ])
  })

  test.each(FILTER_NAMES)('%s is taken twice only if it may repeat', (name) => {
    const twice = [ALL[name]].flat()
    const given = twice.length > 1 ? twice : [...twice, ...twice]
    const read = () => parseFilter({ [name]: given })[name]
    if (PARAMETERS[name].repeats) expect(read()).toEqual(given)
    else expect(read).toThrow(AppError)
  })

  test.each(FILTER_NAMES)('%s says whether it asks for more than standings have', (name) => {
    const asks = ['signed_from', 'signed_to', 'lead'].includes(name)
    expect(asksForMore(parseFilter({ [name]: ALL[name] }))).toBe(asks)
    expect(asksForMore(DEFAULT_FILTER)).toBe(false)
  })

  test('are the options of the export, but for pages', () => {
    const filters = Object.keys(exportList.options).filter((option) => option in PARAMETERS)
    expect(filters).toEqual(Object.keys(PARAMETERS).filter((name) => name !== 'page' && name !== 'per_page'))
  })
})
