import {
  closeSync,
  existsSync,
  openSync,
  readdirSync,
  readFileSync,
  rmSync,
  truncateSync,
  writeFileSync,
  writeSync,
} from 'node:fs'
import { basename, join } from 'node:path'
import { gunzipSync, gzipSync } from 'node:zlib'
import SqliteConnection from 'better-sqlite3'
import { afterAll, beforeAll, describe, expect, inject, onTestFinished, test } from 'vitest'
import type { Role } from '../../src/words/role.ts'
import { readConfig } from '../../src/config.ts'
import { createContext } from '../../src/server/open.ts'
import type { EngineName } from '../../src/database/engines/engine.ts'
import { openDatabase } from '../../src/database/open.ts'
import { RECORDED_TABLES, tableNamed } from '../../src/database/all-tables.ts'
import { describeOnSqlite, emptyDatabase, testOnSqlite } from '../support/databases.ts'
import { agreementForm, statusForm } from '../support/forms.ts'
import { command, ended, program } from '../support/program.ts'
import { SOME, startTestApp, testApp, type TestApp } from '../support/test-app.ts'
import { newFolder } from '../support/folder.ts'

const ENGINES: EngineName[] = inject('engine') === 'sqlite' ? ['sqlite'] : ['postgres', 'sqlite']

let app: TestApp
let url: string
let folder: string
beforeAll(async () => {
  app = await startTestApp({ seeds: true })
  url = app.context.config.databaseUrl
  folder = newFolder('transfer')
  await work(app)
})
afterAll(async () => {
  await app.stop()
  rmSync(folder, { recursive: true })
})

/** Something of everything that a register has beside its seeds. */
async function work(worked: TestApp, role: Role = 'analyst'): Promise<void> {
  const analyst = await worked.logIn(role, 'Ünal "Ada"\t')
  await analyst
    .post('/agreements')
    .type('form')
    .send(
      agreementForm({
        status: 'active',
        status_since: '2020',
        value_amount: '0.1',
        value_currency: 'EUR',
        summary: 'a\\b\n“c”',
      }),
    )
  const { version } = await worked.context.db.read
    .selectFrom('agreements')
    .select('version')
    .where('reference', '=', 'RUS-SYR-2017-2')
    .executeTakeFirstOrThrow()
  const evidence = { source_title: 'Gazette', asserted_by: 'Ada' }
  const change = statusForm({ status: 'annulled', means: '', ...evidence, version: `${version}` })
  await analyst.post('/agreements/RUS-SYR-2017-2/status').type('form').send(change)
  const { text } = await analyst.get('/claims/1').expect(200)
  const seen = / name="seen" value="(\d+)"/.exec(text)?.[1] ?? ''
  await analyst.post('/claims/1/withdraw').type('form').send({ reason: 'Misread.', seen })
}

async function target(engine: EngineName): Promise<string> {
  const database = await emptyDatabase(engine)
  onTestFinished(() => database.remove())
  return database.url
}

/** Every row of a register, by table. */
async function everything(of: string): Promise<Record<string, unknown[]>> {
  const db = await openDatabase(of)
  const tables: Record<string, unknown[]> = {}
  for (const table of RECORDED_TABLES) {
    let query = db.read.selectFrom(table).selectAll()
    for (const column of tableNamed(table).key) query = query.orderBy(column as never)
    tables[table] = (await query.execute()).filter((row) => !('key' in row) || row.key !== 'writer')
  }
  await db.close()
  return tables
}

/** What the pages of a register say. */
async function pages(of: string): Promise<string[]> {
  const own = await testApp({ env: { DATABASE_URL: of } })
  const paths = [
    '/agreements?q=hmeimim',
    '/agreements.csv?sort=title',
    '/agreements.csv?as_of=2025-02-01',
    '/agreements/RUS-SYR-2017-2',
    '/changes.csv',
    '/sources?q=tass',
  ]
  const texts = []
  for (const path of paths) texts.push((await own.reader.get(path).expect(200)).text.replaceAll(own.url, ''))
  await own.stop()
  return texts
}

const file = (name: string) => join(folder, `${inject('engine')}-${name}`)

