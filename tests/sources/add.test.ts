import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { anyValue, encoded } from '../support/any-shape.ts'
import { leadingNowhere } from '../support/forms.ts'
import type { Fields } from '../support/test-app.ts'
import { verified } from '../support/verified.ts'
import { openDesk } from '../support/desk.ts'
import { sourceForm, sourcesAt } from './sources.ts'

const desk = openDesk()
const { add, seenOf, sourceRow, historyOf } = sourcesAt(desk)

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
    const { text } = await desk.app.reader.get(`/sources/${id}`).expect(200)
    for (const told of ['Whole', 'The printer', '15 Oct 2026', 'French', '1 Nov 2026', 'B, usually reliable'])
      expect(text).toContain(told)
    expect(text).toContain('href="https://whole.example/a" rel="noopener noreferrer external"')
    expect((await desk.app.reader.get('/changes')).text).toContain('recorded the source “Whole”')
  })

  test('whose address is known is not recorded again: the page leads to the one that is there', async () => {
    const id = await add({ source_url: 'https://known.example/a' })
    const revision = await desk.app.context.db.revision()
    const fields = sourceForm({ source_url: 'http://www.known.example/a/', source_title: 'My own title' })
    const { text } = await desk.ada.post('/sources').type('form').send(fields).expect(422)
    expect(text).toContain(`This address is recorded already, as source ${id}`)
    expect(text).toContain(`href="/sources/${id}"`)
    expect(text).toContain(`href="/claims/new?source=${id}"`)
    expect(text).toContain('value="My own title"')
    expect(await desk.app.context.db.revision()).toBe(revision)
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
      const revision = await desk.app.context.db.revision()
      const seen: Fields = path === '/sources' ? {} : { seen: await seenOf(id) }
      const fields = { ...sourceForm({ source_publisher: 'What I typed stays' }), ...seen, ...more }
      const { text } = await desk.ada.post(path).type('form').send(fields).expect(422)
      expect(text, path).toContain(message)
      if (!('source_publisher' in more)) expect(text).toContain('value="What I typed stays"')
      if (field !== '') expect(text).toContain(`<a href="#${field}">`)
      expect(leadingNowhere(text)).toEqual([])
      expect(text).not.toContain('<script>alert(1)</script>')
      expect(await desk.app.context.db.revision()).toBe(revision)
    }
  })

  test('an address that is too long comes back whole, to be shortened', async () => {
    const source_url = `https://a.example/${'x'.repeat(10_000)}`
    const { text } = await desk.ada.post('/sources').type('form').send(sourceForm({ source_url })).expect(422)
    expect(text).toContain(`value="${source_url}"`)
  })

  test('by analysts only, and now', async () => {
    const id = await add()
    await desk.app.reader.get('/sources/new').expect(303)
    await desk.app.reader.get(`/sources/${id}/edit`).expect(303)
    await desk.app.reader.post('/sources').type('form').send(sourceForm()).expect(401)
    await desk.app.reader.post(`/sources/${id}/edit`).type('form').send(sourceForm()).expect(401)
    const reader = await desk.app.logIn('reader')
    await reader.post('/sources').type('form').send(sourceForm()).expect(403)
    expect((await reader.get(`/sources/${id}`).expect(200)).text).not.toContain(`/sources/${id}/edit`)
    for (const path of ['/sources/new', `/sources/${id}/edit`]) {
      await desk.ada.get(`${path}?as_of=2025`).expect(400)
      await desk.ada.get(`${path}?known_at=2026-11-23`).expect(400)
    }
  })

  test.each(['0', '-1', 'x', '999999', '9'.repeat(30), '%00'])('there is no source %s', async (id) => {
    expect((await desk.app.reader.get(`/sources/${id}`).expect(404)).text).toContain('There is no source')
    await desk.ada.get(`/sources/${id}/edit`).expect(404)
    await desk.ada
      .post(`/sources/${id}/edit`)
      .type('form')
      .send(sourceForm({ seen: '1' }))
      .expect(404)
  })
})

test('a query string or a form of any shape is answered, and never by a 500', async () => {
  const id = await add()
  const value = anyValue(
    'A',
    'none',
    'nothing',
    '2026-02-30',
    '9'.repeat(40),
    '%',
    'https://a.example',
    '<script>alert(1)</script>',
    "' or 1=1 --",
  )
  const names = ['q', 'publisher', 'reliability', 'rests', 'page', 'as_of', 'known_at', '__proto__', 'constructor', '']
  const fields = [...Object.keys(sourceForm()), 'seen', '__proto__', 'constructor', '']
  await fc.assert(
    fc.asyncProperty(
      fc.constantFrom('/sources', `/sources/${id}`),
      fc.array(fc.tuple(fc.constantFrom(...names), value), { maxLength: 4 }),
      fc.constantFrom('/sources', `/sources/${id}/edit`),
      fc.array(fc.tuple(fc.constantFrom(...fields), value), { maxLength: 9 }),
      async (page, query, target, form) => {
        const { status, text } = await desk.app.reader.get(`${page}?${encoded(query)}`)
        expect([200, 400, 404]).toContain(status)
        expect(text).not.toContain('<script>alert(1)</script>')
        const answer = await desk.ada.post(target).type('form').send(encoded(form))
        expect([303, 409, 422]).toContain(answer.status)
        expect(answer.text).not.toContain('<script>alert(1)</script>')
      },
    ),
    { numRuns: 80 },
  )
})

test('after all of this the register follows from its history, and nothing went wrong', async () => {
  expect(await verified(desk.app)).toContain('all follow from the history')
  expect(desk.app.errors).toEqual([])
})
