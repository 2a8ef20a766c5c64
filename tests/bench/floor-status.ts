import { createHash } from 'node:crypto'
import SqliteConnection from 'better-sqlite3'
import { contradicts, countsFrom } from '../../src/standing/contested.ts'
import type { Plan } from './options.ts'
import { type Mover, readMovers } from './register.ts'
import { medianOfRuns, sumUp } from './statistics.ts'

/** The least that a change of status costs: its row changes with bare SQLite, each transaction on the disk. */
const { file, count, plan } = JSON.parse(process.argv[2] ?? '') as { file: string; count: number; plan: Plan }
const db = new SqliteConnection(file, { timeout: 10_000 })
db.pragma('journal_mode = wal')
db.pragma('synchronous = full')
db.pragma('foreign_keys = on')
db.pragma('recursive_triggers = on')
db.pragma('cache_size = -16384')

type Claim = Parameters<typeof contradicts>[0]
type Standing = Parameters<typeof contradicts>[1]
type Day = Standing['effective_on']
interface Row {
  id: number
  version: number
  status: Standing['status']
  means: string | null
  status_since: Day
  contested: number
}

const copied = (db.pragma('table_info(agreement_versions)') as { name: string }[])
  .map(({ name }) => name)
  .filter((name) => !['agreement_id', 'recorded_from', 'recorded_to', 'parts'].includes(name))
  .join(', ')
const actor = db.prepare<[], number>('select min(id) from users').pluck().get()
const newest = db.prepare<[], { id: number; hash: string; recorded_at: string }>(
  'select id, hash, recorded_at from changes order by id desc limit 1',
)
const present = db.prepare<[string], Row>(
  'select id, version, status, means, status_since, contested from agreements where reference = ?',
)
const positions = db.prepare(
  'select id, status, means, effective_on, effective_day from positions where agreement_id = ? and superseded_at is null order by effective_day, id',
)
const claims = db.prepare<[number], Omit<Claim, 'counts_from'> & Parameters<typeof countsFrom>[0]>(
  `select stance, status, effective_on, said_on, published_on from claim_agreements join claims on claims.id = claim_id
   join sources on sources.id = source_id where agreement_id = ? and withdrawn_at is null`,
)
const insertPosition = db.prepare<unknown[], { id: number }>(
  'insert into positions (agreement_id, status, means, effective_on, reason, decided_by, recorded_at, change_id) values (?, ?, ?, ?, ?, ?, ?, ?) returning id',
)
const openStanding = db.prepare<[number], { id: number; day_from: string }>(
  "select id, day_from from standings where agreement_id = ? and known_to >= '9999' order by day_from desc limit 1",
)
const endStanding = db.prepare('update standings set known_to = ? where id = ?')
const STANDING_COLUMNS =
  'agreement_id, position_id, status, means, status_since, contested, announced, kind, sector, day_from'
const cutStanding = db.prepare(
  `insert into standings (${STANDING_COLUMNS}, day_to, known_from) select ${STANDING_COLUMNS}, ?, ? from standings where id = ?`,
)
const insertStanding = db.prepare(
  `insert into standings (agreement_id, position_id, status, means, status_since, contested, announced, kind, sector, day_from, day_to, known_from)
   select id, ?, ?, ?, ?, ?, 0, kind, sector, ?, '9999-99-99', ? from agreements where id = ?`,
)
const update = db.prepare(
  'update agreements set status = ?, means = ?, status_since = ?, version = version + 1, updated_at = ? where id = ? and version = ?',
)
const close = db.prepare('update agreement_versions set recorded_to = ? where agreement_id = ? and version = ?')
const insertVersion = db.prepare(
  `insert into agreement_versions (agreement_id, recorded_from, recorded_to, parts, ${copied})
   select id, updated_at, null, (select parts from agreement_versions where agreement_id = @id and version = @version), ${copied}
   from agreements where id = @id`,
)
const contest = db.prepare('update agreements set contested = ? where id = ?')
const insertChange = db.prepare(
  'insert into changes (id, recorded_at, actor, kind, subject, agreement, version, before, after, reason, hash) values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)',
)

const move = db.transaction((mover: Mover) => {
  const head = newest.get()
  const row = present.get(mover.reference)
  if (!head || !row) throw new Error(`${mover.reference} is not there`)
  positions.all(row.id)
  const at = new Date().toISOString()
  const status = row.status === 'active' ? 'under_review' : 'active'
  const after = {
    status,
    means: status === 'active' ? 'confirmed' : 'joint_review',
    status_since: at.slice(0, 10) as Day,
    effective_on: at.slice(0, 10) as Day,
    sources: [],
  } as const
  const reason = 'Sent by the benchmark'
  update.run(status, after.means, after.status_since, at, row.id, row.version)
  close.run(at, row.id, row.version)
  insertVersion.run({ id: row.id, version: row.version })
  const contested = claims.all(row.id).some((claim) => contradicts({ ...claim, counts_from: countsFrom(claim) }, after))
    ? 1
    : 0
  if (contested !== row.contested) contest.run(contested, row.id)
  const before = JSON.stringify({ status: row.status, means: row.means, status_since: row.status_since })
  const fields = [head.id + 1, at, actor, 'status_changed', `agreement:${row.id}`, row.id, row.version + 1, before]
  const entry = [...fields, JSON.stringify(after), reason]
  const hash = createHash('sha256')
    .update(JSON.stringify([head.hash, ...entry]))
    .digest('hex')
  insertChange.run(...entry, hash)
  const position = insertPosition.get(row.id, status, after.means, after.effective_on, reason, actor, at, head.id + 1)
  const open = openStanding.get(row.id)
  if (open) endStanding.run(at, open.id)
  if (open && open.day_from < after.effective_on) cutStanding.run(after.effective_on, at, open.id)
  insertStanding.run(position?.id, status, after.means, after.effective_on, contested, after.effective_on, at, row.id)
})

const movers = readMovers(db, count)
let next = 0
const measured = await medianOfRuns(plan, async (seconds) => {
  const times: number[] = []
  const began = performance.now()
  let now = began
  while (now < began + seconds * 1000) {
    move.immediate(movers[next % movers.length] as Mover)
    next += 1
    const then = performance.now()
    times.push(then - now)
    now = then
  }
  return sumUp(times, (now - began) / 1000)
})
db.close()
console.log(JSON.stringify(measured))