describe.each(ENGINES)('to %s', (engine) => {
  test('a copy has every row, and shows the same', async () => {
    const to = await target(engine)
    const { code, out, err } = await command(url, 'copy', '--from', url, '--to', to)
    expect([code, err.split('\n').at(-2)]).toEqual([0, 'working out what follows from it'])
    expect(out).toContain('46 agreements')
    expect(await everything(to)).toEqual(await everything(url))
    expect((await command(to, 'verify')).out).toContain('46 agreements')
    expect(await pages(to)).toEqual(await pages(url))
  })

  test('what was copied goes on with numbers of its own', async () => {
    const to = await target(engine)
    await command(url, 'copy', '--from', url, '--to', to)
    const own = await testApp({ env: { DATABASE_URL: to } })
    await work(own, 'admin')
    await own.close()
    expect((await command(to, 'verify')).out).toContain('47 agreements')
  })

  test('a dump has every row, and shows the same', async () => {
    const dump = file(`${engine}.jsonl.gz`)
    expect(await command(url, 'backup', dump)).toMatchObject({ code: 0, err: '' })
    const to = await target(engine)
    expect((await command(to, 'restore', dump)).out).toContain('46 agreements')
    expect(await everything(to)).toEqual(await everything(url))
    expect(await pages(to)).toEqual(await pages(url))
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
    const db = await openDatabase(to)
    const progress = JSON.stringify({ head: 'another', table: 'users', last: { id: 1 } })
    await db.transaction(async (trx) => {
      await trx.insertInto('settings').values({ key: 'incoming', value: progress }).execute()
    })
    await db.close()
    const { code, err } = await command(from, 'copy', '--from', from, '--to', to)
    expect([code, err.includes('an earlier state of this one')]).toEqual([1, true])
  })

  test.each([
    ['onto itself', () => [url, url], /is the register itself/],
    [
      'onto another register',
      async () => [url, (await testApp({ seeds: true })).context.config.databaseUrl],
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
      expect((await command(url, 'copy', ...args)).code).toBe(2)
    },
  )
})

/** A database without a register. */
async function migrated(isMade: boolean): Promise<string> {
  const to = await target(inject('engine'))
  if (isMade) {
    const db = await openDatabase(to)
    await db.migrate()
    await db.close()
  }
  return to
}

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
    const partial = join(folder, readdirSync(folder).find((name) => name.startsWith(`${basename(backup)}.`)) ?? '')
    expect((await command(await target('sqlite'), 'restore', partial)).err).toContain('is damaged')
    expect((await command(from, 'verify')).code).toBe(0)
    // The drill: the next backup succeeds, and a register comes out of it.
    expect((await command(from, 'backup', backup)).code).toBe(0)
    expect((await command(await target(inject('engine')), 'restore', backup)).out).toContain('300 agreements')
  })

  test.each([
    ['over a file', () => file('there.jsonl.gz'), /there is a file/],
    ['into no folder', () => join(folder, 'none', 'x.jsonl.gz'), /there is no folder/],
    ['without an ending', () => file('x'), /does not say what to write/],
    ['into a device that is full', () => '/dev/full/x.jsonl.gz', /cannot be written/],
  ])('%s is refused in one line', async (_what, name, message) => {
    writeFileSync(file('there.jsonl.gz'), 'kept')
    const { code, err } = await command(url, 'backup', name())
    expect([code, err.trim().split('\n').length]).toEqual([1, 1])
    expect(err).toMatch(message)
    expect(readFileSync(file('there.jsonl.gz'), 'utf8')).toBe('kept')
  })
})

// A dump is the same whichever engine made it (above): what is wrong with one is tried once.
describeOnSqlite('a restore of a dump', () => {
  const lines = () =>
    gunzipSync(readFileSync(file('whole.jsonl.gz')))
      .toString()
      .split('\n')
  const zipped = (name: string, text: string) => {
    writeFileSync(file(name), gzipSync(text))
    return file(name)
  }
  beforeAll(async () => {
    expect((await command(url, 'backup', file('whole.jsonl.gz'))).code).toBe(0)
  })

  test.each([
    ['of a file that is not there', () => file('none.jsonl.gz'), /there is no file/],
    ['of a text', () => (writeFileSync(file('text'), 'hello'), file('text')), /is not a backup/],
    ['of a zipped text', () => zipped('zipped', 'hello\n'), /is damaged/],
    ['of zipped JSON', () => zipped('json', '{}\n'), /is not a backup/],
    ['of a file that was cut', () => cut(), /is damaged/],
    ['of a dump without its end', () => zipped('endless', lines().slice(0, -2).join('\n')), /is damaged/],
    ['of a dump without a row', () => zipped('rowless', lines().toSpliced(5, 1).join('\n')), /is damaged/],
    ['of a dump with another word', () => zipped('word', lines().join('\n').replace('Tartus', 'Tartux')), /is damaged/],
    ['of a dump with a shorter row', () => zipped('short', lines().toSpliced(3, 0, '[1]').join('\n')), /is damaged/],
    [
      'of a newer dump',
      () => zipped('newer', lines().join('\n').replace('"format":1', '"format":2')),
      /made by a newer Clausula/,
    ],
    [
      'of a dump with newer tables',
      () => zipped('tables', lines().join('\n').replace('"migrations":[', '"migrations":["9999-future",')),
      /made by a newer Clausula/,
    ],
  ])('%s is refused in one line, and leaves nothing behind', async (_what, backup, message) => {
    const to = await target('sqlite')
    const { code, out, err } = await command(to, 'restore', backup())
    const said = err.trim().split('\n')
    expect([code, out]).toEqual([1, ''])
    expect(said.at(-1)).toMatch(message)
    expect(said.filter((line) => line.startsWith('clausula:'))).toHaveLength(1)
    expect(readdirSync(join(to.slice('sqlite:'.length), '..'))).toEqual([])
  })

  test('of a dump with any byte changed is one line, and leaves nothing behind', async () => {
    const whole = readFileSync(file('whole.jsonl.gz'))
    for (let part = 1; part <= 4; part += 1) {
      const changed = Buffer.from(whole)
      const at = Math.floor((whole.length * part) / 5)
      changed[at] = (changed[at] ?? 0) ^ 0x10
      writeFileSync(file('flipped.jsonl.gz'), changed)
      const to = await target('sqlite')
      const { code, err } = await command(to, 'restore', file('flipped.jsonl.gz'))
      expect([code, err.trim().split('\n').length, err.includes('is damaged')]).toEqual([1, 1, true])
      expect(readdirSync(join(to.slice('sqlite:'.length), '..'))).toEqual([])
    }
  })

  test('beside what a killed server left of another register is refused', async () => {
    const to = await target('sqlite')
    const left = `${to.slice('sqlite:'.length)}-wal`
    writeFileSync(left, 'of another register')
    const { code, err } = await command(to, 'restore', file('whole.jsonl.gz'))
    expect([code, err]).toEqual([1, expect.stringContaining('-wal already')])
    expect(readFileSync(left, 'utf8')).toBe('of another register')
  })

  function cut(): string {
    const copy = file('cut.jsonl.gz')
    writeFileSync(copy, readFileSync(file('whole.jsonl.gz')))
    truncateSync(copy, 20_000)
    return copy
  }
})

