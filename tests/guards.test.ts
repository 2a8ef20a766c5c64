import { globSync, readdirSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import SqliteConnection from 'better-sqlite3'
import { sql } from 'kysely'
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest'
import { startTestApp, type TestApp } from './support/test-app.ts'
import { routesOf } from './support/routes.ts'
import { testOnSqlite } from './support/databases.ts'

let app: TestApp
beforeAll(async () => {
  app = await startTestApp({ seeds: true })
})
afterAll(() => app.stop())

const files = (folder: string, ending: string) =>
  readdirSync(join(import.meta.dirname, '..', folder), { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith(ending))
    .map((file) => ({
      file: join(folder, file),
      text: readFileSync(join(import.meta.dirname, '..', folder, file), 'utf8'),
    }))

describe('views', () => {
  test.each(files('views', '.ejs'))(
    '$file writes raw output only for parts, the body and pictures made here',
    ({ text }) => {
      const raw = [...text.matchAll(/<%-\s*([^%]+?)\s*%>/g)].map((match) => match[1] ?? '')
      for (const expression of raw)
        expect(expression).toMatch(
          /^(?:it\.include\(|text\(|select\(|it\.body$|it\.timeline$|it\.chart$|it\.picture$|it\.swatches\[one\.status\]$)/,
        )
    },
  )

  test.each(files('views', '.ejs'))('$file has no line that is longer than the screen is wide', ({ text }) => {
    expect(text.split('\n').filter((line) => line.length > 160)).toEqual([])
  })

  test.each(files('views', '.ejs'))('$file has no inline style, script or handler', ({ text }) => {
    expect(text).not.toMatch(/\sstyle=|<style|<script(?![^>]*\ssrc=)|\son[a-z]+=/i)
  })
})

describe('only one place', () => {
  test('is given the environment, to read the settings from', () => {
    const readers = files('src', '.ts').filter(({ text }) => text.includes('process.env'))
    expect(readers.map(({ file }) => file).toSorted()).toEqual(['src/cli.ts', 'src/main.ts'])
  })

  test('knows what time it is', () => {
    const tellers = files('src', '.ts').filter(({ text }) => /new Date\(\)|Date\.now\(\)/.test(text))
    expect(tellers.map(({ file }) => file)).toEqual(['src/time/clock.ts'])
  })

  test('writes to the history', () => {
    const writers = files('src', '.ts').filter(({ text }) => /insertInto\('changes'\)|insert into "?changes/.test(text))
    expect(writers.map(({ file }) => file)).toEqual(['src/history/record.ts'])
  })
})

describe('the files that a rule of the checks speaks of', () => {
  const root = join(import.meta.dirname, '..')
  const read = <Config>(file: string) => JSON.parse(readFileSync(join(root, file), 'utf8')) as Config
  const { overrides } = read<{ overrides: { files: string[] }[] }>('.oxlintrc.json')
  const { mutate } = read<{ mutate: string[] }>('stryker.config.json')
  /** `a/{b,c}.ts` is `a/b.ts` and `a/c.ts`: one that is not there must not hide behind the other. */
  const each = (pattern: string): string[] => {
    const [braces, words] = /\{([^{}]+)\}/.exec(pattern) ?? []
    return words === undefined
      ? [pattern]
      : words.split(',').flatMap((word) => each(pattern.replace(braces ?? '', word)))
  }

  test.each([...overrides.flatMap(({ files: patterns }) => patterns), ...mutate].flatMap(each))(
    '%s are there',
    (pattern) => {
      expect(globSync(pattern, { cwd: root })).not.toEqual([])
    },
  )
})

describe('the house, as CONTRIBUTING.md has it', () => {
  const root = join(import.meta.dirname, '..')
  const contributing = readFileSync(join(root, 'CONTRIBUTING.md'), 'utf8')
  const block = (language: string) => contributing.split(`\`\`\`${language}\n`)[1]?.split('```')[0]?.trim() ?? ''
  /** The rooms of each line, the ground first; what stands behind `#` explains them. */
  const lines = block('text').split('\n')
  const strata = lines.map((line) => line.replace(/#.*/, '').trim().split(/\s+/))
  /** `words/` is everything in that folder, `app.ts` a file directly in `src`; the migrations belong to the database. */
  const roomOf = (file: string) => /^src\/([^/]+\/?)/.exec(file.replace('db/migrations/', 'src/database/'))?.[1] ?? ''
  const stratumOf = (file: string) => strata.findIndex((rooms) => rooms.includes(roomOf(file)))
  const imports = new Map(
    [...files('src', '.ts'), ...files('db', '.ts')].map(({ file, text }) => {
      const paths = [...text.matchAll(/\b(?:from|import)\s*\(?\s*'(\.[^']+)'/g)].map(([, path = '']) => path)
      return [file, paths.map((path) => join(dirname(file), path))]
    }),
  )

  test('has a place for every folder of src, and every file directly in it', () => {
    const rooms = new Set(globSync('src/**/*.*', { cwd: root }).map(roomOf))
    expect(strata.flat().toSorted()).toEqual([...rooms].toSorted())
  })

  test('lets each room know only those that stand above it', () => {
    const wrong = [...imports].flatMap(([file, others]) =>
      others
        .filter((other) => roomOf(other) !== roomOf(file) && stratumOf(other) >= stratumOf(file))
        .map((other) => `${file} imports ${other}`),
    )
    expect(wrong).toEqual([])
    expect(imports.get('src/main.ts')).toContain('src/server/open.ts')
  })

  test('has no files that know each other in a circle', () => {
    const left = new Map(imports)
    const isOnItsWay = (file: string, others: readonly string[]) =>
      others.some((other) => left.has(other)) && [...left.values()].some((known) => known.includes(file))
    for (let before = 0; before !== left.size;) {
      before = left.size
      for (const [file, others] of left) if (!isOnItsWay(file, others)) left.delete(file)
    }
    expect([...left.keys()]).toEqual([])
  })

  test('is drawn as it is listed', () => {
    const drawn = [...block('mermaid').matchAll(/\["([^"]+)"\]/g)].map(([, rooms = '']) => rooms.split(' '))
    expect(drawn).toEqual(strata)
  })
})

describe('a file is read in one sitting', () => {
  test.each([
    ['src', 220],
    ['tests', 400],
  ])('in %s: none has more than %i lines', (folder, most) => {
    const long = files(folder, '.ts').filter(({ text }) => text.split('\n').length - 1 > most)
    expect(long.map(({ file }) => file)).toEqual([])
  })
})

test.each(files('docs/decisions', '.md'))('$file says whether it stands, or what stands in its place', ({ text }) => {
  const [, later] = /^Status: (?:accepted|superseded by (\d+))$/m.exec(text) ?? ['', 'nothing']
  const standsIn = files('docs/decisions', '.md').filter(({ text: other }) => other.startsWith(`# ${later}. `))
  expect(standsIn).toHaveLength(later === undefined ? 0 : 1)
})

describe('every address that writes', () => {
  const writing = () => routesOf(app.context).flatMap(({ path, isRead }) => (isRead ? [] : path))

  test('refuses another site, by Sec-Fetch-Site or else by Origin', async () => {
    const paths = writing().map((path) => path.replaceAll(/:\w+/g, '1'))
    expect(paths).toContain('/agreements/1/status')
    expect(paths.length).toBeGreaterThanOrEqual(13)
    const admin = await app.logIn('admin')
    for (const path of paths) {
      await admin.post(path).set('Sec-Fetch-Site', 'cross-site').expect(403)
      await admin.post(path).set('Sec-Fetch-Site', 'same-site').expect(403)
      await admin.post(path).set('Origin', 'https://evil.example').expect(403)
      await admin.post(path).set('Origin', 'null').expect(403)
    }
    expect(app.errors).toEqual([])
  })

  test('lets this site through', async () => {
    const admin = await app.logIn('admin')
    await admin.post('/agreements').set('Sec-Fetch-Site', 'same-origin').expect(422)
    await admin.post('/agreements').set('Origin', app.url).expect(422)
    await admin
      .post('/agreements')
      .set('Sec-Fetch-Site', 'same-origin')
      .set('Origin', 'https://evil.example')
      .expect(422)
  })
})

describe('the history', () => {
  const onSqlite = inject('engine') === 'sqlite'
  const replaceChange = onSqlite
    ? "insert or replace into changes select id, recorded_at, actor, kind, subject, agreement, version, before, after, 'x', hash from changes where id = 1"
    : "insert into changes select * from changes where id = 1 on conflict (id) do update set reason = 'x'"
  const replaceVersion = onSqlite
    ? 'insert or replace into agreement_versions select * from agreement_versions where version = 1'
    : "insert into agreement_versions select * from agreement_versions where version = 1 on conflict (agreement_id, version) do update set title = 'x'"
  const replacePosition = onSqlite
    ? 'insert or replace into positions (id, agreement_id, status, effective_on, decided_by, recorded_at) select id, agreement_id, status, effective_on, decided_by, recorded_at from positions where id = 1'
    : "insert into positions (id, agreement_id, status, effective_on, decided_by, recorded_at) select id, agreement_id, status, effective_on, decided_by, recorded_at from positions where id = 1 on conflict (id) do update set reason = 'x'"
  const attempts = [
    "update changes set reason = 'x'",
    'update changes set hash = hash where id = 1',
    'delete from changes',
    replaceChange,
    "update agreement_versions set title = 'x'",
    "update agreement_versions set recorded_to = '2030-01-01T00:00:00.000Z' where recorded_to is not null",
    'update agreement_versions set recorded_to = null where recorded_to is not null',
    'delete from agreement_versions',
    replaceVersion,
    "update positions set reason = 'x'",
    'delete from positions',
    replacePosition,
    ...(onSqlite
      ? []
      : ['truncate changes cascade', 'truncate agreement_versions cascade', 'truncate positions cascade']),
  ]

  test.each(attempts)('is only added to: %s', async (statement) => {
    await expect(app.context.db.transaction((trx) => sql.raw(statement).execute(trx))).rejects.toThrow(/never/)
  })

  testOnSqlite('not even a program that sets no pragma can replace an entry', () => {
    const other = new SqliteConnection(app.context.db.name)
    for (const statement of attempts) expect(() => other.exec(statement)).toThrow(/never/)
    other.close()
  })

  test.each([
    ["update agreements set status = 'lost'", /check/i],
    ["update agreements set means = 'lost'", /check/i],
    ["update agreements set kind = 'pact'", /check/i],
    ["update agreements set signed_on = '2019-02-30'", /check/i],
    ["update agreements set signed_on = '2019-13'", /check/i],
    ["update agreements set signed_on = '19'", /check/i],
    ["update claims set stance = 'maybe'", /check/i],
    ["update users set role = 'king'", /check/i],
    ['update claims set source_id = 99999', /foreign key/i],
    ["insert into agreement_places values (99999, 1, 1, 'concerns')", /foreign key/i],
    ["insert into settings values ('x', null)", /not.null/i],
  ])('the database itself refuses nonsense: %s', async (statement, reason) => {
    await expect(app.context.db.transaction((trx) => sql.raw(statement).execute(trx))).rejects.toThrow(reason)
  })

  test('the reader cannot write', async () => {
    await expect(app.context.db.read.deleteFrom('settings').execute()).rejects.toThrow(/read.?only/)
  })
})

test('every page comes with the headers that keep it safe', async () => {
  const { headers } = await app.reader.get('/').expect(200)
  expect(headers['content-security-policy']).toBe(
    "default-src 'none';script-src 'self';style-src 'self';font-src 'self';img-src 'self' data:;form-action 'self';base-uri 'none';frame-ancestors 'none'",
  )
  expect(headers).toMatchObject({
    'x-content-type-options': 'nosniff',
    'x-frame-options': 'SAMEORIGIN',
    'cache-control': 'private, no-cache',
    'referrer-policy': 'same-origin',
    'permissions-policy': expect.stringContaining('camera=(), microphone=(), geolocation=()') as string,
  })
  expect(headers).not.toHaveProperty('x-powered-by')
})

test('what is about accounts is kept by nobody', async () => {
  const admin = await app.logIn('admin')
  for (const [agent, path] of [
    [app.reader, '/login'],
    [app.reader, '/setup?token=x'],
    [admin, '/account'],
    [admin, '/admin'],
  ] as const) {
    const { headers } = await agent.get(path)
    expect([path, headers['cache-control']]).toEqual([path, 'no-store'])
  }
})

test('a file of the look may be kept for ever under its own address, and no other file is served', async () => {
  const { text } = await app.reader.get('/')
  for (const [, href = ''] of text.matchAll(/(?:href|src)="(\/assets\/[^"]+)"/g)) {
    const { headers } = await app.reader.get(href).expect(200)
    expect(headers['cache-control']).toContain('immutable')
  }
  await app.reader.get('/assets/../package.json').expect(404)
  await app.reader.get('/assets/package.json').expect(404)
})
