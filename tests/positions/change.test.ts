import { describe, expect, test } from 'vitest'
import { type Status, STATUSES } from '../../src/words/status.ts'
import { TRANSITIONS, transitionsFrom } from '../../src/positions/workflow.ts'
import { bringIntoEffect } from '../../src/positions/take-effect.ts'
import { agreementRow } from '../support/asked.ts'
import { type Desk, enterAgreement, openDesk, ownDesk } from '../support/desk.ts'
import { statusForm } from '../support/forms.ts'
import type { Fields } from '../support/test-app.ts'

/** Agreements that stand in a status, and changing it. */
const changesAt = (desk: Desk) => ({
  enter: (status: Status) => enterAgreement(desk.ada, { status, means: '' }),
  change: (reference: string, more: Fields) =>
    desk.ada.post(`/agreements/${reference}/status`).type('form').send(statusForm(more)),
  row: (reference: string) => agreementRow(desk.app, reference),
})
const desk = openDesk()
const { enter, change, row } = changesAt(desk)

const EVIDENCE = {
  source_title: 'Gazette 12',
  source_url: 'https://gazette.example/12',
  source_published_on: '2026-11',
  asserted_by: 'The ministry',
}

describe('changing a status', () => {
  test.each(TRANSITIONS)('$label: from $from to $to', async ({ from, to, needs }) => {
    const reference = await enter(from)
    expect((await desk.ada.get(`/agreements/${reference}`)).text).toContain(`status?to=${to}`)
    const evidence = needs.includes('evidence') ? EVIDENCE : {}
    const successor = needs.includes('successor') ? { taken_over_by: 'ARE-SYR-2025-2' } : {}
    await change(reference, { status: to, means: '', ...evidence, ...successor }).expect(303)
    expect(await row(reference)).toMatchObject({ status: to, means: null, status_since: '2026-11-01', version: 2 })
  })

  test('the dossier offers exactly the moves of the table', async () => {
    for (const status of STATUSES) {
      const { text } = await desk.ada.get(`/agreements/${await enter(status)}`)
      const offered = [...text.matchAll(/status\?to=(\w+)">([^<]+)</g)].map(([, to, label]) => `${to} ${label}`)
      expect(offered).toEqual([
        ...transitionsFrom(status).map(({ to, label }) => `${to} ${label}`),
        `${status} Change means`,
      ])
    }
  })

  test('the form is not opened for a status or a parameter that is none', async () => {
    expect((await desk.ada.get('/agreements/RUS-SYR-2019-1/status?to=zzz').expect(400)).text).toContain(
      'is not a status',
    )
    await desk.ada.get('/agreements/RUS-SYR-2019-1/status?status=annulled').expect(400)
  })

  test('any other move is refused with a sentence that says what is allowed', async () => {
    const reference = await enter('reassigned')
    const { text } = await change(reference, { status: 'active', means: '' }).expect(422)
    expect(text).toContain(
      'Active is not possible. From Reassigned it can become Under review (Reopen), Annulled (Annul), or stay Reassigned by other means.',
    )
    expect(await row(reference)).toMatchObject({ status: 'reassigned', version: 1 })
  })

  test('the same status by other means is a position too, by the same means is not', async () => {
    const reference = await enter('active')
    await change(reference, { status: 'active', means: 'in_force' }).expect(303)
    expect(await row(reference)).toMatchObject({ status: 'active', means: 'in_force' })
    expect((await change(reference, { status: 'active', means: 'in_force', version: '2' }).expect(422)).text).toContain(
      'already',
    )
  })

  test('records the position with its claim, closes the version, writes the history', async () => {
    const own = await ownDesk()
    const { enter, change, row } = changesAt(own)
    const reference = await enter('active')
    own.app.clock.set('2026-11-24T08:00:00.000Z')
    await change(reference, {
      status: 'annulled',
      means: 'terminated',
      reason: 'Notice was given.',
      ...EVIDENCE,
    }).expect(303)
    const { db } = own.app.context
    const { id } = await row(reference)
    const position = await db.read
      .selectFrom('positions')
      .selectAll()
      .where('agreement_id', '=', id)
      .orderBy('id', 'desc')
      .executeTakeFirstOrThrow()
    expect(position).toMatchObject({
      status: 'annulled',
      means: 'terminated',
      effective_on: '2026-11-01',
      effective_day: '2026-11-01',
      reason: 'Notice was given.',
      recorded_at: '2026-11-24T08:00:00.000Z',
      superseded_at: null,
    })
    const claim = await db.read
      .selectFrom('position_claims')
      .innerJoin('claims', 'claims.id', 'claim_id')
      .innerJoin('sources', 'sources.id', 'source_id')
      .selectAll()
      .where('position_id', '=', position.id)
      .executeTakeFirstOrThrow()
    expect(claim).toMatchObject({
      asserted_by: 'The ministry',
      stance: 'asserts',
      status: 'annulled',
      said_on: '2026-11',
      title: 'Gazette 12',
      url: 'https://gazette.example/12',
    })
    const versions = await db.read
      .selectFrom('agreement_versions')
      .select(['version', 'status', 'recorded_from', 'recorded_to'])
      .where('agreement_id', '=', id)
      .orderBy('version')
      .execute()
    expect(versions).toEqual([
      {
        version: 1,
        status: 'active',
        recorded_from: '2026-11-23T12:00:00.000Z',
        recorded_to: '2026-11-24T08:00:00.000Z',
      },
      { version: 2, status: 'annulled', recorded_from: '2026-11-24T08:00:00.000Z', recorded_to: null },
    ])
    const { text } = await own.app.reader.get(`/agreements/${reference}/history`).expect(200)
    expect(text).toContain('<bdi>moved the status from Active to Annulled, with effect from 1 Nov 2026</bdi>')
    expect(text).toContain('On: Gazette 12, https://gazette.example/12')
    expect(text).toContain('Why: Notice was given.')
  })

  test('rests on claims that are there, of this agreement only', async () => {
    const own = await ownDesk()
    const { change, row } = changesAt(own)
    const { db } = own.app.context
    const port = await row('RUS-SYR-2017-2')
    const claims = await db.read
      .selectFrom('claim_agreements')
      .select('claim_id')
      .where('agreement_id', '=', port.id)
      .execute()
    const foreign = await db.read
      .selectFrom('claim_agreements')
      .select('claim_id')
      .where('agreement_id', '!=', port.id)
      .orderBy('claim_id', 'desc')
      .executeTakeFirstOrThrow()
    const form = { status: 'annulled', means: 'denounced', version: String(port.version) }
    expect((await change(port.reference, { ...form, claim: String(foreign.claim_id) }).expect(422)).text).toContain(
      'is not about RUS-SYR-2017-2',
    )
    expect((await change(port.reference, { ...form, claim: 'x' }).expect(422)).text).toContain('“x” is not a claim')
    await change(port.reference, { ...form, claim: claims.slice(0, 2).map(({ claim_id }) => String(claim_id)) }).expect(
      303,
    )
    const { text } = await own.ada.get(`/agreements/${port.reference}`)
    expect(text).toContain('Recorded by <bdi>Ada</bdi>, 23 Nov 2026, 12:00 UTC, on 2 sources:')
  })

  test('an agreement is not contested by the very claim that its position rests on', async () => {
    const reference = await enter('active')
    await change(reference, { status: 'annulled', means: '', ...EVIDENCE }).expect(303)
    expect(await row(reference)).toMatchObject({ status: 'annulled', contested: 0 })
    expect((await desk.app.reader.get(`/agreements.csv?q=${reference}`)).text).toContain(',annulled,,2026-11-01,no,')
  })

  test('a source without an address is another one when its day is', async () => {
    const reference = await enter('active')
    const source = { source_title: 'Daily briefing', source_publisher: 'SANA', asserted_by: 'A' }
    await change(reference, { ...source, source_published_on: '2026-10-01' }).expect(303)
    await change(reference, {
      status: 'active',
      means: 'confirmed',
      effective_on: '2026-11-02',
      version: '2',
      ...source,
      source_published_on: '2026-10-02',
    }).expect(303)
    const sources = await desk.app.context.db.read
      .selectFrom('sources')
      .select('published_on')
      .where('title', '=', 'Daily briefing')
      .execute()
    expect(sources.map(({ published_on }) => published_on)).toEqual(['2026-10-01', '2026-10-02'])
  })

  test('a source of a known address is used again; without a speaker no claim is made of it', async () => {
    const reference = await enter('active')
    const { url } = await desk.app.context.db.read
      .selectFrom('sources')
      .select('url')
      .where('url', 'is not', null)
      .executeTakeFirstOrThrow()
    const before = await desk.app.context.db.read.selectFrom('sources').select('id').execute()
    await change(reference, { status: 'annulled', means: '', source_url: url ?? '' }).expect(303)
    expect(await desk.app.context.db.read.selectFrom('sources').select('id').execute()).toHaveLength(before.length)
    expect((await desk.ada.get(`/agreements/${reference}`)).text).toContain('Nobody’s claim is recorded yet')
  })

  test('a reassignment names the new party, who then takes part', async () => {
    const reference = await enter('annulled')
    await change(reference, {
      status: 'reassigned',
      means: 're_awarded',
      ...EVIDENCE,
      new_party_name: 'Harbour Nine',
      new_party_type: 'company',
      new_party_country: 'AE',
    }).expect(303)
    expect(await row(reference)).toMatchObject({
      countries: 'RO; SY; AE',
      party_names: 'Kingdom of Ruritania; Syrian Arab Republic; Harbour Nine',
    })
    expect((await desk.ada.get('/agreements?q=Harbour Nine')).text).toContain(reference)
    const version = await desk.app.context.db.read
      .selectFrom('agreement_versions')
      .select('parts')
      .where('status', '=', 'reassigned')
      .orderBy('recorded_from', 'desc')
      .where('party_names', 'like', '%Harbour%')
      .executeTakeFirstOrThrow()
    expect(version.parts).toContain('Harbour Nine')
  })

  test.each([
    ['claim', { status: 'annulled', means: '' }, 'choose at least one claim or enter a source'],
    [
      'new_party_name',
      { status: 'reassigned', means: '', ...EVIDENCE },
      'Name the new party, or the agreement that takes over',
    ],
    [
      'taken_over_by',
      { status: 'reassigned', means: '', ...EVIDENCE, taken_over_by: 'AAA-BBB-1900-1' },
      'There is no agreement AAA-BBB-1900-1',
    ],
    [
      'new_party_type',
      { status: 'reassigned', means: '', ...EVIDENCE, new_party_name: 'X Co' },
      'Choose what each party is',
    ],
    ['taken_over_by', { taken_over_by: 'ARE-SYR-2025-2' }, 'Belongs to Reassigned only'],
    ['status', { status: 'lost' }, '“lost” is not a status'],
    ['status', { status: '' }, 'Choose a status'],
    ['means', { means: 'denounced' }, 'denounced is not a means of Under review'],
    ['effective_on', { effective_on: '' }, 'Give the day since which it is so'],
    ['effective_on', { effective_on: '2026-02-30' }, '“2026-02-30” is not a date'],
    ['reason', { reason: '   ' }, 'Say why'],
    ['source_url', { source_url: 'javascript:alert(1)' }, 'is not a web address'],
    ['source_url', { source_url: `https://x.example/${'x'.repeat(10_000)}` }, 'characters long'],
    ['source_title', { asserted_by: 'Somebody' }, 'Give the source’s title, publisher or address'],
    ['version', { version: '' }, 'open the form again'],
    ['', { colour: 'red' }, 'Unknown field colour'],
  ])('a wrong %s is a 422 with everything typed', async (field, more, message) => {
    const reference = await enter('active')
    const { text } = await change(reference, { reason: 'What I typed stays.', ...more }).expect(422)
    expect(text).toContain(message)
    if (!('reason' in more)) expect(text).toContain('What I typed stays.')
    if (field !== '') expect(text).toContain(`<a href="#${field}">`)
    expect(await row(reference)).toMatchObject({ status: 'active', version: 1 })
  })

  test('a refusal leaves no source and no party behind', async () => {
    const reference = await enter('active')
    const revision = await desk.app.context.db.revision()
    await change(reference, { status: 'reassigned', means: '', ...EVIDENCE, taken_over_by: 'AAA-BBB-1900-1' }).expect(
      422,
    )
    expect(await desk.app.context.db.revision()).toBe(revision)
  })

  test('whoever comes second sees what the first one did, and keeps what was typed', async () => {
    const reference = await enter('active')
    await desk.boris
      .post(`/agreements/${reference}/status`)
      .type('form')
      .send(statusForm({ reason: 'Boris was faster.' }))
      .expect(303)
    const { text } = await change(reference, {
      status: 'annulled',
      means: 'terminated',
      reason: 'My long reason.',
      ...EVIDENCE,
    }).expect(409)
    expect(text).toContain('<bdi>Boris</bdi>')
    expect(text).toContain('moved the status from Active to Under review')
    expect(text).toContain('My long reason.')
    expect(text).toContain('name="version" value="2"')
    expect(await row(reference)).toMatchObject({ status: 'under_review', version: 2 })
  })

  test('of two at the very same time one is recorded and one is told', async () => {
    const reference = await enter('active')
    const answers = await Promise.all([change(reference, {}), change(reference, { reason: 'The other.' })])
    expect(answers.map(({ status }) => status).toSorted((a, b) => a - b)).toEqual([303, 409])
    expect(await row(reference)).toMatchObject({ version: 2 })
  })
})

describe('a day of effect that is unusual', () => {
  test('in the future is asked about, recorded when confirmed, and takes effect on its day', async () => {
    const own = await ownDesk()
    const { enter, change, row } = changesAt(own)
    const reference = await enter('active')
    expect((await change(reference, { effective_on: '2027-01-01' }).expect(422)).text).toContain(
      '1 Jan 2027 is in the future',
    )
    await change(reference, { effective_on: '2027-01-01', confirm: 'yes' }).expect(303)
    expect(await row(reference)).toMatchObject({ status: 'active', status_since: '2020' })
    expect((await own.ada.get(`/agreements/${reference}/history`)).text).toContain(
      'recorded the position Under review (joint review) from 1 Jan 2027; the status stays as it is',
    )

    expect(await bringIntoEffect(own.app.context)).toBe(0)
    own.app.clock.set('2027-01-01T00:10:00.000Z')
    expect(await bringIntoEffect(own.app.context)).toBe(1)
    expect(await row(reference)).toMatchObject({ status: 'under_review', status_since: '2027-01-01', version: 3 })
    expect((await own.ada.get(`/agreements/${reference}/history`)).text).toContain(
      'brought the position Under review into effect on its day',
    )
    expect(await bringIntoEffect(own.app.context)).toBe(0)
  })

  test('of a claim contests from that day on, also where the list was asked for before the program noticed the day', async () => {
    const own = await ownDesk()
    const { enter } = changesAt(own)
    const reference = await enter('active')
    const claim = { stance: 'asserts', status: 'annulled', effective_on: '2026-12-01', said_on: '2027-01-01' }
    await own.ada
      .post(`/agreements/${reference}/claims`)
      .type('form')
      .send({ ...EVIDENCE, ...claim })
      .expect(303)
    const listed = async () =>
      (await own.app.reader.get('/agreements?contested=yes&per_page=200')).text.includes(reference)
    expect(await listed()).toBe(false)
    own.app.clock.set('2027-01-01T00:10:00.000Z')
    await listed()
    await bringIntoEffect(own.app.context)
    expect(await listed()).toBe(true)
  })

  test('before the position in effect is asked about, and recorded as an earlier position', async () => {
    const own = await ownDesk()
    const { change, row } = changesAt(own)
    const { version } = await row('RUS-SYR-2017-2')
    const form = { status: 'active', means: 'amended', effective_on: '2018-05', version: String(version) }
    expect((await change('RUS-SYR-2017-2', form).expect(422)).text).toContain(
      'is before the position in effect since 31 Jul 2025',
    )
    await change('RUS-SYR-2017-2', { ...form, confirm: 'yes' }).expect(303)
    expect(await row('RUS-SYR-2017-2')).toMatchObject({ status: 'under_review', status_since: '2025-07-31' })
    expect((await own.ada.get('/agreements/RUS-SYR-2017-2')).text).toContain('from May 2018')
  })

  test('an earlier move is checked against what stood then', async () => {
    const { version } = await row('RUS-SYR-2019-1')
    const { text } = await change('RUS-SYR-2019-1', {
      status: 'active',
      means: 'in_force',
      effective_on: '2020',
      version: String(version),
      confirm: 'yes',
    }).expect(422)
    expect(text).toContain('It is Active (in force) already')
  })

  test('an earlier move that the next position could not follow is refused', async () => {
    const reference = await enter('active')
    await change(reference, { effective_on: '2025-06' }).expect(303)
    await change(reference, { status: 'active', means: 'confirmed', effective_on: '2025-07', version: '2' }).expect(303)
    const late = {
      status: 'reassigned',
      means: '',
      effective_on: '2025-06-15',
      version: '3',
      confirm: 'yes',
      ...EVIDENCE,
      taken_over_by: 'ARE-SYR-2025-2',
    }
    expect((await change(reference, late).expect(422)).text).toContain('Active from Jul 2025 could not follow it')
    expect(await row(reference)).toMatchObject({ version: 3 })
  })

  test('of a back-dated position the history has its means', async () => {
    const reference = await enter('active')
    await change(reference, { means: 'renegotiation', effective_on: '2025-06' }).expect(303)
    await change(reference, { means: 'suspended', effective_on: '2022', version: '2', confirm: 'yes' }).expect(303)
    const { text } = await desk.app.reader.get(`/agreements/${reference}/history.csv`)
    expect(text).toContain(',position,,Under review (suspended) from 2022,2022,')
  })
})
