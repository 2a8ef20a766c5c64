import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { basename, join } from 'node:path'
import { describe, expect, inject, test } from 'vitest'
import { testOnSqlite } from '../support/databases.ts'
import { agreementForm } from '../support/forms.ts'
import { command, ended, program } from '../support/program.ts'
import { SOME, testApp } from '../support/test-app.ts'
import { fileIn, openRegister, target } from './registers.ts'

const register = openRegister()
const file = (name: string) => fileIn(register, name)

describe('a backup', () => {
  testOnSqlite('is a SQLite file of one state, while the server writes', async () => {
    const own = await testApp({ seeds: true })
    const analyst = await own.logIn('analyst')
    const from = own.context.config.databaseUrl
    const backup = file('while-writing.db')
    const done = new AbortController()
    const writing = (async () => {
      let written = 0
      while (!done.signal.aborted) {
        await analyst
          .post('/agreements')
          .type('form')
          .send(agreementForm({ status: 'active', status_since: '2020', title: `Treaty ${written}` }))
          .expect(303)
        written += 1
      }
      return written
    })()
    expect(await command(from, 'backup', backup)).toMatchObject({ code: 0, err: '' })
    done.abort()
    expect(await writing).toBeGreaterThan(0)
    const to = await target('sqlite')
    expect((await command(to, 'restore', backup)).out).toContain('all follow from the history')
    own.clock.set('2026-11-23T13:00:00.000Z')
    expect((await command(from, 'verify')).code).toBe(0)
  })

  test('is one state, while the server writes, as a dump too', async () => {
    const own = await testApp({ seeds: true })
    const analyst = await own.logIn('analyst')
    const from = own.context.config.databaseUrl
    const backup = file('while-writing.jsonl.gz')
    const backingUp = command(from, 'backup', backup)
    for (let written = 0; written < 20; written += 1)
      await analyst
        .post('/agreements')
        .type('form')
        .send(agreementForm({ status: 'active', status_since: '2020', title: `Treaty ${written}` }))
        .expect(303)
    expect(await backingUp).toMatchObject({ code: 0, err: '' })
    expect((await command(await target('sqlite'), 'restore', backup)).out).toContain('all follow from the history')
  })

  test('whose process is killed leaves no file that looks like one, and harms nothing', async () => {
    const made = await testApp({ madeUp: SOME })
    const from = made.context.config.databaseUrl
    const backup = file('killed.jsonl.gz')
    const killed = await ended(program('tests/support/killed-backup.ts', [from, backup], {}))
    expect([killed.signal, killed.err, existsSync(backup)]).toEqual(['SIGKILL', '', false])
    const partial = join(
      register.folder,
      readdirSync(register.folder).find((name) => name.startsWith(`${basename(backup)}.`)) ?? '',
    )
    expect((await command(await target('sqlite'), 'restore', partial)).err).toContain('is damaged')
    expect((await command(from, 'verify')).code).toBe(0)
    // The drill: the next backup succeeds, and a register comes out of it.
    expect((await command(from, 'backup', backup)).code).toBe(0)
    expect((await command(await target(inject('engine')), 'restore', backup)).out).toContain('300 agreements')
  })

  test.each([
    ['over a file', () => file('there.jsonl.gz'), /there is a file/],
    ['into no folder', () => join(register.folder, 'none', 'x.jsonl.gz'), /there is no folder/],
    ['without an ending', () => file('x'), /does not say what to write/],
    ['into a device that is full', () => '/dev/full/x.jsonl.gz', /cannot be written/],
  ])('%s is refused in one line', async (_what, name, message) => {
    writeFileSync(file('there.jsonl.gz'), 'kept')
    const { code, err } = await command(register.url, 'backup', name())
    expect([code, err.trim().split('\n').length]).toEqual([1, 1])
    expect(err).toMatch(message)
    expect(readFileSync(file('there.jsonl.gz'), 'utf8')).toBe('kept')
  })
})
