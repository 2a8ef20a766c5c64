import { readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { gunzipSync } from 'node:zlib'
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest'
import { CHANGE_KIND_LABELS } from '../../src/words/change-kind.ts'
import { STANCE_VERBS } from '../../src/words/claim.ts'
import { MEANS_LABELS, STATUS_LABELS } from '../../src/words/status.ts'
import { hashChange } from '../../src/history/change.ts'
import { verifyRegister } from '../../src/verification/verify.ts'
import { statusForm } from '../support/forms.ts'
import { emptyDatabase, type TestDatabase, unguardedCopy } from '../support/databases.ts'
import { newFolder } from '../support/folder.ts'
import { command } from '../support/program.ts'
import { type Fields, startTestApp, testApp, type TestApp } from '../support/test-app.ts'
import { verified } from '../support/verified.ts'

/**
 * A register that the program of commit 3f43d92 made by its own forms, with an entry of every kind there was, beside what that program
 * showed and exported of its history. It told positions, claims and numbers in the words of its pages.
 */
const THEN = join(import.meta.dirname, 'register-of-3f43d92')
const then = (file: string) => readFileSync(join(THEN, file), 'utf8')

let database: TestDatabase
let app: TestApp
beforeAll(async () => {
  database = await emptyDatabase()
  const folder = newFolder('then')
  const file = join(folder, 'register.db')
  writeFileSync(file, gunzipSync(readFileSync(join(THEN, 'register.db.gz'))))
  const made = `sqlite:${file}`
  expect(await command(made, 'migrate')).toMatchObject({ code: 0 })
  expect(await command(made, 'copy', '--from', made, '--to', database.url)).toMatchObject({ code: 0 })
  rmSync(folder, { recursive: true })
  app = await startTestApp({ env: { DATABASE_URL: database.url, CLAUSULA_NAMES: 'public' } })
})
afterAll(async () => {
  await app.stop()
  await database.remove()
})

/** The entries of a page of the history, each in one line, without its markup. */
function entriesOf(html: string): string {
  const [list = ''] = /<ol class="card changes history">.*?<\/ol>/s.exec(html) ?? []
  const [, ...entries] = list.split(/(?=<li class="change")/)
  return entries
    .map(
      (entry) =>
        `${entry
          .replaceAll(/<[^>]*>/g, ' ')
          .replaceAll(/\s+/g, ' ')
          .trim()}\n`,
    )
    .join('')
}

describe('a register whose history tells words', () => {
  test('verifies', async () => {
    expect(await verified(app)).toContain('50 changes, 3 agreements, 12 versions, 9 positions, 5 claims')
  })

  test('shows and exports its history as the program did that wrote it', async () => {
    expect((await app.reader.get('/changes.csv').expect(200)).text).toBe(then('changes.csv'))
    expect(entriesOf((await app.reader.get('/changes?per_page=200').expect(200)).text)).toBe(then('changes.txt'))
  })
})

describe('once every label is another', () => {
  const TABLES: Record<string, string>[] = [STATUS_LABELS, MEANS_LABELS, STANCE_VERBS, CHANGE_KIND_LABELS]
  const labels = TABLES.map((table) => ({ ...table }))
  const rename = () => {
    for (const table of TABLES) for (const word of Object.keys(table)) table[word] = `New ${word} (so to say) from 2020`
  }
  const restore = () => {
    for (const [index, table] of TABLES.entries()) Object.assign(table, labels[index])
  }

  test('registers of then and of now still verify, and tell what they told in the new words', async () => {
    const now = await testApp({ seeds: true })
    await work(now)
    const before = (await app.reader.get('/changes.csv')).text
    rename()
    onTestFinished(restore)
    expect(await verified(app)).toContain('50 changes')
    expect(await verified(now)).toContain('45 agreements')
    const told = (await app.reader.get('/changes.csv?bom=0')).text
    expect(told).toContain(
      'Dmitry Trifonov denies Active New denies (so to say) from 2020 New annulled (so to say) from 2020',
    )
    expect(told).toContain('New annulled (so to say) from 2020 (New rescinded (so to say) from 2020) from 2025-01-20')
    expect(told.split('\r\n').length).toBe(before.split('\r\n').length)
  })

  test('entries are recorded as before: there is no label in them', async () => {
    const [one, other] = [await testApp({ seeds: true }), await testApp({ seeds: true })]
    await work(one)
    rename()
    onTestFinished(restore)
    await work(other)
    expect(await entriesIn(other)).toEqual(await entriesIn(one))
  })
})

/** What an analyst does whose entries tell positions, claims and numbers. */
async function work(worked: TestApp): Promise<void> {
  const { context } = worked
  const analyst = await worked.logIn('analyst')
  const send = (path: string, form: Fields) => analyst.post(path).type('form').send(form).expect(303)
  const evidence = { source_title: 'Gazette 12', source_url: 'https://gazette.example/12', asserted_by: 'The ministry' }
  const status = statusForm({ status: 'annulled', means: 'denounced', version: '3', ...evidence })
  await send('/agreements/RUS-SYR-2017-2/status', status)
  const earlier = statusForm({ means: 'suspended', effective_on: '2018', version: '4', confirm: 'yes' })
  await send('/agreements/RUS-SYR-2017-2/status', earlier)
  const { id } = await newest(context, 'positions')
  const corrected = { status: 'under_review', means: '', effective_on: '2019', reason: 'A slip.', version: '5' }
  await send(`/agreements/RUS-SYR-2017-2/positions/${id}/correct`, corrected)
  const claim = { stance: 'denies', status: 'annulled', asserted_by: 'Somebody', source_title: 'Briefing' }
  await send('/agreements/RUS-SYR-2017-2/claims', claim)
  await send('/agreements/RUS-SYR-2017-2/claims', { ...claim, repeats: `${(await newest(context, 'claims')).id}` })
  const seen = `${(await newest(context, 'changes')).id}`
  await send(`/claims/${(await newest(context, 'claims')).id}/untie`, { reason: 'Its own words.', seen })
}

const newest = ({ db }: TestApp['context'], table: 'positions' | 'claims' | 'changes') =>
  db.read.selectFrom(table).select('id').orderBy('id', 'desc').executeTakeFirstOrThrow()

/** All entries; the hash of a password has a salt, and so its digest says something else each time. */
async function entriesIn({ context }: TestApp) {
  const rows = await context.db.read.selectFrom('changes').select(['kind', 'before', 'after']).orderBy('id').execute()
  return rows.map(({ after, ...row }) => ({ ...row, after: after?.replace(/"credential":"\w+"/, '') }))
}

describe('an entry in no form that a program wrote is named', () => {
  const after = (fields: object) => `'${JSON.stringify(fields)}'`
  test.each([
    [
      'a position in other words',
      'status_changed',
      after({ position: 'Gone from 2025', effective_on: '2025', sources: [] }),
      'position',
    ],
    ['a position without a day', 'status_changed', after({ position: { status: 'active', means: null } }), 'position'],
    [
      'a position of foreign means',
      'status_changed',
      after({ position: { status: 'active', means: 'lapsed', effective_on: '2025' } }),
      'position',
    ],
    [
      'a claim in other words',
      'claim_withdrawn',
      after({ claim: 'Somebody doubts Annulled', agreements: [] }),
      'claim',
    ],
    ['a correction of nothing', 'position_corrected', after({ corrects: 'the change before' }), 'corrects'],
    ['a field that its kind has not', 'source_edited', after({ colour: 'red' }), 'colour'],
    ['a number in the place of a text', 'source_edited', after({ title: 5 }), 'title'],
    ['a day that is none', 'claim_added', after({ said_on: '2025-13' }), 'said_on'],
    ['no fields', 'source_edited', "'[1]'", 'nothing that can be read'],
  ])('%s', async (_what, kind, text, named) => {
    const other = await testApp({ seeds: true })
    const { databaseUrl } = other.context.config
    const { hash: _hash, ...last } = await other.context.db.read
      .selectFrom('changes')
      .selectAll()
      .orderBy('id', 'desc')
      .executeTakeFirstOrThrow()
    const { hash: previous } = await other.context.db.read
      .selectFrom('changes')
      .select('hash')
      .where('id', '=', last.id - 1)
      .executeTakeFirstOrThrow()
    await other.close()
    const entry = { ...last, kind: kind as typeof last.kind, before: null, after: text.slice(1, -1) }
    const statement = `update changes set kind = '${kind}', before = null, after = ${text}, hash = '${hashChange(previous, entry)}' where id = ${last.id}`
    const copy = await unguardedCopy(databaseUrl, statement)
    onTestFinished(copy.remove)
    const { fault } = await verifyRegister(copy.url)
    expect(fault).toMatch(new RegExp(`^change ${last.id} \\(${kind}, .*${named}`))
  })
})
