import * as fc from 'fast-check'
import { agreementForm, statusForm } from '../support/forms.ts'
import type { Names } from './addresses.ts'

/** A form as it is sent. */
export interface SentForm {
  path: string
  body: string
}

type Fields = Record<string, string | string[]>

/** Forms that are in order, each with where it is sent. */
function validForms({ references, parties, places }: Names): [path: string, fields: Fields][] {
  const said = {
    stance: 'asserts',
    status: 'annulled',
    asserted_by: 'A ministry',
    source_title: 'A paper',
    said_on: '2025',
  }
  return references.flatMap((reference): [string, Fields][] => [
    [
      '/agreements',
      agreementForm({ party_name: [parties[0] ?? 'x', parties[1] ?? 'y'], title_ar: 'ميناء', place: places[0] ?? 'x' }),
    ],
    [`/agreements/${reference}/edit`, agreementForm({ reason: 'A better source.', version: '1' })],
    [`/agreements/${reference}/status`, statusForm({ claim: ['1', '2'], confirm: 'yes' })],
    [`/agreements/${reference}/claims`, said],
    ['/claims', { ...said, agreements: references.join(' ') }],
    ['/claims', { ...said, filter: '?status=active&country=SY', previewed: 'x' }],
    ['/claims/1/settle', { reason: 'It was a misreading.', seen: '1', agreement: references }],
    ['/claims/1/tie', { reason: 'A copy.', seen: '1', repeats: '2' }],
    ['/sources', { source_title: 'A paper', source_url: 'https://example.org/a', source_published_on: '2025-02' }],
    ['/sources/1/edit', { source_title: 'A paper', reason: 'A slip.', seen: '1' }],
    [`/parties/${parties[0]}/names`, { name: 'Another name', lang: 'en' }],
    [`/agreements/${reference}/positions/1/correct`, statusForm({ what: 'replace' })],
    [`/agreements/${reference}/history/1/revert`, { reason: 'A slip.', version: '1' }],
    ['/account/password', { current: 'x', password: 'y' }],
  ])
}

const VALUES = [
  '',
  '\u0000',
  '\ufffd',
  '\u202e',
  '😀'.repeat(250),
  'x'.repeat(10_001),
  'x '.repeat(100_000),
  'a-1 '.repeat(60_000),
  '9'.repeat(400),
  '-1',
  '1e999',
  '999999999999999',
  '2019-02-30',
  '../2015',
  "' or 1=1 --",
  '=1+1',
  '{{7*7}}',
  '<img src=x onerror=alert(1)>',
  'https://[::1',
  'javascript:alert(1)',
  `?${'party=chad&'.repeat(400)}`,
]

/** Forms that are in order but for one thing: a field that holds something nasty, comes often, is missing, or is not known. */
export function anyForm(names: Names): fc.Arbitrary<SentForm> {
  const nasty = fc.oneof(fc.constantFrom(...VALUES), fc.string({ unit: 'binary', maxLength: 60 }))
  return fc.constantFrom(...validForms(names)).chain(([path, fields]) => {
    const field = fc.constantFrom(...Object.keys(fields))
    const changed = fc.oneof(
      { weight: 1, arbitrary: fc.constant<Fields>({}) },
      { weight: 6, arbitrary: fc.tuple(field, nasty).map(([name, value]): Fields => ({ [name]: value })) },
      {
        weight: 2,
        arbitrary: fc.tuple(field, nasty, fc.constantFrom(2, 20, 201, 1_500)).map(([name, value, times]): Fields => ({
          [name]: Array.from({ length: times }, (_, index) => `${value.slice(0, 200)}${index}`),
        })),
      },
      { weight: 1, arbitrary: field.map((name): Fields => ({ [name]: [] })) },
      {
        weight: 1,
        arbitrary: fc
          .tuple(fc.constantFrom('__proto__', 'constructor', 'title_zz', 'x'.repeat(400)), nasty)
          .map(([name, value]): Fields => ({ [name]: value })),
      },
    )
    return changed.map((more) => ({ path, body: bodyOf({ ...fields, ...more }) }))
  })
}

function bodyOf(fields: Fields): string {
  const pairs = Object.entries(fields).flatMap(([name, values]) =>
    [values].flat().map((value): [string, string] => [name, value.toWellFormed()]),
  )
  return new URLSearchParams(pairs).toString()
}
