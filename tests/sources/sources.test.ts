import { parse } from 'csv-parse/sync'
import * as fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { agreementForm, statusForm, leadingNowhere } from '../support/forms.ts'
import { type Agent, type Fields, startTestApp, type TestApp } from '../support/test-app.ts'
import { verified } from '../support/verified.ts'

let app: TestApp
let ada: Agent
let boris: Agent
beforeAll(async () => {
  app = await startTestApp({ seeds: true })
  ada = await app.logIn('analyst', 'Ada')
  boris = await app.logIn('analyst', 'Boris')
})
afterAll(() => app.stop())

const read = () => app.context.db.read
let count = 0
const sourceForm = (more: Fields = {}): Fields => ({
  source_title: `Gazette ${(count += 1)}`,
  source_publisher: 'The printer',
  source_url: `https://gazette.example/${count}`,
  source_published_on: '2026-10-15',
  source_lang: 'fr',
  source_read_on: '2026-11-01',
  source_reliability: 'B',
  ...more,
})

async function add(more: Fields = {}): Promise<number> {
  const { headers } = await ada.post('/sources').type('form').send(sourceForm(more)).expect(303)
  return Number(/^\/sources\/(\d+)$/.exec(headers['location'] ?? '')?.[1])
}
const seenOf = async (id: number) =>
  / name="seen" value="(\d+)"/.exec((await ada.get(`/sources/${id}/edit`).expect(200)).text)?.[1] ?? ''
const edit = (id: number, fields: Fields, agent = ada) => agent.post(`/sources/${id}/edit`).type('form').send(fields)

const sourceRow = (id: number) =>
  read().selectFrom('sources').selectAll().where('id', '=', id).executeTakeFirstOrThrow()
const historyOf = async (id: number) => {
  const rows = await read()
    .selectFrom('changes')
    .selectAll()
    .where('subject', '=', `source:${id}`)
    .orderBy('id')
    .execute()
  return rows.map(({ kind, before, after, recorded_at }) => ({
    kind,
    recorded_at,
    before: JSON.parse(before ?? 'null') as unknown,
    after: JSON.parse(after ?? 'null') as unknown,
  }))
}

