import { describe, expect, test } from 'vitest'
import { csvRows } from '../support/asked.ts'
import { agreementForm, statusForm } from '../support/forms.ts'
import type { Agent } from '../support/test-app.ts'
import { openDesk, verifyInTheEnd } from '../support/desk.ts'
import { editsAt, WHOLE } from './edits.ts'

const desk = openDesk()
verifyInTheEnd(desk)
const { row, partsOf, newest, enter, edit, revertPath, revert } = editsAt(desk)

describe('taking an edit back', () => {
  test('puts the field as it was, as a change of its own that names the edit and says why', async () => {
    desk.app.clock.set('2026-11-24T08:00:00.000Z')
    const reference = await enter()
    const change = await edit(reference, { lead: 'Boris', summary: 'Rewritten.' })
    desk.app.clock.set('2026-11-24T10:00:00.000Z')
    await revert(reference, change)
    expect(await row(reference)).toMatchObject({ lead: 'Ada', summary: 'As first entered.', version: 3 })
    expect(await newest(reference)).toMatchObject({
      kind: 'edit_reverted',
      version: 3,
      reason: 'It was a slip.',
      recorded_at: '2026-11-24T10:00:00.000Z',
      before: { lead: 'Boris', summary: 'Rewritten.' },
      after: { reverts: change, lead: 'Ada', summary: 'As first entered.' },
    })
    const { text } = await desk.app.reader.get(`/agreements/${reference}/history`).expect(200)
    expect(text).toContain(`took back an edit (change ${change}): `)
    expect(text).toContain('Why: It was a slip.')
    expect(text).toContain('edited ')
    const { text: then } = await desk.app.reader
      .get(`/agreements/${reference}?known_at=2026-11-24T09:00:00Z`)
      .expect(200)
    expect(then).toContain('Rewritten.')
  })

  test.each([
    ['a field that was empty', { term: '49 years' }, { term: null }],
    ['a day', { signed_on: '2018' }, { signed_on: '2019-01' }],
    ['an amount', { value_amount: '500', value_currency: 'USD' }, { value_amount: null, value_currency: null }],
    ['the kind', { kind: 'loan' }, { kind: 'treaty' }],
    ['the sector', { sector: 'tolls' }, { sector: 'ports' }],
    ['the title', { title: 'Quite another title' }, { title: 'Agreement on the port of Ruritania' }],
    ['that its title is descriptive', { title_is_descriptive: 'yes' }, { title_is_descriptive: 0 }],
  ])('of %s', async (_what, typed, expected) => {
    const reference = await enter()
    await revert(reference, await edit(reference, typed))
    expect(await row(reference)).toMatchObject({ ...expected, version: 3 })
  })

  test('of the title lets the agreement be found by the old one again, and sorts by it', async () => {
    const reference = await enter({ title: 'Alpha of Zembla' })
    const change = await edit(reference, { title: 'Omega of Zembla' })
    await revert(reference, change)
    const found = async (q: string) => (await desk.app.reader.get(`/agreements.csv?q=${q}`)).text.includes(reference)
    expect([await found('Alpha+Zembla'), await found('Omega+Zembla')]).toEqual([true, false])
    expect(await row(reference)).toMatchObject({ title_sort: 'alpha of zembla' })
  })

  test('of a party: lists, filters and search follow, and find it as it was known in between', async () => {
    const reference = await enter()
    desk.app.clock.set('2026-11-25T08:00:00.000Z')
    const parties = {
      party_name: ['Kingdom of Ruritania', 'Syrian Arab Republic', 'Nobody Shipping'],
      party_type: ['state', 'state', 'company'],
      party_country: ['RO', 'SY', 'PA'],
      party_role: ['lessee', 'lessor', 'carrier'],
      party_choice: ['', '', 'new'],
    }
    const change = await edit(reference, parties)
    expect(await row(reference)).toMatchObject({ countries: 'RO; SY; PA' })
    desk.app.clock.set('2026-11-25T10:00:00.000Z')
    await revert(reference, change)
    const between = 'known_at=2026-11-25T09:00:00Z'
    for (const query of ['country=PA', 'party=Nobody+Shipping', 'q=Nobody+Shipping']) {
      const found = async (known: string) =>
        (await desk.app.reader.get(`/agreements.csv?${query}${known}`).expect(200)).text.includes(reference)
      const known = [await found(''), await found(`&${between}`), await found('&known_at=2026-11-25T07:00:00Z')]
      expect(known, query).toEqual([false, true, false])
    }
    expect((await desk.app.reader.get(`/agreements/${reference}?${between}`)).text).toContain('Nobody Shipping</a>')
    expect(await row(reference)).toMatchObject({
      countries: 'RO; SY',
      party_names: 'Kingdom of Ruritania; Syrian Arab Republic',
    })
    expect((await partsOf(reference))['parties']).toMatchObject([{ role: 'lessee' }, { role: 'lessor' }])
    expect((await desk.app.reader.get('/agreements?country=PA')).text).not.toContain(reference)
    expect((await desk.app.reader.get('/agreements?party=Nobody+Shipping')).text).not.toContain(reference)
    expect((await desk.app.reader.get('/agreements?q=Nobody+Shipping')).text).not.toContain(reference)
    expect((await desk.app.reader.get(`/agreements/${reference}`)).text).not.toContain('Nobody Shipping</a>')
  })

  test('of a role alone', async () => {
    const reference = await enter()
    const fields = agreementForm()
    const change = await edit(reference, { ...fields, party_role: ['owner', 'lessor'] })
    await revert(reference, change)
    expect((await partsOf(reference))['parties']).toMatchObject([{ role: 'lessee' }, { role: 'lessor' }])
  })

  test('of a title in one language', async () => {
    const reference = await enter()
    const change = await edit(reference, { title_ar: 'عنوان خاطئ', lead: 'Boris' })
    await edit(reference, { sector: 'tolls' })
    await revert(reference, change)
    expect((await partsOf(reference))['titles']).toEqual([{ lang: 'ar', title: WHOLE.title_ar, note: null }])
    expect(await row(reference)).toMatchObject({ original_title: WHOLE.title_ar, lead: 'Ada', sector: 'tolls' })
    expect((await desk.app.reader.get(`/agreements/${reference}`)).text).toContain(WHOLE.title_ar)
  })

  test('of a title that was added takes it away, and of one that was taken away brings it back', async () => {
    const reference = await enter()
    await revert(reference, await edit(reference, { title_ru: 'Соглашение о порте' }))
    expect((await partsOf(reference))['titles']).toMatchObject([{ lang: 'ar' }])
    await revert(reference, await edit(reference, { title_ar: '' }))
    expect((await partsOf(reference))['titles']).toMatchObject([{ lang: 'ar', title: WHOLE.title_ar }])
    expect(await row(reference)).toMatchObject({ original_title: WHOLE.title_ar, original_title_lang: 'ar' })
  })

  test('of a note, whole or in its remark', async () => {
    const reference = await enter()
    const { note_field, note_value, note_url } = WHOLE
    const before = (await partsOf(reference))['notes']
    await revert(reference, await edit(reference, { note_field, note_value, note_url, note_note: ['mine'] }))
    expect((await partsOf(reference))['notes']).toEqual(before)
    await revert(
      reference,
      await edit(reference, { note_field: [''], note_value: [''], note_url: [''], note_note: [''] }),
    )
    expect((await partsOf(reference))['notes']).toEqual(before)
    expect((await desk.app.reader.get(`/agreements/${reference}`)).text).toContain('another source')
  })

  test('of a place and of a relation', async () => {
    const reference = await enter()
    const place = { place: ['Latakia port'], place_kind: ['port'], place_country: ['SY'], place_choice: [''] }
    await revert(reference, await edit(reference, place))
    expect(await row(reference)).toMatchObject({ place_names: 'Ruritania port' })
    const relation = { relation_kind: ['follows'], relation_reference: ['RUS-SYR-2019-1'] }
    await revert(reference, await edit(reference, relation))
    expect((await partsOf(reference))['relations']).toEqual([])
    expect((await desk.app.reader.get('/agreements/RUS-SYR-2019-1')).text).not.toContain(reference)
  })

  test('leaves alone what was changed since in other fields, and where it stands', async () => {
    const reference = await enter()
    const change = await edit(reference, { lead: 'Boris' })
    await edit(reference, { summary: 'Written later.' })
    const fields = statusForm({ version: '3' })
    await desk.ada.post(`/agreements/${reference}/status`).type('form').send(fields).expect(303)
    await revert(reference, change)
    expect(await row(reference)).toMatchObject({
      lead: 'Ada',
      summary: 'Written later.',
      status: 'under_review',
      version: 5,
    })
  })

  test('can itself be taken back, and that again', async () => {
    const reference = await enter()
    const change = await edit(reference, { lead: 'Boris' })
    await revert(reference, change)
    const first = await newest(reference)
    await revert(reference, first.id)
    expect(await row(reference)).toMatchObject({ lead: 'Boris' })
    const second = await newest(reference)
    expect(second).toMatchObject({ kind: 'edit_reverted', after: { reverts: first.id, lead: 'Boris' } })
    await revert(reference, second.id)
    expect(await row(reference)).toMatchObject({ lead: 'Ada', version: 5 })
  })

  test('is offered in the history of an agreement for edits alone, to those who may', async () => {
    const reference = await enter()
    const change = await edit(reference, { lead: 'Boris' })
    await revert(reference, change)
    await desk.ada
      .post(`/agreements/${reference}/status`)
      .type('form')
      .send(statusForm({ version: '3' }))
      .expect(303)
    const offered = async (agent: Pick<Agent, 'get'>, query = '') => {
      const { text } = await agent.get(`/agreements/${reference}/history${query}`).expect(200)
      return [...text.matchAll(/\/history\/(\d+)\/revert/g)].map(([, id]) => Number(id))
    }
    expect(await offered(desk.ada)).toEqual([change + 1, change])
    expect(await offered(desk.app.reader)).toEqual([])
    expect(await offered(desk.ada, '?known_at=2026-11-25')).toEqual([])
    const { text } = await desk.ada.get(revertPath(reference, change)).expect(200)
    expect(text).toContain('<del dir="auto">Ada</del> <ins dir="auto">Boris</ins>')
  })
})

test('the history’s CSV tells a revert field by field, with the edit that it took back', async () => {
  const reference = await enter()
  const change = await edit(reference, { lead: 'Boris' })
  await revert(reference, change)
  const rows = await csvRows(desk.app, `/agreements/${reference}/history.csv?kind=edit_reverted`)
  expect(rows.map(({ field, before, after, reason }) => [field, before, after, reason])).toEqual([
    ['lead', 'Boris', 'Ada', 'It was a slip.'],
    ['reverts', '', `change ${change}`, 'It was a slip.'],
  ])
})
