import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest'
import { sql } from 'kysely'
import { TABLES, tableNamed } from '../../src/database/all-tables.ts'
import { loadSeeds } from '../../src/seeds/seeds.ts'
import { readSeeds, type Seeds } from '../../src/seeds/seed-files.ts'
import { verifyRegister } from '../../src/verification/verify.ts'
import { columnsOf } from '../support/columns.ts'
import { unguardedCopy } from '../support/databases.ts'
import { startTestApp, type TestApp } from '../support/test-app.ts'
import { work } from './work.ts'

// Every column of every table is changed, and swapped between two rows; of every table rows are deleted, and one is put in.

/** A few of the seeds that belong together, since each tampering is done to a copy of its own. */
const KEYS = new Set([
  'su-sy-1980-friendship-treaty',
  'ru-sy-2017-tartus-naval',
  'ru-sy-2019-tartus-commercial-port',
  'ae-sy-2025-tartus-mou',
  'ae-sy-2025-tartus-concession',
  'fr-sy-2009-latakia-terminal',
])

/** What does not follow from the history, and why that is no loss: `docs/security.md` tells it. */
const NOT_DERIVED: Record<string, string> = {
  sessions: 'who is logged in: a session opens nothing that its account may not',
  settings: 'the secret of cookies, and how far the daily chores have come',
  log_in_failures: 'how often somebody was wrong, for minutes',
  'standings.id': 'a number that nothing refers to',
  'claim_settlements.id': 'a number that nothing refers to',
}

type Value = string | number | null
type Row = Record<string, Value>
type TableName = keyof typeof TABLES

let app: TestApp
let url: string
const rowsOf = new Map<TableName, Row[]>()

beforeAll(async () => {
  app = await startTestApp()
  await loadSeeds(app.context, some(await readSeeds()))
  await work(app, { reference: 'RUS-SYR-2017-1', id: 2 })
  for (const table of Object.keys(TABLES) as TableName[]) {
    const { rows } = await sql<Row>`select * from ${sql.table(table)}
      order by ${sql.join(tableNamed(table).key.map((column) => sql.ref(column)))}`.execute(app.context.db.read)
    // What was known for no time is never shown: several units of one instant leave it.
    rowsOf.set(
      table,
      rows.filter(({ known_from, known_to }) => known_from === undefined || known_from !== known_to),
    )
  }
  url = app.context.config.databaseUrl
  await app.close()
})
afterAll(() => app.stop())

function some({ parties, places, sources, agreements, claims }: Seeds): Seeds {
  const chosen = agreements.filter(({ key }) => KEYS.has(key))
  const about = claims.flatMap((claim) => {
    const those = claim.agreements.filter((key) => KEYS.has(key))
    return those.length === 0 ? [] : [{ ...claim, agreements: those }]
  })
  const used = new Set([
    ...chosen.flatMap((one) => [...one.sources, ...one.positions.flatMap(({ source }) => source ?? [])]),
    ...about.map(({ source }) => source),
  ])
  return {
    parties: parties.filter(({ name }) => chosen.some((one) => one.parties.some((party) => party.name === name))),
    places: places.filter(({ key }) => chosen.some((one) => one.places.some(({ place }) => place === key))),
    sources: sources.filter(({ url: address }) => used.has(address)),
    agreements: chosen,
    claims: about,
  }
}

const literal = (value: Value | undefined) =>
  value === null || value === undefined
    ? 'null'
    : typeof value === 'number'
      ? String(value)
      : `'${value.replaceAll("'", "''")}'`

const whereIs = (table: TableName, row: Row) =>
  tableNamed(table)
    .key.map((column) => `"${column}" = ${literal(row[column])}`)
    .join(' and ')

/** Values that a column could have in the place of one, likely ones first; a database may refuse some of them. */
function otherValues(table: TableName, column: string, value: Value): Value[] {
  const others = [...new Set((rowsOf.get(table) ?? []).map((row) => row[column] ?? null))]
  const made: Value[] =
    typeof value === 'number'
      ? [value === 1 ? 0 : value + 1, value + 1_000]
      : [
          value === null ? null : value.replace(/^\d{4}/, '2003'),
          value === null ? 'x' : `${value}x`,
          `${'0'.repeat(63)}1`,
          '2003',
          1,
        ]
  return [...others, ...made].filter((other) => other !== value && other !== null)
}