async function enter(more: Fields = {}): Promise<string> {
  const { headers } = await ada
    .post('/agreements')
    .type('form')
    .send(agreementForm({ status: 'active', means: 'in_force', status_since: '2020', ...more }))
    .expect(303)
  return headers['location']?.split('/').at(-1) ?? ''
}
async function claim(reference: string, source: number, more: Fields = {}): Promise<number> {
  const { headers } = await ada
    .post(`/agreements/${reference}/claims`)
    .type('form')
    .send({
      stance: 'asserts',
      status: 'annulled',
      asserted_by: 'A speaker',
      effective_on: '2026-10-01',
      source: String(source),
      ...more,
    })
    .expect(303)
  return Number(headers['location']?.split('-').at(-1))
}
/** The ids of a list of sources, in its order. */
const listed = async (query: string) => {
  const { text } = await app.reader.get(`/sources${query}`).expect(200)
  return [...text.matchAll(/<td class="cell-title"><a href="\/sources\/(\d+)/g)].map(([, id]) => Number(id))
}

describe('the list of sources', () => {
  test('has all of them, the newest first, with what rests on each', async () => {
    const { text } = await app.reader.get('/sources').expect(200)
    const total = await read().selectFrom('sources').select('id').execute()
    expect(text).toContain(`1 to 50 of ${total.length}`)
    const days = [...text.matchAll(/data-label="Published">([^<]*)</g)].map(([, day = '']) => Date.parse(`${day} UTC`))
    expect(days).toHaveLength(50)
    expect(days).toEqual(days.toSorted((a, b) => b - a))
    await app.reader.get('/sources?page=4').expect(200)
    const { text: beyond } = await app.reader.get('/sources?page=99').expect(404)
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
    const { text } = await app.reader.get('/sources?publisher=Filter+House&reliability=E').expect(200)
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
    const { text } = await app.reader.get(`/sources?${query}`).expect(400)
    expect(text).toContain(`<bdi>${query.split('=')[0]}</bdi>`)
  })

  test('counts the claims and positions that rest on each', async () => {
    const reference = await enter()
    const id = await add({ source_publisher: 'Counting House' })
    const first = await claim(reference, id)
    await claim(reference, id, { asserted_by: 'Another' })
    const move = { status: 'annulled', means: 'terminated', claim: String(first), version: '1' }
    await ada.post(`/agreements/${reference}/status`).type('form').send(statusForm(move)).expect(303)
    const { text } = await app.reader.get('/sources?publisher=Counting+House').expect(200)
    expect(text).toContain('data-label="Claims">2<')
    expect(text).toContain('data-label="Positions">1<')
  })

  test('is that of the time: filters ask what was known then, and show it', async () => {
    app.clock.set('2026-11-24T08:00:00.000Z')
    const id = await add({
      source_publisher: 'House of Yesterday',
      source_reliability: '',
      source_title: 'As first typed',
    })
    app.clock.set('2026-11-24T10:00:00.000Z')
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
    const { text } = await app.reader.get(`/sources?${then}&q=As+first+typed`).expect(200)
    expect(text).toContain('>As first typed</a>')
    expect(await listed(`?${then}&publisher=House+of+Yesterday`)).toEqual([id])
    expect(await listed(`?${then}&publisher=House+of+Yesterday&reliability=none`)).toEqual([id])
    expect(await listed(`?${then}&publisher=House+of+Today`)).toEqual([])
    expect(await listed(`?known_at=2026-11-24T07:00:00Z&q=As+first+typed`)).toEqual([])
    expect(await listed('?publisher=House+of+Today&reliability=B')).toEqual([id])
  })

  test('of what rested on nothing then has a source whose first claim came later', async () => {
    app.clock.set('2026-11-24T11:00:00.000Z')
    const reference = await enter()
    const id = await add({ source_publisher: 'House of Silence' })
    app.clock.set('2026-11-24T13:00:00.000Z')
    await claim(reference, id)
    expect(await listed('?publisher=House+of+Silence&rests=nothing')).toEqual([])
    expect(await listed('?publisher=House+of+Silence&rests=nothing&known_at=2026-11-24T12:00:00Z')).toEqual([id])
  })
})

describe('a source is recorded', () => {
  test('with all that is known of it, once', async () => {
    const id = await add({ source_title: 'Whole', source_url: 'https://whole.example/a' })
    expect(await sourceRow(id)).toMatchObject({
      title: 'Whole',
      publisher: 'The printer',
      url: 'https://whole.example/a',
      published_on: '2026-10-15',
      lang: 'fr',
      read_on: '2026-11-01',
      reliability: 'B',
    })
    expect(await historyOf(id)).toMatchObject([{ kind: 'source_added', after: { title: 'Whole', reliability: 'B' } }])
    const { text } = await app.reader.get(`/sources/${id}`).expect(200)
    for (const told of ['Whole', 'The printer', '15 Oct 2026', 'French', '1 Nov 2026', 'B, usually reliable'])
      expect(text).toContain(told)
    expect(text).toContain('href="https://whole.example/a" rel="noopener noreferrer external"')
    expect((await app.reader.get('/changes')).text).toContain('recorded the source “Whole”')
  })

  test('whose address is known is not recorded again: the page leads to the one that is there', async () => {
    const id = await add({ source_url: 'https://known.example/a' })
    const revision = await app.context.db.revision()
    const fields = sourceForm({ source_url: 'http://www.known.example/a/', source_title: 'My own title' })
    const { text } = await ada.post('/sources').type('form').send(fields).expect(422)
    expect(text).toContain(`This address is recorded already, as source ${id}`)
    expect(text).toContain(`href="/sources/${id}"`)
    expect(text).toContain(`href="/claims/new?source=${id}"`)
    expect(text).toContain('value="My own title"')
    expect(await app.context.db.revision()).toBe(revision)
  })

  test.each([
    ['source_title', { source_title: '', source_publisher: '', source_url: '' }, 'Give the source’s title'],
    ['source_url', { source_url: 'javascript:alert(1)' }, 'is not a web address'],
    ['source_url', { source_url: 'JavaScript:alert(1)//https://a.example' }, 'is not a web address'],
    ['source_url', { source_url: 'data:text/html,<script>alert(1)</script>' }, 'is not a web address'],
    ['source_url', { source_url: 'https://' }, 'is not a web address'],
    ['source_url', { source_url: 'https:///path' }, 'is not a web address'],
    ['source_url', { source_url: 'https://?a=b' }, 'is not a web address'],
    ['source_url', { source_url: 'https://a b.example/' }, 'is not a web address'],
    ['source_url', { source_url: 'ftp://a.example/' }, 'is not a web address'],
    ['source_url', { source_url: '//a.example/' }, 'is not a web address'],
    ['source_url', { source_url: 'a.example/page' }, 'is not a web address'],
    ['source_url', { source_url: 'https://a.example/\r\nb' }, 'is not a web address'],
    ['source_url', { source_url: `https://a.example/${'x'.repeat(10_000)}` }, 'is 10,018 characters long'],
    ['source_url', { source_url: ['https://a.example', 'https://b.example'] }, 'is given more than once'],
    ['source_title', { source_title: 'x'.repeat(501) }, 'is 501 characters long'],
    ['source_title', { source_title: 'a\u0000b' }, 'holds a control character'],
    ['source_published_on', { source_published_on: '2026-02-30' }, 'is not a date'],
    ['source_read_on', { source_read_on: '0000' }, 'is not a date'],
    ['source_lang', { source_lang: 'Klingon' }, 'is not a language'],
    ['source_lang', { source_lang: 'по-русски' }, 'is not a language'],
    ['source_reliability', { source_reliability: 'AA' }, 'is not a reliability'],
    ['', { seen: '1' }, 'Unknown field seen'],
  ])('a wrong %s is a 422, nothing is lost and nothing is written', async (field, more, message) => {
    const id = await add()
    for (const path of ['/sources', `/sources/${id}/edit`]) {
      if (path !== '/sources' && 'seen' in more) continue
      const revision = await app.context.db.revision()
      const seen: Fields = path === '/sources' ? {} : { seen: await seenOf(id) }
      const fields = { ...sourceForm({ source_publisher: 'What I typed stays' }), ...seen, ...more }
      const { text } = await ada.post(path).type('form').send(fields).expect(422)
      expect(text, path).toContain(message)
      if (!('source_publisher' in more)) expect(text).toContain('value="What I typed stays"')
      if (field !== '') expect(text).toContain(`<a href="#${field}">`)
      expect(leadingNowhere(text)).toEqual([])
      expect(text).not.toContain('<script>alert(1)</script>')
      expect(await app.context.db.revision()).toBe(revision)
    }
  })

  test('an address that is too long comes back whole, to be shortened', async () => {
    const source_url = `https://a.example/${'x'.repeat(10_000)}`
    const { text } = await ada.post('/sources').type('form').send(sourceForm({ source_url })).expect(422)
    expect(text).toContain(`value="${source_url}"`)
  })

  test('by analysts only, and now', async () => {
    const id = await add()
    await app.reader.get('/sources/new').expect(303)
    await app.reader.get(`/sources/${id}/edit`).expect(303)
    await app.reader.post('/sources').type('form').send(sourceForm()).expect(401)
    await app.reader.post(`/sources/${id}/edit`).type('form').send(sourceForm()).expect(401)
    const reader = await app.logIn('reader')
    await reader.post('/sources').type('form').send(sourceForm()).expect(403)
    expect((await reader.get(`/sources/${id}`).expect(200)).text).not.toContain(`/sources/${id}/edit`)
    for (const path of ['/sources/new', `/sources/${id}/edit`]) {
      await ada.get(`${path}?as_of=2025`).expect(400)
      await ada.get(`${path}?known_at=2026-11-23`).expect(400)
    }
  })

  test.each(['0', '-1', 'x', '999999', '9'.repeat(30), '%00'])('there is no source %s', async (id) => {
    expect((await app.reader.get(`/sources/${id}`).expect(404)).text).toContain('There is no source')
    await ada.get(`/sources/${id}/edit`).expect(404)
    await ada
      .post(`/sources/${id}/edit`)
      .type('form')
      .send(sourceForm({ seen: '1' }))
      .expect(404)
  })
})

describe('the page of a source', () => {
  test('lists every claim and every position that rests on it', async () => {
    const [one, other, alone] = [await enter(), await enter(), await enter()]
    const id = await add({ source_url: 'https://rests.example/a' })
    const first = await claim(one, id, { asserted_by: 'The first speaker' })
    const { headers } = await ada
      .post('/claims')
      .type('form')
      .send({
        stance: 'denies',
        status: 'active',
        asserted_by: 'The second speaker',
        source: String(id),
        agreements: `${one} ${other}`,
      })
      .expect(303)
    const moves = [
      [one, { claim: String(first) }],
      [alone, { source_url: 'http://www.rests.example/a/' }],
    ] as const
    for (const [reference, evidence] of moves) {
      const move = { status: 'annulled', means: 'terminated', version: '1', ...evidence }
      await ada.post(`/agreements/${reference}/status`).type('form').send(statusForm(move)).expect(303)
    }
    const { text } = await app.reader.get(`/sources/${id}`).expect(200)
    expect(text).toContain('Claims <span class="quiet">2</span>')
    for (const path of [`/claims/${first}`, headers['location']]) expect(text).toContain(`href="${path}"`)
    expect(text).toContain('The first speaker says Annulled')
    expect(text).toContain('The second speaker denies Active')
    const positions = text.slice(text.indexOf('id="positions"'), text.indexOf('id="facts"'))
    expect(positions).toContain('<span class="quiet">2</span>')
    for (const reference of [one, alone]) expect(positions).toContain(`href="/agreements/${reference}"`)
    expect(positions).not.toContain(other)
  })

  test('of a moment does not tell what happened to its claims later', async () => {
    app.clock.set('2026-11-25T08:00:00.000Z')
    const reference = await enter()
    const id = await add()
    const made = await claim(reference, id)
    const move = {
      status: 'annulled',
      means: 'terminated',
      claim: String(made),
      version: '1',
      effective_on: '2026-10-01',
    }
    await ada.post(`/agreements/${reference}/status`).type('form').send(statusForm(move)).expect(303)
    const position = await read()
      .selectFrom('position_claims')
      .select('position_id')
      .where('claim_id', '=', made)
      .executeTakeFirstOrThrow()
    app.clock.set('2026-11-25T10:00:00.000Z')
    await ada
      .post(`/agreements/${reference}/positions/${position.position_id}/correct`)
      .type('form')
      .send({
        status: 'annulled',
        means: 'denounced',
        effective_on: '2026-10-01',
        reason: 'Misread.',
        claim: String(made),
        version: '2',
      })
      .expect(303)
    const seen = / name="seen" value="(\d+)"/.exec((await ada.get(`/claims/${made}`)).text)?.[1] ?? ''
    await ada.post(`/claims/${made}/withdraw`).type('form').send({ reason: 'Nobody said so.', seen }).expect(303)
    const now = (await app.reader.get(`/sources/${id}`).expect(200)).text
    expect(now).toContain('>withdrawn<')
    expect(now).toContain('(corrected since)')
    const then = (await app.reader.get(`/sources/${id}?known_at=2026-11-25T09:00:00Z`).expect(200)).text
    expect(then).toContain(`/claims/${made}?known_at`)
    expect(then).not.toContain('>withdrawn<')
    expect(then).not.toContain('(corrected since)')
    const claimThen = (await app.reader.get(`/claims/${made}?known_at=2026-11-25T09:00:00Z`).expect(200)).text
    expect(claimThen).toContain('Positions that rest on it')
    expect(claimThen).not.toContain('(corrected since)')
  })

  test('was not there before it was recorded', async () => {
    app.clock.set('2026-11-25T12:00:00.000Z')
    const id = await add()
    await app.reader.get(`/sources/${id}?known_at=2026-11-25T11:00:00Z`).expect(404)
  })
})

describe('editing a source', () => {
  test('records what changed, and shows the source as it was known before', async () => {
    app.clock.set('2026-11-26T08:00:00.000Z')
    const id = await add({ source_title: 'First title', source_reliability: 'C' })
    const reference = await enter()
    await claim(reference, id)
    const row = await sourceRow(id)
    app.clock.set('2026-11-26T10:00:00.000Z')
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
    const { text: now } = await app.reader.get(`/sources/${id}`).expect(200)
    expect(now).toContain('edited what is recorded of the source: title and reliability')
    const { text: then } = await app.reader.get(`/sources/${id}?known_at=2026-11-26T09:00:00Z`).expect(200)
    for (const path of [`/agreements/${reference}/claims`, `/agreements/${reference}`, '/agreements.json']) {
      const { text } = await app.reader.get(`${path}?known_at=2026-11-26T09:00:00Z`).expect(200)
      expect(text, path).toContain('First title')
      expect(text, path).not.toContain('Second title')
    }
    expect(then).toContain('>First title</h1>')
    expect(then).toContain('C, fairly reliable')
    expect(then).not.toContain('Second title')
  })

  test('of its day of publication moves from when its claims count', async () => {
    app.clock.set('2026-11-26T12:00:00.000Z')
    const reference = await enter()
    const id = await add({ source_published_on: '2026-10-15' })
    const dated = await add({ source_published_on: '2026-10-15' })
    await claim(reference, id)
    const other = await enter()
    await claim(other, dated, { said_on: '2026-10-10' })
    app.clock.set('2026-11-26T14:00:00.000Z')
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
      const { text } = await app.reader.get(`/agreements.csv?q=${one}&${query}`).expect(200)
      return (parse(text, { columns: true }) as Record<string, string>[])[0]?.['contested']
    }
    expect(await contested(reference, 'as_of=2026-09-01')).toBe('yes')
    expect(await contested(reference, 'as_of=2026-08-31')).toBe('no')
    expect(await contested(reference, 'as_of=2026-09-01&known_at=2026-11-26T13:00:00Z')).toBe('no')
    expect(await contested(reference, 'as_of=2026-10-15&known_at=2026-11-26T13:00:00Z')).toBe('yes')
    expect(await contested(other, 'as_of=2026-09-01')).toBe('no')
    expect(await contested(other, 'as_of=2026-10-10')).toBe('yes')
    const { text } = await app.reader
      .get(`/agreements/${reference}?as_of=2026-09-15&known_at=2026-11-26T13:00:00Z`)
      .expect(200)
    expect(text).toContain('Nobody’s claim is recorded yet')
    expect((await app.reader.get(`/agreements/${reference}?as_of=2026-09-15`)).text).toContain('1 claim, 1 statement')
  })

  test('of nothing leaves no trace, and does not say that it did', async () => {
    const id = await add()
    const { title, publisher, url, published_on, lang, read_on, reliability } = await sourceRow(id)
    const revision = await app.context.db.revision()
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
    expect(await app.context.db.revision()).toBe(revision)
    expect((await ada.get(`/sources/${id}`)).text).not.toContain('The source is edited.')
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
    await edit(id, sourceForm({ source_url: url ?? '', source_title: 'Boris was faster', seen }), boris).expect(303)
    const mine = sourceForm({ source_url: url ?? '', source_title: 'My own title', source_reliability: 'E' })
    const { text } = await edit(id, { ...mine, seen }).expect(409)
    expect(text).toContain('Boris was first: edited what is recorded of the source: title')
    expect(text).toContain('value="My own title"')
    expect(text).toContain('<option value="E" selected>')
    expect(await sourceRow(id)).toMatchObject({ title: 'Boris was faster', reliability: 'B' })
    const now = / name="seen" value="(\d+)"/.exec(text)?.[1] ?? ''
    await edit(id, { ...mine, seen: now }).expect(303)
    expect(await sourceRow(id)).toMatchObject({ title: 'My own title', reliability: 'E' })
  })

  test('of two at the very same time one is recorded and one is told', async () => {
    const id = await add()
    const { url } = await sourceRow(id)
    const seen = await seenOf(id)
    const answers = await Promise.all(
      [ada, boris].map((agent, index) =>
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

test('a query string or a form of any shape is answered, and never by a 500', async () => {
  const id = await add()
  const value = fc.oneof(
    fc.string({ unit: 'binary', maxLength: 30 }),
    fc.constantFrom(
      'A',
      'none',
      'nothing',
      '2026-02-30',
      '9'.repeat(40),
      '%',
      'https://a.example',
      '<script>alert(1)</script>',
      "' or 1=1 --",
    ),
  )
  const names = ['q', 'publisher', 'reliability', 'rests', 'page', 'as_of', 'known_at', '__proto__', 'constructor', '']
  const fields = [...Object.keys(sourceForm()), 'seen', '__proto__', 'constructor', '']
  const encoded = (pairs: [string, string][]) =>
    new URLSearchParams(pairs.map(([name, typed]): [string, string] => [name, typed.toWellFormed()])).toString()
  await fc.assert(
    fc.asyncProperty(
      fc.constantFrom('/sources', `/sources/${id}`),
      fc.array(fc.tuple(fc.constantFrom(...names), value), { maxLength: 4 }),
      fc.constantFrom('/sources', `/sources/${id}/edit`),
      fc.array(fc.tuple(fc.constantFrom(...fields), value), { maxLength: 9 }),
      async (page, query, target, form) => {
        const { status, text } = await app.reader.get(`${page}?${encoded(query)}`)
        expect([200, 400, 404]).toContain(status)
        expect(text).not.toContain('<script>alert(1)</script>')
        const answer = await ada.post(target).type('form').send(encoded(form))
        expect([303, 409, 422]).toContain(answer.status)
        expect(answer.text).not.toContain('<script>alert(1)</script>')
      },
    ),
    { numRuns: 80 },
  )
})

test('after all of this the register follows from its history, and nothing went wrong', async () => {
  expect(await verified(app)).toContain('all follow from the history')
  expect(app.errors).toEqual([])
})
