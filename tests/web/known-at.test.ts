import { describe, expect, test } from 'vitest'
import { seenIn } from '../support/asked.ts'
import { openDesk } from '../support/desk.ts'
import { agreementForm, statusForm } from '../support/forms.ts'
import { type Fields, testApp } from '../support/test-app.ts'
import { listRows, THEN } from './past.ts'

const desk = openDesk()

describe('as known at a time', () => {
  test('before the register began there was nothing, and every page says so', async () => {
    const empty = ['/', '/agreements', '/agreements/timeline', '/changes', '/compare', '/sources']
    for (const path of empty) {
      const { text } = await desk.app.reader.get(`${path}?known_at=2020-01-01`).expect(200)
      expect(text).toContain('as known <b>at the end of 1 Jan 2020</b>')
    }
    expect((await desk.app.reader.get('/agreements?known_at=2020-01-01')).text).toContain('0 agreements')
    expect((await desk.app.reader.get('/changes?known_at=2020-01-01')).text).toContain('No change here')
    expect((await desk.app.reader.get('/sources?known_at=2020-01-01')).text).toContain('No source here')
    for (const path of ['/agreements/RUS-SYR-2019-1', '/agreements/RUS-SYR-2019-1/history', '/sources/1', '/claims/1'])
      await desk.app.reader.get(`${path}?known_at=2020-01-01`).expect(404)
  })

  test('before the register began no party and no place was known', async () => {
    expect((await desk.app.reader.get('/parties?known_at=2020-01-01')).text).toContain('No party here')
    expect((await desk.app.reader.get('/places?known_at=2020-01-01')).text).toContain('No place here')
  })

  test('both times together: what was in force on one day, as known on another', async () => {
    const own = await testApp({ now: '2026-11-01T12:00:00.000Z' })
    const eve = await own.logIn('analyst')
    const form = agreementForm({ status: 'active', means: 'in_force', status_since: '2020', title: 'First title' })
    const { headers } = await eve.post('/agreements').type('form').send(form).expect(303)
    const address = headers['location'] ?? ''
    own.clock.set('2026-11-10T12:00:00.000Z')
    const evidence = { source_title: 'Gazette', asserted_by: 'Minister', source_published_on: '2026-06-02' }
    const move = statusForm({ status: 'annulled', means: 'terminated', effective_on: '2026-06-01', ...evidence })
    await eve.post(`${address}/status`).type('form').send(move).expect(303)
    own.clock.set('2026-11-20T12:00:00.000Z')
    await eve
      .post(`${address}/edit`)
      .type('form')
      .send(agreementForm({ title: 'Second title', version: '2' }))
      .expect(303)
    const told = async (query: string) => {
      const [row] = await listRows(own, query)
      const { text: dossier } = await own.reader.get(`${address}?${query}`).expect(200)
      const { text: overview } = await own.reader.get(`/?${query}`).expect(200)
      const status = row?.['status'] ?? ''
      expect(dossier).toContain(`<p class="standing"><span class="stands status-${status}">`)
      expect(dossier).toContain(`<h1 dir="auto">${row?.['title']}</h1>`)
      expect(overview).toMatch(new RegExp(`status-${status}" href="[^"]*"><span class="count-number">1<`))
      const claims = /id="evidence"[\s\S]*?class="quiet">(\d+) claim/.exec(dossier)?.[1]
      return [row?.['title'], status, row?.['version'], claims].join(', ')
    }
    expect(await told('')).toBe('Second title, annulled, 3, 1')
    expect(await told('as_of=2026-05-31')).toBe('Second title, active, 3, 0')
    expect(await told('as_of=2026-06-01')).toBe('Second title, annulled, 3, 0')
    expect(await told('known_at=2026-11-05')).toBe('First title, active, 1, 0')
    expect(await told('known_at=2026-11-15')).toBe('First title, annulled, 2, 1')
    expect(await told('as_of=2026-06-01&known_at=2026-11-05')).toBe('First title, active, 1, 0')
    expect(await told('as_of=2026-05-31&known_at=2026-11-15')).toBe('First title, active, 2, 0')
    expect((await own.reader.get('/agreements?q=Second+title&known_at=2026-11-15')).text).toContain('No agreement here')
    expect((await own.reader.get('/agreements?q=First+title&known_at=2026-11-15')).text).toContain('1 agreement')
  })

  test('the history, the overview and the pages of claims call an agreement what it was called then', async () => {
    const own = await testApp({ now: '2026-11-01T12:00:00.000Z' })
    const eve = await own.logIn('analyst')
    const form = agreementForm({ status: 'active', status_since: '2020', title: 'First title' })
    const { headers } = await eve.post('/agreements').type('form').send(form).expect(303)
    const claim = { stance: 'asserts', status: 'under_review', asserted_by: 'Minister', source_title: 'Gazette' }
    await eve.post(`${headers['location']}/claims`).type('form').send(claim).expect(303)
    await eve
      .post(`${headers['location']}/status`)
      .type('form')
      .send(statusForm({ claim: '1' }))
      .expect(303)
    own.clock.set('2026-11-10T12:00:00.000Z')
    await eve
      .post(`${headers['location']}/edit`)
      .type('form')
      .send(agreementForm({ title: 'Second title', version: '2' }))
      .expect(303)
    for (const path of ['/changes', '/', '/sources/1', '/claims/1']) {
      const { text } = await own.reader.get(`${path}?known_at=2026-11-05`).expect(200)
      expect(text, path).toContain('First title')
      expect(text, path).not.toContain('Second title')
    }
  })

  test('an agreement that did not stand yet is called by its title of then where another is tied to it', async () => {
    const own = await testApp({ now: '2026-11-01T12:00:00.000Z' })
    const eve = await own.logIn('analyst')
    const enter = async (more: Fields) => {
      const form = agreementForm({ status: 'active', ...more })
      return (await eve.post('/agreements').type('form').send(form).expect(303)).headers['location'] ?? ''
    }
    const later = await enter({ status_since: '2024', title: 'First title' })
    const related = { relation_kind: 'follows', relation_reference: later.split('/').at(-1) ?? '' }
    const earlier = await enter({ status_since: '2020', title: 'The other', ...related })
    own.clock.set('2026-11-10T12:00:00.000Z')
    const renamed = agreementForm({ title: 'Second title', version: '1' })
    await eve.post(`${later}/edit`).type('form').send(renamed).expect(303)
    const { text } = await own.reader.get(`${earlier}?as_of=2022&known_at=2026-11-05`).expect(200)
    expect(text).toContain('First title')
    expect(text).not.toContain('Second title')
  })

  test('the past history of a day does not change when a source’s day of publication is edited', async () => {
    const own = await testApp({ now: '2026-11-01T12:00:00.000Z' })
    const eve = await own.logIn('analyst')
    const source = { source_title: 'Gazette', source_published_on: '2026-10-01' }
    const form = agreementForm({ status: 'active', status_since: '2020' })
    const { headers } = await eve.post('/agreements').type('form').send(form).expect(303)
    const claim = { stance: 'asserts', status: 'under_review', asserted_by: 'Minister', ...source }
    await eve.post(`${headers['location']}/claims`).type('form').send(claim).expect(303)
    const known = async () => (await own.reader.get('/changes?as_of=2026-10-10&known_at=2026-11-05').expect(200)).text
    own.clock.set('2026-11-10T12:00:00.000Z')
    const before = await known()
    expect(before).toContain('Gazette')
    expect(before).toContain('Minister')
    const seen = seenIn((await eve.get('/sources/1/edit')).text)
    const edited = { ...source, source_published_on: '2026-10-20', seen }
    await eve.post('/sources/1/edit').type('form').send(edited).expect(303)
    expect(await known()).toBe(before)
  })

  test('what is not there then is a page that keeps to the moment', async () => {
    const { text } = await desk.app.reader.get(`/agreements/ARE-SYR-2025-2?${THEN}`).expect(404)
    expect(text).toContain('it did not stand yet, or was not recorded yet')
    const links = [...text.slice(text.indexOf('<main')).matchAll(/ href="(\/[^"]*)"/g)].map(([, href = '']) => href)
    for (const href of links) expect(href).toContain('as_of=2025-02-01')
  })
})
