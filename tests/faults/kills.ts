import { setTimeout } from 'node:timers/promises'
import { sql } from 'kysely'
import { openDatabase } from '../../src/database/open.ts'
import { Random } from '../../src/made-up/random.ts'
import { verifyRegister } from '../../src/verification/verify.ts'
import { childrenOf } from '../support/processes.ts'
import { end } from '../bench/children.ts'
import { startOnce } from '../bench/server.ts'
import type { Fault, Found, Scene } from './faults.ts'
import { until } from './until.ts'
import { cookieAt, DOINGS, get, type Sent, untilAnswers, Writer } from './writers.ts'

const LONGEST_LIFE = 250
const WORKERS = 3
const WORKER_KILLS = 30

/** The whole server, at any moment, while others write. */
export const killed: Fault = {
  what: 'the server killed (SIGKILL) while three people write',
  promised: 'nothing acknowledged is lost; the register verifies',
  engines: ['sqlite', 'postgres'],
  cause: async (scene) => {
    const random = new Random(7)
    const sent: Sent[] = []
    // Sessions are in the register: one log-in lasts over all kills.
    let cookie = ''
    for (let kill = 0; kill < scene.kills; kill += 1) {
      const { server } = await startOnce(scene.target.url)
      cookie ||= await cookieAt(server.url)
      const writers = DOINGS.map(() => new Writer(server.url, cookie))
      const working = writers.map((writer, index) => writer.write(DOINGS[index] ?? 'a source recorded'))
      await setTimeout(random.whole(1, LONGEST_LIFE))
      process.kill(server.pid, 'SIGKILL')
      for (const writer of writers) writer.stop()
      await Promise.all(working)
      sent.push(...writers.flatMap((writer) => writer.sent))
      if (kill % 50 === 49) scene.say(`killed ${kill + 1} times`)
    }
    return accountFor(scene, sent)
  },
}

async function accountFor({ target, kills }: Scene, sent: readonly Sent[]): Promise<Found> {
  const db = await openDatabase(target.url)
  const recorded = new Set<Sent>()
  try {
    for (const one of sent) {
      const { rows } = await sql`select 1 from changes where after like ${`%"${one.words}"%`} limit 1`.execute(db.read)
      if (rows.length > 0) recorded.add(one)
    }
  } finally {
    await db.close()
  }
  const parts = [...Map.groupBy(sent, ({ doing }) => doing)].map(([doing, all]) => {
    const acknowledged = all.filter((one) => one.acknowledged)
    const lost = acknowledged.filter((one) => !recorded.has(one))
    const unheard = all.filter((one) => !one.acknowledged && recorded.has(one))
    return {
      lost: lost.length,
      text: `${doing}: ${acknowledged.length} acknowledged, ${lost.length} lost, ${unheard.length} recorded without an answer`,
    }
  })
  const { fault } = await verifyRegister(target.url)
  return {
    saw: `${kills} kills; ${parts.map(({ text }) => text).join('; ')}; ${fault ?? 'all follows from the history'}`,
    holds: fault === null && parts.every(({ lost }) => lost === 0),
  }
}

/** One worker after another. */
export const workersKilled: Fault = {
  what: `one of ${WORKERS} workers after another killed, ${WORKER_KILLS} times`,
  promised: 'each is back within 2 s, others answer, none is given up on',
  engines: ['sqlite', 'postgres'],
  cause: async ({ target }) => {
    const { server } = await startOnce(target.url, { CLAUSULA_WORKERS: String(WORKERS) })
    const waits: number[] = []
    let unanswered = 0
    try {
      for (let kill = 0; kill < WORKER_KILLS; kill += 1) {
        const before = childrenOf(server.pid)
        process.kill(before[kill % before.length] ?? 0, 'SIGKILL')
        const began = performance.now()
        await until(() => areAll(childrenOf(server.pid), before), 10_000)
        waits.push((await untilAnswers(server.url)) === null ? Infinity : performance.now() - began)
        if ((await get(`${server.url}/agreements`)) !== 200) unanswered += 1
      }
    } finally {
      await end(server.child)
    }
    const slowest = Math.max(...waits)
    return {
      saw: `slowest back after ${slowest.toFixed(0)} ms; ${unanswered} pages were not answered`,
      holds: slowest < 2_000 && unanswered === 0,
    }
  },
}

/** All are there again, and one of them is new. */
function areAll(now: readonly number[], before: readonly number[]): boolean {
  return now.length === WORKERS && now.some((pid) => !before.includes(pid))
}
