import { closeSync, openSync, readdirSync, readFileSync, truncateSync, writeFileSync, writeSync } from 'node:fs'
import { hash } from 'node:crypto'
import { join } from 'node:path'
import { gunzipSync, gzipSync } from 'node:zlib'
import SqliteConnection from 'better-sqlite3'
import { beforeAll, describe, expect, inject, test } from 'vitest'
import { describeOnSqlite } from '../support/databases.ts'
import { command } from '../support/program.ts'
import { testApp } from '../support/test-app.ts'
import { engines, everything, fileIn, openRegister, target } from './registers.ts'

const register = openRegister()
const file = (name: string) => fileIn(register, name)

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
    expect((await command(register.url, 'backup', file('whole.jsonl.gz'))).code).toBe(0)
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
      () => zipped('newer', lines().join('\n').replace('"format":2', '"format":3')),
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

  test('of a dump with an admin put in is refused in one line, and leaves nothing behind', async () => {
    const [heading = '', ...rows] = lines().slice(0, -2)
    const users = rows.findIndex((line) => line.startsWith('{"table":"users"'))
    const { columns } = JSON.parse(rows[users] ?? '') as { columns: string[] }
    const admin: Record<string, unknown> = {
      id: 999,
      email: 'x@example.org',
      name: 'X',
      role: 'admin',
      password_hash: 'x',
    }
    const row = columns.map((column) => admin[column] ?? (column === 'created_at' ? '2026-11-23T12:00:00.000Z' : null))
    const next = rows.findIndex((line, index) => index > users && line.startsWith('{'))
    const put = rows.toSpliced(next, 0, JSON.stringify(row))
    const counted = JSON.parse(heading) as { counts: Record<string, number> }
    counted.counts['users'] = (counted.counts['users'] ?? 0) + 1
    const text = `${[JSON.stringify(counted), ...put].join('\n')}\n`
    const whole = zipped('admin', `${text}${JSON.stringify({ sha256: hash('sha256', text) })}\n`)
    const to = await target('sqlite')
    const { code, err } = await command(to, 'restore', whole)
    expect([code, err.split('\n').filter((line) => line.startsWith('clausula:')).length]).toEqual([1, 1])
    expect(err).toMatch(/does not follow from its history: user 999 follows from no change/)
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
      const copy = join(register.folder, `${inject('engine')}-${Math.random().toString(36).slice(2)}.db`)
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
      [
        'with a trigger put in',
        tell("create trigger zz after insert on sessions begin update users set role = 'admin'; end"),
        /the schema was altered: trigger zz is none of the program’s/,
      ],
      [
        'with a trigger taken out',
        tell('drop trigger changes_are_not_updated'),
        /the schema was altered: trigger changes_are_not_updated is missing/,
      ],
      [
        'with a view in the place of a table',
        tell('alter table claim_ties rename to kept; create view claim_ties as select * from kept where 0'),
        /the schema was altered/,
      ],
      [
        'with a column that is worked out',
        tell("alter table users add column x text generated always as ('admin')"),
        /the schema was altered: table users is not as the program makes it/,
      ],
      [
        'with an admin put in',
        tell(
          "insert into users (email, name, role, created_at) values ('x@example.org', 'X', 'admin', '2026-11-23T12:00:00.000Z')",
        ),
        /user \d+ follows from no change/,
      ],
      ['of another program', tell('drop table kysely_migration'), /the tables of another program/],
    ])('%s is refused in one line by both engines, and leaves nothing behind', async (_what, change, message) => {
      const copy = await backup(change)
      for (const engine of engines()) {
        const to = await target(engine)
        const { code, out, err } = await command(to, 'restore', copy)
        const said = err
          .trim()
          .split('\n')
          .filter((line) => line.startsWith('clausula:'))
        expect([code, out, said.length]).toEqual([1, '', 1])
        expect(said[0]).toMatch(message)
        if (engine === 'sqlite') expect(readdirSync(join(to.slice('sqlite:'.length), '..'))).toEqual([])
      }
    })

    test('is restored on either engine', async () => {
      const copy = await backup(() => {})
      for (const engine of engines())
        expect((await command(await target(engine), 'restore', copy)).out).toContain('0 agreements with 0 changes')
    })
  })

  test('into a register is refused, and harms nothing', async () => {
    const whole = file('before.jsonl.gz')
    await command(register.url, 'backup', whole)
    const before = await everything(register.url)
    const { code, err } = await command(register.url, 'restore', whole)
    expect([code, /already|is not empty/.test(err)]).toEqual([1, true])
    expect(await everything(register.url)).toEqual(before)
  })
})

function overwrite(file: string, from: number, length: number): void {
  const handle = openSync(file, 'r+')
  writeSync(handle, Buffer.alloc(length, 0x5a), 0, length, from)
  closeSync(handle)
}