describe('a restore', () => {
  describe('of a SQLite file', () => {
    const backup = async (change: (copy: string) => void) => {
      const own = await testApp({ env: { DATABASE_URL: await target('sqlite') } })
      const copy = join(folder, `${inject('engine')}-${Math.random().toString(36).slice(2)}.db`)
      expect((await command(own.context.config.databaseUrl, 'backup', copy)).code).toBe(0)
      change(copy)
      return copy
    }
    const tell = (statement: string) => (copy: string) => {
      const connection = new SqliteConnection(copy)
      connection.exec(statement)
      connection.close()
    }

    test.each([
      ['that was cut', (copy: string) => truncateSync(copy, 40_000), /damaged|malformed/],
      ['whose pages were overwritten', (copy: string) => overwrite(copy, 8_192, 60_000), /damaged|malformed/],
      [
        'of a newer program',
        tell("insert into kysely_migration values ('9999-future', '2030-01-01')"),
        /made by a newer Clausula/,
      ],
      ['of another program', tell('drop table kysely_migration'), /the tables of another program/],
    ])('%s is refused in one line by both engines, and leaves nothing behind', async (_what, change, message) => {
      const copy = await backup(change)
      for (const engine of ENGINES) {
        const to = await target(engine)
        const { code, out, err } = await command(to, 'restore', copy)
        expect([code, out, err.trim().split('\n').length]).toEqual([1, '', 1])
        expect(err).toMatch(message)
        if (engine === 'sqlite') expect(readdirSync(join(to.slice('sqlite:'.length), '..'))).toEqual([])
      }
    })

    test('is restored on either engine', async () => {
      const copy = await backup(() => {})
      for (const engine of ENGINES)
        expect((await command(await target(engine), 'restore', copy)).out).toContain('0 agreements with 0 changes')
    })
  })

  test('into a register is refused, and harms nothing', async () => {
    const whole = file('before.jsonl.gz')
    await command(url, 'backup', whole)
    const before = await everything(url)
    const { code, err } = await command(url, 'restore', whole)
    expect([code, /already|is not empty/.test(err)]).toEqual([1, true])
    expect(await everything(url)).toEqual(before)
  })
})

test('what came in part is neither copied nor backed up as if it were whole', async () => {
  const to = await target(inject('engine'))
  await command(url, 'copy', '--from', url, '--to', to)
  const db = await openDatabase(to)
  const progress = JSON.stringify({ head: 'x', table: 'changes', last: { id: 1 } })
  await db.transaction(async (trx) => {
    await trx.insertInto('settings').values({ key: 'incoming', value: progress }).execute()
  })
  await db.close()
  const copied = await command(to, 'copy', '--from', to, '--to', await target('sqlite'))
  const backedUp = await command(to, 'backup', file('in-part.jsonl.gz'))
  for (const { code, err } of [copied, backedUp])
    expect([code, err.includes('did not come to its end')]).toEqual([1, true])
})

test('a database into which a register came in part is opened by nobody', async () => {
  const to = await migrated(true)
  const db = await openDatabase(to)
  const progress = JSON.stringify({ head: 'x', table: null, last: null })
  await db.transaction(async (trx) => {
    await trx.insertInto('settings').values({ key: 'incoming', value: progress }).execute()
  })
  await db.close()
  await expect(
    createContext(readConfig({ DATABASE_URL: to }), { clock: app.clock, log: app.context.log }),
  ).rejects.toThrow(/did not come to its end/)
})

function overwrite(file: string, from: number, length: number): void {
  const handle = openSync(file, 'r+')
  writeSync(handle, Buffer.alloc(length, 0x5a), 0, length, from)
  closeSync(handle)
}
