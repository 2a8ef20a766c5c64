import { describe, expect, test } from 'vitest'
import { agreementEntry, newAgreement } from '../../../src/agreements/entry.ts'
import { createForm, editForm } from '../../../src/agreements/form.ts'
import { faults } from '../../support/entries.ts'
import { agreementForm } from '../../support/forms.ts'

const PARTIES = [
  { name: 'Kingdom of Ruritania', type: 'state', country: 'ROU', role: 'lessee' },
  { name: 'Syrian Arab Republic', type: 'state', country: 'SY', role: 'lessor' },
]
const PORT = { title: 'Agreement on the port of Ruritania', kind: 'treaty', signed_on: '2019-01', parties: PARTIES }
const ACTIVE = { status: 'active', effective_on: '2019-01' }

describe('what an agreement may hold', () => {
  test('is its facts, and what belongs to it', () => {
    const entry = agreementEntry.parse({
      ...PORT,
      value_amount: 500_000_000,
      value_currency: 'usd',
      titles: { ar: 'اتفاقية الميناء', ru: '' },
      places: [
        { name: 'Tartus', kind: 'port', country: 'SYR' },
        { name: 'Damascus', role: 'signed_at' },
      ],
      relations: [{ kind: 'amends', reference: 'RUS-SYR-2017-1' }],
      notes: [{ field: 'term', value: '49 years\r\nand 25 more', url: 'https://gazette.example/1' }],
    })
    expect(entry.facts).toMatchObject({
      title: PORT.title,
      title_is_descriptive: 0,
      signed_on: '2019-01',
      value_amount: 500_000_000,
      value_currency: 'USD',
      summary: null,
    })
    expect(entry.titles).toEqual([{ lang: 'ar', title: 'اتفاقية الميناء', note: null }])
    expect(entry.parties.map(({ country }) => country)).toEqual(['RO', 'SY'])
    expect(entry.places).toEqual([
      { name: 'Tartus', kind: 'port', country: 'SY', role: 'concerns' },
      { name: 'Damascus', kind: 'other', country: null, role: 'signed_at' },
    ])
    expect(entry.relations).toEqual([{ kind: 'amends', reference: 'RUS-SYR-2017-1' }])
    expect(entry.notes).toEqual([
      { field: 'term', value: '49 years\nand 25 more', url: 'https://gazette.example/1', note: null },
    ])
  })

  test.each([
    [{ title: '' }, 'title: Give the agreement a title'],
    [{ title_is_descriptive: 'yes' }, 'title_is_descriptive: must be true or false'],
    [{ kind: 'pact' }, /^kind: “pact” is not a kind/],
    [{ sector: 12 }, 'sector: must be text'],
    [{ signed_on: '2019-02-30' }, /^signed_on: “2019-02-30” is not a date/],
    [{ in_force_on: 'soon' }, /^in_force_on: “soon” is not a date/],
    [{ next_review_on: 2030 }, 'next_review_on: must be text'],
    [{ expires_on: '2018' }, 'expires_on: It ends before it was signed: check both days'],
    [{ value_amount: -1 }, 'value_amount: is not an amount: give a number such as 500000000'],
    [{ value_amount: '500' }, 'value_amount: is not an amount: give a number such as 500000000'],
    [{ value_amount: 500 }, 'value_currency: Give the currency of the value, such as USD'],
    [{ value_currency: 'dollar' }, /^value_currency: “dollar” is not a currency/],
    [{ summary: '\u202eabc' }, /^summary: holds an invisible direction override/],
    [{ lead: 'x'.repeat(501) }, /^lead: is 501 characters long/],
    [{ titles: { ar: 5 } }, 'titles.ar: must be text'],
    [{ titles: { Arabic: 'x' } }, /^titles\.Arabic: .*language/],
    [{ titles: ['x'] }, 'titles: must be titles by language'],
    [{ parties: 'Ruritania' }, 'parties: must be a list'],
    [{ parties: PARTIES.slice(1) }, 'parties: Name at least two parties'],
    [{ parties: [...PARTIES, {}] }, 'parties.2.name: Give each party a name'],
    [{ parties: [...PARTIES, { name: 'A', type: 'club' }] }, /^parties\.2\.type: Choose what each party is/],
    [{ parties: [...PARTIES, { name: 'A', type: 'bank', country: 'QQ' }] }, /^parties\.2\.country: “QQ” is not/],
    [{ parties: [...PARTIES, { name: 'A', type: 'bank', size: 1 }] }, 'parties.2: Unknown field size: leave it out'],
    [{ places: [{ kind: 'port' }] }, 'places.0.name: Give each place a name'],
    [{ places: [{ name: 'A', country: 'QQ' }] }, /^places\.0\.country: “QQ” is not/],
    [{ places: [{ name: 'A', role: 'near' }] }, /^places\.0\.role: “near” is not what a place is/],
    [{ relations: [{ kind: 'likes', reference: 'RUS-SYR-2019-1' }] }, /^relations\.0\.kind: Choose how RUS-SYR-2019-1/],
    [{ relations: [{ kind: 'amends' }] }, /^relations\.0\.reference: Give the reference/],
    [{ notes: [{ value: ' ' }] }, 'notes.0.value: Give what the note says'],
    [{ notes: [{ value: 'x', url: 'gazette' }] }, /^notes\.0\.url: A note’s source must be a web address/],
    [{ colour: 'red' }, ': Unknown field colour: leave it out'],
  ])('is not %j', (wrong, told) => {
    expect(faults(agreementEntry, { ...PORT, ...wrong })).toEqual([
      typeof told === 'string' ? told : expect.stringMatching(told),
    ])
  })

  test('is without parties only in an edit, which leaves them as they are', () => {
    const { parties: _parties, ...rest } = PORT
    expect(agreementEntry.parse(rest).parties).toEqual([])
    expect(faults(newAgreement, { agreement: rest, position: ACTIVE })).toEqual([
      'agreement.parties: Name at least two parties',
    ])
  })
})

