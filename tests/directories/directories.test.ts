import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type Agent, startTestApp, type TestApp } from '../support/test-app.ts'

let app: TestApp
let analyst: Agent
beforeAll(async () => {
  app = await startTestApp({ seeds: true })
  analyst = await app.logIn('analyst')
})
afterAll(() => app.stop())

describe.each([
  {
    directory: 'parties',
    slug: 'dp-world',
    known: 'DP World',
    search: 'Dubai',
    found: [],
    other: 'موانئ دبي',
    count: 60,
  },
  {
    directory: 'places',
    slug: 'tartus-commercial-port',
    known: 'Port of Tartus',
    search: 'Lattaquié',
    found: ['latakia-port'],
    other: 'Хмеймим',
    count: 25,
  },
])('the directory of $directory', ({ directory, slug, known, search, found, other, count }) => {
  test('lists them by name, with the number of their agreements', async () => {
    const { text } = await app.reader.get(`/${directory}`).expect(200)
    expect(text).toContain(`of ${count}`)
    expect(text).toMatch(new RegExp(`href="/${directory}/${slug}"[\\s\\S]*?data-label="Agreements">3<`))
  })

  test('finds them in any script, by consonants if need be, and says when there is none', async () => {
    for (const one of found)
      expect((await app.reader.get(`/${directory}?q=${encodeURIComponent(search)}`)).text).toContain(one)
    expect((await app.reader.get(`/${directory}?q=${encodeURIComponent(other)}`)).text).toMatch(
      /dp-world|hmeimim-air-base/,
    )
    expect((await app.reader.get(`/${directory}?q=zzzz`)).text).toContain('See them all')
    expect((await app.reader.get(`/${directory}?q=!!!`)).text).toContain('See them all')
  })

  test('has a page for each, with every name and its agreements in the order of their signature', async () => {
    const { text } = await app.reader.get(`/${directory}/${slug}`).expect(200)
    expect(text).toContain(known)
    expect(text.indexOf('ARE-SYR-2025-1')).toBeGreaterThan(
      text.indexOf(directory === 'parties' ? 'ARE-DJI-2006-1' : 'RUS-SYR-2019-1'),
    )
    expect(text).not.toContain('Add the name')
    await app.reader.get(`/${directory}/nobody`).expect(404)
  })

  test('takes another name, by which agreements are then found', async () => {
    const add = (name: string, lang = '') =>
      analyst.post(`/${directory}/${slug}/names`).type('form').send({ name, lang })
    await add(`Zanzibar ${directory}`, 'en').expect(303)
    expect((await app.reader.get(`/agreements?q=Zanzibar ${directory}`)).text).toContain('ARE-SYR-2025-2')
    expect((await analyst.get(`/${directory}/${slug}`)).text).toContain(`Zanzibar ${directory}`)
    expect((await add(`Zanzibar ${directory}`, 'en').expect(422)).text).toContain('has this name already')
    expect((await add('  ').expect(422)).text).toContain('Give the name')
    expect((await add('…').expect(422)).text).toContain('at least one letter')
    expect((await add('Name', 'English').expect(422)).text).toContain('is not a language')
    await analyst.post(`/${directory}/nobody/names`).type('form').send({ name: 'x' }).expect(404)
    await app.reader.post(`/${directory}/${slug}/names`).type('form').send({ name: 'x' }).expect(401)
    const { kind, after } = await app.context.db.read
      .selectFrom('changes')
      .select(['kind', 'after'])
      .orderBy('id', 'desc')
      .executeTakeFirstOrThrow()
    expect(kind).toBe(directory === 'parties' ? 'party_name_added' : 'place_name_added')
    expect(after).toContain('Zanzibar')
  })

  test.each(['x=1', 'page=0', 'q=a&q=b', `q=${'x'.repeat(201)}`, 'q=%00'])('?%s is a 400', async (query) => {
    await app.reader.get(`/${directory}?${query}`).expect(400)
  })
})
