import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { agreementForm } from '../support/forms.ts'
import { type Agent, startTestApp, type TestApp } from '../support/test-app.ts'

let app: TestApp
let analyst: Agent
beforeAll(async () => {
  app = await startTestApp({ seeds: true })
  analyst = await app.logIn('analyst', 'Ada')
})
afterAll(() => app.stop())

const enter = (more: Record<string, string | string[]>) =>
  analyst.post('/agreements').type('form').send(agreementForm(more))
const referenceOf = (headers: Record<string, string>) => headers['location']?.split('/').at(-1) ?? ''

describe('entering an agreement', () => {
  test('gives it a reference, a first position, a version and a history', async () => {
    const { headers } = await enter({
      title_ar: 'اتفاقية',
      title_ru: 'Соглашение',
      place: 'Ruritania harbour',
      place_kind: 'port',
      place_country: 'RO',
      lead: 'Ada',
      reason: 'Found in the gazette.',
    }).expect(303)
    const reference = referenceOf(headers)
    expect(reference).toBe('ROU-SYR-2019-1')
    const { text } = await analyst.get(`/agreements/${reference}`).expect(200)
    for (const shown of [
      'Agreement on the port of Ruritania',
      'اتفاقية',
      'Соглашение',
      'Kingdom of Ruritania',
      'Ruritania harbour',
      'lessee',
      'Jan 2019',
      'Active',
    ]) {
      expect(text).toContain(shown)
    }
    const { db } = app.context
    const agreement = await db.read
      .selectFrom('agreements')
      .selectAll()
      .where('reference', '=', reference)
      .executeTakeFirstOrThrow()
    expect(agreement).toMatchObject({
      version: 1,
      status: 'active',
      status_since: '2019-01',
      countries: 'RO; SY',
      place_names: 'Ruritania harbour',
      original_title: 'اتفاقية',
    })
    const versions = await db.read
      .selectFrom('agreement_versions')
      .selectAll()
      .where('agreement_id', '=', agreement.id)
      .execute()
    expect(versions).toMatchObject([{ version: 1, title: 'Agreement on the port of Ruritania', recorded_to: null }])
    const changes = await db.read.selectFrom('changes').selectAll().where('agreement', '=', agreement.id).execute()
    expect(changes).toMatchObject([{ kind: 'agreement_created', version: 1, reason: 'Found in the gazette.' }])
    expect(JSON.parse(changes[0]?.after ?? '')).toMatchObject({
      reference,
      parties: ['Kingdom of Ruritania (lessee)', 'Syrian Arab Republic (lessor)'],
      place: ['Ruritania harbour'],
      title_ar: 'اتفاقية',
    })
  })

  test('numbers agreements of the same states and year, and says ND where the year is not known', async () => {
    expect(referenceOf((await enter({}).expect(303)).headers)).toBe('ROU-SYR-2019-2')
    expect(referenceOf((await enter({ signed_on: '', status_since: '2020' }).expect(303)).headers)).toBe('ROU-SYR-ND-1')
  })

  test('finds parties and places that are there, in any script', async () => {
    const before = await app.context.db.read
      .selectFrom('parties')
      .select(({ fn }) => fn.countAll().as('count'))
      .executeTakeFirstOrThrow()
    const { headers } = await enter({
      party_name: ['Сирия', 'Россия'],
      party_country: ['SY', 'RU'],
      place: 'حميميم',
    }).expect(303)
    const { text } = await analyst.get(headers['location'] ?? '')
    expect(text).toContain('/parties/syrian-arab-republic')
    expect(text).toContain('/places/hmeimim-air-base')
    expect(
      await app.context.db.read
        .selectFrom('parties')
        .select(({ fn }) => fn.countAll().as('count'))
        .executeTakeFirstOrThrow(),
    ).toEqual(before)
  })

  test('asks when a new name sounds like one of the directory, and does as it is told', async () => {
    const form = { party_name: ['Kingdom of Ruretania', 'Syria'], place: 'Tortous' }
    const { text } = await enter(form).expect(422)
    expect(text).toContain('may mean “Kingdom of Ruritania”')
    expect(text).toContain('It is another, new party')
    const { text: second } = await enter({ ...form, party_choice: ['Kingdom of Ruritania', ''] }).expect(422)
    expect(second).toContain('“Tortous” may mean')
    const { headers } = await enter({
      ...form,
      party_choice: ['Kingdom of Ruritania', ''],
      place_choice: 'new',
    }).expect(303)
    const { text: dossier } = await analyst.get(headers['location'] ?? '')
    expect(dossier).toContain('>Kingdom of Ruritania</a>')
    expect(dossier).toContain('>Tortous</a>')
  })

  test('asks which place is meant when several have the name', async () => {
    const { text } = await enter({ place: 'Tartus' }).expect(422)
    expect(text).toContain('“Tartus” may mean “Tartus commercial port”, “Tartus naval facility”')
    const { headers } = await enter({ place: 'Tartus', place_choice: 'Tartus naval facility' }).expect(303)
    expect((await analyst.get(headers['location'] ?? '')).text).toContain('/places/tartus-naval-facility')
  })

  test('can begin with another status and its means', async () => {
    const { headers } = await enter({ status: 'annulled', means: 'expired', status_since: '2024' }).expect(303)
    expect((await analyst.get(headers['location'] ?? '')).text).toContain('expired, with effect from 2024')
  })

  test.each([
    ['title', { title: '' }, 'Give the agreement a title'],
    ['kind', { kind: 'pact' }, '“pact” is not a kind'],
    ['signed_on', { signed_on: '2019-02-30' }, '“2019-02-30” is not a date'],
    ['signed_on', { signed_on: ['2019', '2020'] }, 'given more than once'],
    ['expires_on', { expires_on: '2018' }, 'ends before it was signed'],
    ['value_amount', { value_amount: 'much' }, '“much” is not an amount'],
    ['value_currency', { value_amount: '5' }, 'Give the currency'],
    ['value_currency', { value_currency: 'dollars' }, 'ISO 4217'],
    ['party_name', { party_name: 'Alone' }, 'at least two parties'],
    ['party_name', { party_name: ['Syria', 'Сирия'], party_country: ['SY', 'SY'] }, 'is named twice'],
    ['party_type', { party_type: ['state', 'club'] }, 'Choose what each party is'],
    ['party_country', { party_country: ['ZZ', 'SY'] }, '“ZZ” is not a country code'],
    ['means', { means: 'denounced' }, 'denounced is not a means of Active'],
    ['status_since', { signed_on: '' }, 'Give the day since which it stands so'],
    [
      'relation_reference',
      { relation_kind: 'amends', relation_reference: 'RUS-SYR-1900-1' },
      'There is no agreement RUS-SYR-1900-1',
    ],
    ['note_url', { note_value: 'x', note_url: 'javascript:alert(1)' }, 'must be a web address'],
    ['summary', { summary: 'x'.repeat(10_001) }, 'is 10,001 characters long'],
    ['title', { title: 'a\u0000b' }, 'control character'],
    ['title', { title: 'a\u202eb' }, 'direction override'],
    ['', { colour: 'red' }, 'Unknown field colour'],
  ])('refuses a wrong %s beside the field, with everything typed', async (field, more, message) => {
    const { text } = await enter({ summary: 'What I typed stays.', ...more }).expect(422)
    expect(text).toContain(message)
    expect(text).toContain('<title>Error: New agreement')
    if (!('summary' in more)) expect(text).toContain('What I typed stays.')
    if (field !== '') expect(text).toMatch(/class="error-summary"[\s\S]*href="#\w+"/)
  })

  test('a first position in the future is asked about', async () => {
    expect((await enter({ status_since: '2099' }).expect(422)).text).toContain('2099 is in the future')
    await enter({ status_since: '2099', confirm: 'yes' }).expect(303)
  })

  test('a year of expiry is not before a day in it', async () => {
    await enter({ signed_on: '2019-03-24', expires_on: '2019' }).expect(303)
  })

  test('another type or country for a party of the directory is not dropped, but refused', async () => {
    const zed = (type: string, country: string) =>
      enter({ party_name: ['Zed Works', 'Syria'], party_type: [type, 'state'], party_country: [country, 'SY'] })
    await zed('company', '').expect(303)
    expect((await zed('bank', '').expect(422)).text).toContain('“Zed Works” is in the directory as Company')
    expect((await zed('company', 'RU').expect(422)).text).toContain('“Zed Works” is in the directory without a country')
    const wye = (country: string) =>
      enter({ party_name: ['Wye Works', 'Syria'], party_type: ['company', 'state'], party_country: [country, 'SY'] })
    await wye('RU').expect(303)
    await wye('RO').expect(303)
    expect((await wye('').expect(422)).text).toContain('“Wye Works” is in the directory in several countries')
  })

  test('a relation that is entered twice is taken once', async () => {
    const { headers } = await enter({
      relation_kind: ['amends', 'follows', 'amends'],
      relation_reference: ['RUS-SYR-2019-1', 'RUS-SYR-2019-1', 'rus-syr-2019-1 '],
    }).expect(303)
    const reference = headers['location']?.split('/').at(-1) ?? ''
    const relations = await app.context.db.read
      .selectFrom('agreement_relations')
      .innerJoin('agreements', 'agreements.id', 'agreement_id')
      .select('agreement_relations.kind')
      .where('reference', '=', reference)
      .orderBy('agreement_relations.kind')
      .execute()
    expect(relations.map(({ kind }) => kind)).toEqual(['amends', 'follows'])
  })

  test('a refused entry leaves nothing behind, not even its new parties', async () => {
    const revision = await app.context.db.revision()
    await enter({
      party_name: ['Grand Duchy of Nowhere', 'Syria'],
      relation_kind: 'amends',
      relation_reference: 'AAA-BBB-1900-1',
    }).expect(422)
    expect(await app.context.db.revision()).toBe(revision)
    expect((await analyst.get('/parties?q=Nowhere')).text).toContain('No party here')
  })

  test('is for analysts: a reader is refused, a stranger asked to log in', async () => {
    const reader = await app.logIn('reader')
    await reader.post('/agreements').type('form').send(agreementForm()).expect(403)
    await app.reader.post('/agreements').type('form').send(agreementForm()).expect(401)
    const { headers } = await app.reader.get('/agreements/new').expect(303)
    expect(headers['location']).toBe('/login?next=%2Fagreements%2Fnew')
    expect((await reader.get('/agreements')).text).not.toContain('New agreement')
  })
})
