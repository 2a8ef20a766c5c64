import { readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest'
import { newFolder } from '../support/folder.ts'
import { unguardedCopy } from '../support/databases.ts'
import { runHere } from '../support/program.ts'
import { startTestApp, type TestApp } from '../support/test-app.ts'
import { hashChange } from '../../src/history/change.ts'

let app: TestApp
const folder = newFolder('heads')
const key = join(folder, 'key.pem')
const file = join(folder, 'heads.txt')

beforeAll(async () => {
  app = await startTestApp({ seeds: true, env: { CLAUSULA_SIGNING_KEY: key } })
})
afterAll(async () => {
  await app.stop()
  rmSync(folder, { recursive: true })
})

const verify = (url: string, ...args: string[]) =>
  runHere(['verify', ...args], { DATABASE_URL: url, CLAUSULA_SIGNING_KEY: key })

describe('the head of the history', () => {
  test('is sent as text, signed with a key that only its owner can read', async () => {
    const { text, headers } = await app.reader
      .get('/changes/head')
      .expect(200)
      .expect('Content-Type', /text\/plain/)
    const newest = await app.context.db.read
      .selectFrom('changes')
      .select(['id', 'hash'])
      .orderBy('id', 'desc')
      .executeTakeFirstOrThrow()
    expect(text).toContain(`change ${newest.id}\nhash ${newest.hash}\n`)
    expect(headers['clausula-key']).toMatch(/^clausula-register\+[0-9a-f]{8}\+/)
    expect(statSync(key).mode & 0o777).toBe(0o600)
    expect(readFileSync(key, 'utf8')).toContain('PRIVATE KEY')
    writeFileSync(file, text)
  })

  test('is found in the chain later, by the key or by the word for it', async () => {
    const { headers } = await app.reader.get('/changes/head')
    await app.addUser('reader')
    writeFileSync(file, (await app.reader.get('/changes/head')).text, { flag: 'a' })
    for (const more of [[], ['--key', headers['clausula-key'] ?? '']]) {
      const { code, out, err } = await verify(app.context.config.databaseUrl, '--since', file, ...more)
      expect([code, err]).toEqual([0, ''])
      expect(out).toContain('2 signed heads are in the chain')
    }
  })

  test('tells of a history that was written anew, hashes and all', async () => {
    const [newest, before] = await app.context.db.read
      .selectFrom('changes')
      .selectAll()
      .orderBy('id', 'desc')
      .limit(2)
      .execute()
    if (!newest || !before) throw new Error('there is a history')
    const { hash: _hash, ...entry } = newest
    const hash = hashChange(before.hash, { ...entry, reason: 'Another reason.' })
    await app.close()
    const rewritten = await unguardedCopy(
      app.context.config.databaseUrl,
      `update changes set reason = 'Another reason.', hash = '${hash}' where id = ${entry.id}`,
    )
    onTestFinished(rewritten.remove)
    expect((await verify(rewritten.url)).code).toBe(0)
    const { code, err } = await verify(rewritten.url, '--since', file)
    expect(code).toBe(1)
    expect(err).toMatch(new RegExp(`of change ${entry.id}, recorded .* is not in the chain`))
  })
})

describe('what was noted down is refused', () => {
  const url = () => app.context.config.databaseUrl
  const noted = (text: string) => {
    const path = join(folder, 'noted.txt')
    writeFileSync(path, text)
    return path
  }

  test.each([
    [
      'altered',
      () => ['--since', noted(readFileSync(file, 'utf8').replace(/change \d+/, 'change 7'))],
      1,
      /change 7 was altered/,
    ],
    ['no head at all', () => ['--since', noted('x')], 1, /“x” is no head of a register/],
    ['an empty file', () => ['--since', noted('')], 2, /there is no head in/],
    ['a file that is not there', () => ['--since', join(folder, 'nowhere')], 2, /--since must name a file/],
    ['a key by itself', () => ['--key', 'x'], 2, /--key belongs to --since/],
    ['another word for a key', () => ['--since', file, '--key', 'x'], 2, /--key must be the word/],
    ['a hash of another length', () => ['--head', 'abc'], 2, /64 hexadecimal digits/],
  ])('%s', async (_what, args, code, says) => {
    const ran = await verify(url(), ...args())
    expect([ran.code, ran.out]).toEqual([code, ''])
    expect(ran.err).toMatch(says)
  })

  test('and a key that is none', async () => {
    const ran = await runHere(['verify', '--since', file], { DATABASE_URL: url(), CLAUSULA_SIGNING_KEY: file })
    expect(ran.code).toBe(1)
    expect(ran.err).toMatch(/signing key .* cannot be used/)
  })
})
