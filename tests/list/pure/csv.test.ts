import { parse } from 'csv-parse/sync'
import { expect, test } from 'vitest'
import { AGREEMENT_CSV_COLUMNS, AGREEMENT_CSV_HEADING, agreementsCsv } from '../../../src/list/csv.ts'
import { NOW } from '../../../src/time/moment.ts'
import type { ListedAgreement } from '../../../src/standing/mention.ts'

const row = {
  id: 7,
  reference: 'RUS-SYR-2019-1',
  title: 'Port, "Tartus"',
  original_title: null,
  original_title_lang: null,
  status: 'reassigned',
  means: 're_awarded',
  status_since: '2025-07-13',
  contested: 1,
  kind: 'concession_or_lease',
  sector: 'ports',
  place_names: 'Tartus commercial port',
  party_names: 'A; B',
  countries: 'RU; SY',
  signed_on: '2019',
  in_force_on: '2019-02',
  expires_on: '2068',
  value_amount: 500_000_000,
  value_currency: 'USD',
  lead: 'Ada',
  next_review_on: '2027-03-01',
  summary: '=1+1',
  version: 4,
  updated_at: '2026-11-23T12:00:00.000Z',
} as ListedAgreement

test('a row has a value under each column of the contract', () => {
  const text =
    AGREEMENT_CSV_HEADING + agreementsCsv([row, { ...row, contested: 0, means: null }], 'https://register.example', NOW)
  const rows = parse(text, { columns: true }) as Record<string, string>[]
  expect(rows).toEqual([
    {
      reference: 'RUS-SYR-2019-1',
      title: 'Port, "Tartus"',
      status: 'reassigned',
      means: 're_awarded',
      status_since: '2025-07-13',
      contested: 'yes',
      kind: 'concession_or_lease',
      sector: 'ports',
      place: 'Tartus commercial port',
      parties: 'A; B',
      countries: 'RU; SY',
      signed_on: '2019',
      in_force_on: '2019-02',
      expires_on: '2068',
      value_amount: '500000000',
      value_currency: 'USD',
      lead: 'Ada',
      next_review_on: '2027-03-01',
      summary: "'=1+1",
      version: '4',
      updated_at: '2026-11-23T12:00:00.000Z',
      url: 'https://register.example/agreements/RUS-SYR-2019-1',
    },
    expect.objectContaining({ contested: 'no', means: '' }),
  ])
  expect(Object.keys(rows[0] ?? {})).toEqual([...AGREEMENT_CSV_COLUMNS])
})

test('no rows are no text', () => expect(agreementsCsv([], 'https://register.example', NOW)).toBe(''))
