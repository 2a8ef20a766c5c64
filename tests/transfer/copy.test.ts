import { readFileSync } from 'node:fs'
import { gunzipSync } from 'node:zlib'
import { describe, expect, inject, test } from 'vitest'
import { readConfig } from '../../src/config.ts'
import { createContext } from '../../src/server/open.ts'
import { command, ended, program } from '../support/program.ts'
import { SOME, testApp } from '../support/test-app.ts'
import { comeInPart, engines, everything, fileIn, migrated, openRegister, pages, target, work } from './registers.ts'

const register = openRegister()
const file = (name: string) => fileIn(register, name)

describe.each(engines())('to %s', (engine) => {
  test('a copy has every row, and shows the same', async () => {
    const to = await target(engine)
    const { code, out, err } = await command(register.url, 'copy', '--from', register.url, '--to', to)
    expect([code, err.split('\n').at(-2)]).toEqual([0, 'working out what follows from it'])
    expect(out).toContain('46 agreements')
    expect(await everything(to)).toEqual(await everything(register.url))
    expect((await command(to, 'verify')).out).toContain('46 agreements')
    expect(await pages(to)).toEqual(await pages(register.url))
  })

  test('what was copied goes on with numbers of its own', async () => {
    const to = await target(engine)
    await command(register.url, 'copy', '--from', register.url, '--to', to)
    const own = await testApp({ env: { DATABASE_URL: to } })
    await work(own, 'admin')
    await own.close()
    expect((await command(to, 'verify')).out).toContain('47 agreements')
  })

  test('a dump has every row, and shows the same', async () => {
    const dump = file(`${engine}.jsonl.gz`)
    expect(await command(register.url, 'backup', dump)).toMatchObject({ code: 0, err: '' })
    const to = await target(engine)
    expect((await command(to, 'restore', dump)).out).toContain('46 agreements')
    expect(await everything(to)).toEqual(await everything(register.url))
    expect(await pages(to)).toEqual(await pages(register.url))
    const again = file(`${engine}-again.jsonl.gz`)
    await command(to, 'backup', again)
    expect(gunzipSync(readFileSync(again)).equals(gunzipSync(readFileSync(dump)))).toBe(true)
  })
})

describe('a copy', () => {
  test('that is interrupted goes on where it stopped', async () => {
    const made = await testApp({ madeUp: SOME })
    const from = made.context.config.databaseUrl
    const to = await target(inject('engine'))
    const killed = await ended(program('tests/support/killed-copy.ts', [from, to, 'agreements'], {}))
    expect([killed.signal, killed.err]).toEqual(['SIGKILL', ''])
    expect((await command(to, 'export')).err).toContain('did not come to its end')
    const { code, err } = await command(from, 'copy', '--from', from, '--to', to)
    expect([code, /^going on with \w+$/m.test(err), err.includes('users:')]).toEqual([0, true, false])
    expect(await everything(to)).toEqual(await everything(from))
    expect((await command(to, 'verify')).out).toContain('300 agreements')
  })

  test('does not go on once the register has changed', async () => {
    const own = await testApp({ seeds: true })
    const from = own.context.config.databaseUrl
    const to = await target(inject('engine'))
    await command(from, 'copy', '--from', from, '--to', to)
    await comeInPart(to, { head: 'another', table: 'users', last: { id: 1 } })
    const { code, err } = await command(from, 'copy', '--from', from, '--to', to)
    expect([code, err.includes('an earlier state of this one')]).toEqual([1, true])
  })

  test.each([
    ['onto itself', () => [register.url, register.url], /is the register itself/],
    [
      'onto another register',
      async () => [register.url, (await testApp({ seeds: true })).context.config.databaseUrl],
      /is not empty/,
    ],
    [
      'of a file that is not there',
      async () => [`sqlite:${file('none.db')}`, await target('sqlite')],
      /there is no file/,
    ],
    ['of an empty database', async () => [await migrated(false), await target('sqlite')], /holds no register|no file/],
  ] as const)('%s is refused in one line', async (_what, addresses, message) => {
    const [from = '', to = ''] = await addresses()
    const { code, out, err } = await command(from, 'copy', '--from', from, '--to', to)
    expect([code, out, err.trim().split('\n').length]).toEqual([1, '', 1])
    expect(err).toMatch(message)
  })

  test.each([[[]], [['--from', 'x']], [['--from', 'sqlite:a', '--to', 'mysql://b']], [['--from', 'postgres://']]])(
    'with %j is wrong usage',
    async (args) => {
      expect((await command(register.url, 'copy', ...args)).code).toBe(2)
    },
  )
})

test('what came in part is neither copied nor backed up as if it were whole', async () => {
  const to = await target(inject('engine'))
  await command(register.url, 'copy', '--from', register.url, '--to', to)
  await comeInPart(to, { head: 'x', table: 'changes', last: { id: 1 } })
  const copied = await command(to, 'copy', '--from', to, '--to', await target('sqlite'))
  const backedUp = await command(to, 'backup', file('in-part.jsonl.gz'))
  for (const { code, err } of [copied, backedUp])
    expect([code, err.includes('did not come to its end')]).toEqual([1, true])
})

test('a database into which a register came in part is opened by nobody', async () => {
  const to = await migrated(true)
  await comeInPart(to, { head: 'x', table: null, last: null })
  await expect(
    createContext(readConfig({ DATABASE_URL: to }), { clock: register.app.clock, log: register.app.context.log }),
  ).rejects.toThrow(/did not come to its end/)
})
