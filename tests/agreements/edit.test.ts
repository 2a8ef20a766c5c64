import { beforeEach, describe, expect, test } from 'vitest'
import { listChanges } from '../../src/history/queries.ts'
import { decoded } from '../support/asked.ts'
import { type Agent, testApp, type TestApp } from '../support/test-app.ts'

let app: TestApp
let analyst: Agent
beforeEach(async () => {
  app = await testApp({ seeds: true })
  analyst = await app.logIn('analyst', 'Ada')
})

const PORT = '/agreements/RUS-SYR-2019-1'
/** What the browser would send back from the edit form, untouched. */
async function openForm(address = PORT): Promise<Record<string, string[]>> {
  const { text } = await analyst.get(`${address}/edit`).expect(200)
  const fields: Record<string, string[]> = {}
  const put = (name: string, value: string) => (fields[name] ??= []).push(value)
  const form = text.slice(text.indexOf('<form class="sheet"'))
  const controls =
    /<input\b(?<input>[^>]*)>|<(?<tag>select|textarea)\b(?<attributes>[^>]*)>(?<content>[\s\S]*?)<\/\k<tag>>/g
  for (const { groups = {} } of form.matchAll(controls)) {
    const { input, tag, attributes = input ?? '', content = '' } = groups
    const name = /name="([^"]+)"/.exec(attributes)?.[1]
    if (name === undefined) continue
    if (input !== undefined) put(name, decoded(/ value="([^"]*)"/.exec(input)?.[1] ?? ''))
    if (tag === 'textarea') put(name, decoded(content))
    if (tag === 'select')
      put(
        name,
        decoded(
          /<option value="([^"]*)" selected/.exec(content)?.[1] ?? /<option value="([^"]*)"/.exec(content)?.[1] ?? '',
        ),
      )
  }
  return fields
}
const send = (fields: Record<string, string | string[]>) => analyst.post(`${PORT}/edit`).type('form').send(fields)
const historyOf = () =>
  listChanges(app.context.db.read, { kind: 'agreement_edited', names: 'shown', page: 1, per_page: 5 })