/** The row of a table in which a column is changed: one that has something there. */
function rowWith(table: TableName, column: string): Row | undefined {
  const rows = rowsOf.get(table) ?? []
  const full = rows.filter((row) => row[column] !== null)
  return full[Math.floor(full.length / 2)] ?? rows[Math.floor(rows.length / 2)]
}

async function faultAfter(...statements: string[]): Promise<string | null> {
  const copy = await unguardedCopy(url, ...statements)
  try {
    // What the database refuses even so needs no finding.
    return copy.rows === 0 ? 'refused' : (await verifyRegister(copy.url)).fault
  } finally {
    await copy.remove()
  }
}

const NAMES_IT =
  /refused|(?:user|party|place|agreement|source|claim|position|version|change) \d+|[A-Z]{3}-[A-Z]{3}-\d{4}-\d+|a row of \w+/

const derived = (Object.keys(TABLES) as TableName[]).filter((table) => !(table in NOT_DERIVED))
// The same statements read either engine, and a copy of a database takes twenty times as long on the other one: there a few tables, those
// among them whose reading differs.
const tables: TableName[] = inject('engine') === 'sqlite' ? derived : ['users', 'claims', 'agreement_texts']

describe.each(tables)('%s', (table) => {
  const columns = columnsOf(table).filter(
    (column) => !(`${table}.${column}` in NOT_DERIVED) && !tableNamed(table).workedOut?.includes(column),
  )

  test('has rows to tamper with', () => {
    expect(rowsOf.get(table)?.length).toBeGreaterThan(0)
  })

  test.each(columns)('another %s is found', async (column) => {
    const row = rowWith(table, column) ?? {}
    const statements = otherValues(table, column, row[column] ?? null).map(
      (other) => `update ${table} set "${column}" = ${literal(other)} where ${whereIs(table, row)}`,
    )
    expect(await faultAfter(...statements)).toMatch(NAMES_IT)
  })

  test.each(columns)('two rows with each other’s %s are found', async (column) => {
    const [one, other] = differing(table, column)
    // Where all rows say the same there is nothing to swap.
    if (!one || !other) return
    const swapped = `case when ${whereIs(table, one)} then ${literal(other[column])} else ${literal(one[column])} end`
    const those = `(${whereIs(table, one)}) or (${whereIs(table, other)})`
    expect(await faultAfter(`update ${table} set "${column}" = ${swapped} where ${those}`)).toMatch(NAMES_IT)
  })

  test('a row that was deleted is missed', async () => {
    const rows = rowsOf.get(table) ?? []
    const some = [rows[0], rows[Math.floor(rows.length / 2)], rows.at(-1)].filter((row) => row !== undefined)
    const faults = []
    for (const row of some) faults.push(await faultAfter(`delete from ${table} where ${whereIs(table, row)}`))
    expect(faults).toEqual(some.map(() => expect.stringMatching(NAMES_IT)))
  })

  test('a row that was put in is found', async () => {
    const rows = rowsOf.get(table) ?? []
    const row = rows[Math.floor(rows.length / 2)] ?? {}
    const given = Object.entries(row).filter(([column]) => !tableNamed(table).workedOut?.includes(column))
    const keys = tableNamed(table).key.toReversed()
    const statements = keys
      .flatMap((key) => otherValues(table, key, row[key] ?? null).map((value) => [key, value] as const))
      .map(([key, value]) => {
        const values = given.map(([column, old]) => literal(column === key ? value : old))
        return `insert into ${table} (${given.map(([column]) => `"${column}"`).join(', ')})
          ${inject('engine') === 'postgres' ? 'overriding system value' : ''} values (${values.join(', ')})`
      })
    expect(await faultAfter(...statements)).toMatch(NAMES_IT)
  })
})

/** Two rows that differ in a column. */
function differing(table: TableName, column: string): (Row | undefined)[] {
  const rows = rowsOf.get(table) ?? []
  const one = rowWith(table, column)
  return [one, rows.find((row) => row[column] !== one?.[column])]
}
