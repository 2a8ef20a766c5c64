import { describe, expect, test } from 'vitest'
import { csvRows, seenIn } from '../support/asked.ts'
import { openDesk, verifyInTheEnd } from '../support/desk.ts'
import { sourceForm, sourcesAt } from './sources.ts'

const desk = openDesk()
verifyInTheEnd(desk)
const { enter, add, seenOf, edit, sourceRow, historyOf, claim } = sourcesAt(desk)

describe('editing a source', () => {
  test('records what changed, and shows the source as it was known before', async () => {
    desk.app.clock.set('2026-11-26T08:00:00.000Z')
    const id = await add({ source_title: 'First title', source_reliability: 'C' })
    const reference = await enter()
    await claim(reference, id)
    const row = await sourceRow(id)
    desk.app.clock.set('2026-11-26T10:00:00.000Z')
    const fields = sourceForm({
      source_title: 'Second title',
      source_url: row.url ?? '',
      source_reliability: 'A',
      seen: await seenOf(id),
    })
    await edit(id, fields).expect(303).expect('Location', `/sources/${id}`)
    expect(await sourceRow(id)).toMatchObject({ title: 'Second title', reliability: 'A', url: row.url })
    expect((await historyOf(id)).at(-1)).toEqual({
      kind: 'source_edited',
      recorded_at: '2026-11-26T10:00:00.000Z',
      before: { title: 'First title', reliability: 'C' },
      after: { title: 'Second title', reliability: 'A' },
    })
    const { text: now } = await desk.app.reader.get(`/sources/${id}`).expect(200)
    expect(now).toContain('edited what is recorded of the source: title and reliability')
    const { text: then } = await desk.app.reader.get(`/sources/${id}?known_at=2026-11-26T09:00:00Z`).expect(200)
    for (const path of [`/agreements/${reference}/claims`, `/agreements/${reference}`, '/agreements.json']) {
      const { text } = await desk.app.reader.get(`${path}?known_at=2026-11-26T09:00:00Z`).expect(200)
      expect(text, path).toContain('First title')
      expect(text, path).not.toContain('Second title')
    }
    expect(then).toContain('>First title</h1>')
    expect(then).toContain('C, fairly reliable')
    expect(then).not.toContain('Second title')
  })

  test('of its day of publication moves from when its claims count', async () => {
    desk.app.clock.set('2026-11-26T12:00:00.000Z')
    const reference = await enter()
    const id = await add({ source_published_on: '2026-10-15' })
    const dated = await add({ source_published_on: '2026-10-15' })
    await claim(reference, id)
    const other = await enter()
    await claim(other, dated, { said_on: '2026-10-10' })
    desk.app.clock.set('2026-11-26T14:00:00.000Z')
    for (const source of [id, dated]) {
      const { url, title } = await sourceRow(source)
      const fields = sourceForm({
        source_title: title ?? '',
        source_url: url ?? '',
        source_published_on: '2026-09-01',
        seen: await seenOf(source),
      })
      await edit(source, fields).expect(303)
    }
    const contested = async (one: string, query: string) => {
      return (await csvRows(desk.app, `/agreements.csv?q=${one}&${query}`))[0]?.['contested']
    }
    expect(await contested(reference, 'as_of=2026-09-01')).toBe('yes')
    expect(await contested(reference, 'as_of=2026-08-31')).toBe('no')
    expect(await contested(reference, 'as_of=2026-09-01&known_at=2026-11-26T13:00:00Z')).toBe('no')
    expect(await contested(reference, 'as_of=2026-10-15&known_at=2026-11-26T13:00:00Z')).toBe('yes')
    expect(await contested(other, 'as_of=2026-09-01')).toBe('no')
    expect(await contested(other, 'as_of=2026-10-10')).toBe('yes')
    const { text } = await desk.app.reader
      .get(`/agreements/${reference}?as_of=2026-09-15&known_at=2026-11-26T13:00:00Z`)
      .expect(200)
    expect(text).toContain('Nobody’s claim is recorded yet')
    expect((await desk.app.reader.get(`/agreements/${reference}?as_of=2026-09-15`)).text).toContain(
      '1 claim, 1 statement',
    )
  })

  test('of nothing leaves no trace, and does not say that it did', async () => {
    const id = await add()
    const { title, publisher, url, published_on, lang, read_on, reliability } = await sourceRow(id)
    const revision = await desk.app.context.db.revision()
    const fields = {
      source_title: title ?? '',
      source_publisher: publisher ?? '',
      source_url: url ?? '',
      source_published_on: published_on ?? '',
      source_lang: lang ?? '',
      source_read_on: read_on ?? '',
      source_reliability: reliability ?? '',
      seen: await seenOf(id),
    }
    await edit(id, fields).expect(303)
    expect(await desk.app.context.db.revision()).toBe(revision)
    expect((await desk.ada.get(`/sources/${id}`)).text).not.toContain('The source is edited.')
  })

  test('to an address that another source has is a 422, to its own in another spelling is not', async () => {
    const taken = await add({ source_url: 'https://taken.example/a' })
    const id = await add({ source_url: 'https://mine.example/a' })
    const { text } = await edit(
      id,
      sourceForm({ source_url: 'http://taken.example/a/', seen: await seenOf(id) }),
    ).expect(422)
    expect(text).toContain(`as source ${taken}`)
    expect(text).toContain('value="http://taken.example/a/"')
    await edit(id, sourceForm({ source_url: 'https://www.mine.example/a/', seen: await seenOf(id) })).expect(303)
    expect(await sourceRow(id)).toMatchObject({ url: 'https://www.mine.example/a/' })
  })

  test('whoever comes second gets a 409 that says what the first one did, and keeps what was typed', async () => {
    const id = await add()
    const { url } = await sourceRow(id)
    const seen = await seenOf(id)
    await edit(id, sourceForm({ source_url: url ?? '', source_title: 'Boris was faster', seen }), desk.boris).expect(
      303,
    )
    const mine = sourceForm({ source_url: url ?? '', source_title: 'My own title', source_reliability: 'E' })
    const { text } = await edit(id, { ...mine, seen }).expect(409)
    expect(text).toContain('Boris was first: edited what is recorded of the source: title')
    expect(text).toContain('value="My own title"')
    expect(text).toContain('<option value="E" selected>')
    expect(await sourceRow(id)).toMatchObject({ title: 'Boris was faster', reliability: 'B' })
    const now = seenIn(text)
    await edit(id, { ...mine, seen: now }).expect(303)
    expect(await sourceRow(id)).toMatchObject({ title: 'My own title', reliability: 'E' })
  })

  test('of two at the very same time one is recorded and one is told', async () => {
    const id = await add()
    const { url } = await sourceRow(id)
    const seen = await seenOf(id)
    const answers = await Promise.all(
      [desk.ada, desk.boris].map((agent, index) =>
        edit(id, sourceForm({ source_url: url ?? '', source_title: `By ${index}`, seen }), agent),
      ),
    )
    expect(answers.map(({ status }) => status).toSorted((a, b) => a - b)).toEqual([303, 409])
    expect(await historyOf(id)).toHaveLength(2)
  })

  test('without saying what it was opened with is a 422', async () => {
    const id = await add()
    expect((await edit(id, sourceForm()).expect(422)).text).toContain('open the form again')
  })
})