describe('editing an agreement', () => {
  test('an untouched form changes nothing and leaves no trace, whatever the agreement has', async () => {
    const revision = await app.context.db.revision()
    const agreements = await app.context.db.read.selectFrom('agreements').select('reference').execute()
    for (const { reference } of agreements) {
      const address = `/agreements/${reference}`
      await analyst
        .post(`${address}/edit`)
        .type('form')
        .send(await openForm(address))
        .expect(303)
      expect(await app.context.db.revision(), reference).toBe(revision)
    }
  })

  test('titles in languages that were not sent stay', async () => {
    const address = '/agreements/RUS-SYR-2015-1'
    await analyst
      .post(`${address}/edit`)
      .type('form')
      .send({ title: 'T', kind: 'treaty', version: '2', title_ar: 'اتفاقية' })
      .expect(303)
    const { text } = await analyst.get(address)
    expect(text).toContain('اتفاقية</bdi>')
    expect(text).toContain('соглашение между Россией и Сирией')
  })

  test('records what changed, keeps the reference and the version before', async () => {
    const fields = await openForm()
    await send({
      ...fields,
      title: 'Contract on Tartus port',
      lead: 'Ada',
      signed_on: '2020-05-01',
      reason: 'The gazette has the title.',
    }).expect(303)
    const [change] = await historyOf()
    expect(change).toMatchObject({
      actor: 'Ada',
      version: 5,
      reason: 'The gazette has the title.',
      before: {
        title: 'Investment contract for the commercial port of Tartus with STG Engineering',
        lead: null,
        signed_on: '2019',
      },
      after: { title: 'Contract on Tartus port', lead: 'Ada', signed_on: '2020-05-01' },
    })
    expect((await analyst.get(PORT)).text).toContain('Contract on Tartus port')
    expect((await analyst.get('/agreements?q=Contract on Tartus port')).text).toContain('RUS-SYR-2019-1')
    const versions = await app.context.db.read
      .selectFrom('agreement_versions')
      .select(['version', 'title', 'recorded_to'])
      .where('title', 'like', '%Tartus%')
      .execute()
    expect(versions.find(({ version }) => version === 4)?.recorded_to).toBe('2026-11-23T12:00:00.000Z')
    expect(versions.find(({ version }) => version === 5)).toMatchObject({
      title: 'Contract on Tartus port',
      recorded_to: null,
    })
  })

  test('what is not sent stays as it is: parties, places, relations, notes, titles', async () => {
    await send({ title: 'Shorter', kind: 'concession_or_lease', version: '4' }).expect(303)
    const [change] = await historyOf()
    expect(Object.keys(change?.after ?? {})).toEqual(['title', 'stored'])
    const { text } = await analyst.get(PORT)
    for (const kept of [
      'STG Engineering',
      'Tartus commercial port',
      'ARE-SYR-2025-2',
      'RUS-SYR-2017-2',
      'Other sources say',
      'عقد استثمار مرفأ طرطوس',
    ])
      expect(text).toContain(kept)
  })

  test('parties, places and relations can be changed', async () => {
    const fields = await openForm()
    await send({
      ...fields,
      party_name: ['STG Engineering', 'Syria', 'Nobody Shipping'],
      party_type: ['company', 'state', 'company'],
      party_country: ['RU', 'SY', 'PA'],
      party_role: ['', '', 'carrier'],
      party_choice: ['', '', ''],
      place: 'Latakia',
      relation_kind: [],
      relation_reference: '',
    }).expect(303)
    const [change] = await historyOf()
    expect(change?.after).toMatchObject({
      parties: ['STG Engineering', 'Syrian Arab Republic', 'Nobody Shipping (carrier)'],
      place: ['Latakia port'],
      relations: [],
    })
    expect((await analyst.get('/agreements.csv?q=RUS-SYR-2019-1')).text).toContain('RU; SY; PA')
  })

  test('the status may be repeated, not changed', async () => {
    await send({ title: 'T', kind: 'loan', version: '4', status: 'reassigned', status_since: '2025-07-13' }).expect(303)
    expect((await send({ title: 'T', kind: 'loan', version: '5', status: 'active' }).expect(422)).text).toContain(
      'use “Change status”',
    )
  })

  test('whoever comes second gets both versions side by side, and can record theirs on top', async () => {
    const mine = await openForm()
    const theirs = await openForm()
    await send({ ...theirs, lead: 'Boris' }).expect(303)
    const { text } = await send({ ...mine, lead: 'Ada', summary: 'Only I typed this.' }).expect(409)
    expect(text).toContain('Somebody else was first')
    expect(text).toContain('Only I typed this.')
    expect(text).toMatch(/<tr class="differs"><th scope="row">Lead<\/th><td[^>]*>Ada<\/td><td[^>]*>Boris<\/td>/)
    expect(text).toContain('edited lead')
    expect(text.match(/class="differs"/g)).toHaveLength(2)
    const again = Object.fromEntries(
      [...text.slice(text.lastIndexOf('<form')).matchAll(/name="(\w+)" value="([^"]*)"/g)]
        .filter(([, name]) => ['title', 'kind', 'lead', 'version'].includes(name ?? ''))
        .map(([, name, value]) => [name, value]),
    )
    expect(again['version']).toBe('5')
    await send(again as Record<string, string>).expect(303)
    expect((await analyst.get(PORT)).text).toContain('Ada')
  })

  test('what the others did is told however much was said of it since', async () => {
    const mine = await openForm()
    await send({ ...(await openForm()), lead: 'Boris' }).expect(303)
    for (let said = 1; said <= 51; said += 1) {
      const claim = { stance: 'asserts', status: 'annulled', asserted_by: `Speaker ${said}`, source_title: 'Gazette' }
      await analyst.post(`${PORT}/claims`).type('form').send(claim).expect(303)
    }
    expect((await send({ ...mine, lead: 'Ada' }).expect(409)).text).toContain('edited lead')
  })

  test('recording on top leaves alone what the second one did not touch', async () => {
    const [mine, theirs] = [await openForm(), await openForm()]
    await send({
      ...theirs,
      summary: 'Written by the first.',
      party_role: ['operator', 'grantor', 'state of the grantor', ''],
    }).expect(303)
    const { text } = await send({ ...mine, sector: 'shipping' }).expect(409)
    const resent = new URLSearchParams(
      [...text.slice(text.lastIndexOf('<form class="form-actions"')).matchAll(/name="(\w+)" value="([^"]*)"/g)].map(
        ([, name = '', value = '']): [string, string] => [name, value],
      ),
    )
    expect([...new Set(resent.keys())].toSorted()).toEqual(['kind', 'reason', 'sector', 'title', 'version'])
    await analyst.post(`${PORT}/edit`).type('form').send(resent.toString()).expect(303)
    const row = await app.context.db.read
      .selectFrom('agreements')
      .selectAll()
      .where('reference', '=', 'RUS-SYR-2019-1')
      .executeTakeFirstOrThrow()
    expect(row).toMatchObject({ sector: 'shipping', summary: 'Written by the first.', title: mine['title']?.[0] })
    expect((await analyst.get(PORT)).text).toContain('operator')
  })

  test('a note’s address or remark is a field that changed, too', async () => {
    const fields = await openForm()
    const remarks = ['Remark of mine.', ...(fields['note_note'] ?? []).slice(1)]
    await send({ ...fields, note_note: remarks }).expect(303)
    const [change] = await historyOf()
    expect(Object.keys(change?.after ?? {})).toEqual(['notes', 'stored'])
    expect(JSON.stringify(change?.after)).toContain('Remark of mine.')
  })

  test.each(['', '0', 'x', '1.5', '-1', '99999999999'])('a version “%s” is refused', async (version) => {
    expect((await send({ title: 'T', kind: 'loan', version }).expect(422)).text).toContain('open the form again')
  })

  test('a version that is not yet is a conflict too', async () => {
    await send({ title: 'T', kind: 'loan', version: '77' }).expect(409)
  })

  test('an unknown reference is a 404', async () => {
    await analyst
      .post('/agreements/RUS-SYR-1900-1/edit')
      .type('form')
      .send({ title: 'T', kind: 'loan', version: '1' })
      .expect(404)
  })
})
