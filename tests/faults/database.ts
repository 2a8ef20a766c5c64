import { verifyRegister } from '../../src/verification/verify.ts'
import { end } from '../bench/children.ts'
import { startOnce } from '../bench/server.ts'
import type { PostgresServer } from '../support/postgres-server.ts'
import type { Fault } from './faults.ts'
import { until } from './until.ts'
import { cookieAt, get, untilAnswers, Writer } from './writers.ts'

const RESTARTS = 5
const LONGEST = 10_000

const acknowledgedBy = (writer: Writer) => writer.sent.filter((one) => one.acknowledged).length

/** The database stopped and started under the server. */
export function restarted(postgres: () => PostgresServer): Fault {
  return {
    what: `PostgreSQL stopped and started ${RESTARTS} times while somebody writes`,
    promised: 'answered in words meanwhile; goes on by itself; nothing acknowledged is lost',
    engines: ['postgres'],
    cause: async ({ target }) => {
      const { server } = await startOnce(target.url)
      try {
        const writer = new Writer(server.url, await cookieAt(server.url))
        const working = writer.write('a source recorded')
        const meanwhile = new Set<number | null>()
        const waits: (number | null)[] = []
        let goesOn = true
        for (let restart = 0; restart < RESTARTS; restart += 1) {
          await postgres().stop()
          meanwhile.add(await get(`${server.url}/agreements`))
          await postgres().start()
          waits.push(await untilAnswers(server.url))
          const before = acknowledgedBy(writer)
          if ((await until(() => acknowledgedBy(writer) > before, LONGEST)) === null) goesOn = false
        }
        writer.stop()
        await working
        const { fault } = await verifyRegister(target.url)
        const acknowledged = acknowledgedBy(writer)
        const slowest = Math.max(...waits.map((wait) => wait ?? Infinity))
        return {
          saw: `a list meanwhile: ${[...meanwhile].join(', ')}; back after ${slowest.toFixed(0)} ms at most; ${acknowledged} acknowledged; ${fault ?? 'all follows from the history'}`,
          holds: fault === null && goesOn && [...meanwhile].every((status) => status === 503) && slowest < 5_000,
        }
      } finally {
        await end(server.child)
      }
    },
  }
}
