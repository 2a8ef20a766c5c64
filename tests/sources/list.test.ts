import { describe, expect, test } from 'vitest'
import { statusForm } from '../support/forms.ts'
import { openDesk, verifyInTheEnd } from '../support/desk.ts'
import { sourceForm, sourcesAt } from './sources.ts'

const desk = openDesk()
verifyInTheEnd(desk)
const { read, enter, add, seenOf, edit, claim, listed } = sourcesAt(desk)

describe('the list of sources', () => {
  test('has all of them, the newest first, with what rests on each', async () => {
    const { text } = await desk.app.reader.get('/sources').expect(200)
    const total = await read().selectFrom('sources').select('id').execute()
    expect(text).toContain(`1 to 50 of ${total.length}`)
    const days = [...text.matchAll(/data-label="Published">([^<]*)</g)].map(([, day = '']) => Date.parse(`${day} UTC`))
    expect(days).toHaveLength(50)
    expect(days).toEqual(days.toSorted((a, b) => b - a))
    await desk.app.reader.get('/sources?page=4').expect(200)
    const { text: beyond } = await desk.app.reader.get('/sources?page=99').expect(404)
    expect(beyond).toContain('there is no page 99')
  })

  test('is found by a part of its title, publisher or address, in any script and case', async () => {
    const id = await add({
      source_title: 'Порт Тартус ждёт решения 100%_',
      source_publisher: 'Ведомости дня',
      source_url: 'https://rare-host.example/Long/Path',
    })
    for (const q of ['Тартус ждёт', 'Ведомости', 'RARE-HOST', 'long/path', '100%_'])
      expect(await listed(`?q=${encodeURIComponent(q)}`), q).toEqual([id])
    expect(await listed(`?q=${encodeURIComponent('тартус ЖДЁТ')}`)).toEqual([id])
    expect(await listed(`?q=${encodeURIComponent('100_%')}`)).toEqual([])
  })

  test('is filtered by publisher, by reliability and by what rests on it, all at once', async () => {
    const reference = await enter()
    const [a, b, c] = [
      await add({ source_publisher: 'Filter House', source_reliability: 'A', source_published_on: '2026-03' }),
      await add({ source_publisher: 'Filter House', source_reliability: '', source_published_on: '2026-02' }),
      await add({ source_publisher: 'Filter House', source_reliability: 'A', source_published_on: '2026-01' }),
    ]
    await claim(reference, c)
    expect(await listed('?publisher=Filter+House')).toEqual([a, b, c])
    expect(await listed('?publisher=Filter+House&reliability=A')).toEqual([a, c])
    expect(await listed('?publisher=Filter+House&reliability=none')).toEqual([b])
    expect(await listed('?publisher=Filter+House&rests=nothing')).toEqual([a, b])
    expect(await listed('?publisher=Filter+House&rests=nothing&reliability=A&q=Gazette')).toEqual([a])
    const { text } = await desk.app.reader.get('/sources?publisher=Filter+House&reliability=E').expect(200)
    expect(text).toContain('No source here')
  })

  test.each([
    'reliability=G',
    'reliability=a',
    'rests=everything',
    'page=0',
    'page=x',
    'colour=red',
    'per_page=100',
    'q=a&q=b',
    'publisher=a&publisher=b',
    `q=${'x'.repeat(201)}`,
    'q=%00',
    'q=%ED%A0%80',
    'sort=title',
    '__proto__=x',
  ])('%s is a 400 that names it', async (query) => {
    const { text } = await desk.app.reader.get(`/sources?${query}`).expect(400)
    expect(text).toContain(`<bdi>${query.split('=')[0]}</bdi>`)
  })

  test('counts the claims and positions that rest on each', async () => {
    const reference = await enter()
    const id = await add({ source_publisher: 'Counting House' })
    const first = await claim(reference, id)
    await claim(reference, id, { asserted_by: 'Another' })
    const move = { status: 'annulled', means: 'terminated', claim: String(first), version: '1' }
    await desk.ada.post(`/agreements/${reference}/status`).type('form').send(statusForm(move)).expect(303)
    const { text } = await desk.app.reader.get('/sources?publisher=Counting+House').expect(200)
    expect(text).toContain('data-label="Claims">2<')
    expect(text).toContain('data-label="Positions">1<')
  })

  test('is that of the time: filters ask what was known then, and show it', async () => {
    desk.app.clock.set('2026-11-24T08:00:00.000Z')
    const id = await add({
      source_publisher: 'House of Yesterday',
      source_reliability: '',
      source_title: 'As first typed',
    })
    desk.app.clock.set('2026-11-24T10:00:00.000Z')
    await edit(
      id,
      sourceForm({
        source_publisher: 'House of Today',
        source_reliability: 'B',
        source_title: 'Mended',
        seen: await seenOf(id),
      }),
    ).expect(303)
    const then = 'known_at=2026-11-24T09:00:00Z'
    const { text } = await desk.app.reader.get(`/sources?${then}&q=As+first+typed`).expect(200)
    expect(text).toContain('>As first typed</a>')
    expect(await listed(`?${then}&publisher=House+of+Yesterday`)).toEqual([id])
    expect(await listed(`?${then}&publisher=House+of+Yesterday&reliability=none`)).toEqual([id])
    expect(await listed(`?${then}&publisher=House+of+Today`)).toEqual([])
    expect(await listed(`?known_at=2026-11-24T07:00:00Z&q=As+first+typed`)).toEqual([])
    expect(await listed('?publisher=House+of+Today&reliability=B')).toEqual([id])
  })

  test('of what rested on nothing then has a source whose first claim came later', async () => {
    desk.app.clock.set('2026-11-24T11:00:00.000Z')
    const reference = await enter()
    const id = await add({ source_publisher: 'House of Silence' })
    desk.app.clock.set('2026-11-24T13:00:00.000Z')
    await claim(reference, id)
    expect(await listed('?publisher=House+of+Silence&rests=nothing')).toEqual([])
    expect(await listed('?publisher=House+of+Silence&rests=nothing&known_at=2026-11-24T12:00:00Z')).toEqual([id])
  })
})