describe('where a new agreement may stand', () => {
  test.each([
    [{ effective_on: '2019' }, /^position\.status: Choose a status/],
    [{ status: 'active' }, 'position.effective_on: Give the day since which it stands so, or the day of signature'],
    [{ ...ACTIVE, means: 'joint_review' }, /^position\.means: .* is not a means of Active/],
    [{ ...ACTIVE, reason: 5 }, 'position.reason: must be text'],
  ])('is not %j', (position, told) => {
    expect(faults(newAgreement, { agreement: PORT, position })).toEqual([
      typeof told === 'string' ? told : expect.stringMatching(told),
    ])
  })
})

describe('a form', () => {
  const form = agreementForm({
    value_amount: '500,000',
    value_currency: 'USD',
    title_ar: 'اتفاقية الميناء',
    place: 'Tartus',
    place_kind: 'port',
    signed_at: 'Damascus',
    relation_kind: 'amends',
    relation_reference: 'RUS-SYR-2017-1',
    note_value: ['', '49 years'],
    note_url: ['', 'https://gazette.example/1'],
  })
  const object = {
    ...PORT,
    sector: 'ports',
    parties: PARTIES.map((party, index) => ({ ...party, country: ['RO', 'SY'][index] })),
    value_amount: 500_000,
    value_currency: 'USD',
    titles: { ar: 'اتفاقية الميناء' },
    places: [
      { name: 'Tartus', kind: 'port' },
      { name: 'Damascus', kind: 'city', role: 'signed_at' },
    ],
    relations: [{ kind: 'amends', reference: 'RUS-SYR-2017-1' }],
    notes: [{ value: '49 years', url: 'https://gazette.example/1' }],
  }

  test('gives the same entry as an object of the same content', () => {
    const { agreement, position } = newAgreement.parse({ agreement: object, position: ACTIVE })
    expect(createForm.parse(form)).toEqual({ entry: agreement, position, confirmed: false })
    expect(editForm.parse({ ...form, version: '2' }).entry).toEqual(agreementEntry.parse(object))
  })

  test('is told what is wrong in its own fields', () => {
    const wrong = agreementForm({
      signed_on: '',
      means: 'joint_review',
      value_amount: '5',
      party_type: ['club', 'state'],
      party_country: ['QQ', 'SY'],
      place: 'A',
      place_country: 'QQ',
      relation_reference: 'RUS-SYR-2017-1',
      note_value: 'x',
      note_url: 'x',
    })
    expect(faults(createForm, wrong).map((fault) => fault.split(':')[0])).toEqual([
      'party_type',
      'party_country',
      'value_currency',
      'place_country',
      'relation_kind',
      'note_url',
      'means',
      'status_since',
    ])
  })

  test.each([{ party_name: 'One' }, { party_name: [], version: '1' }])('needs two parties: %j', (parties) => {
    expect(faults(createForm, agreementForm(parties))).toEqual(['party_name: Name at least two parties'])
  })
})
