import cluster from 'node:cluster'
import { existsSync } from 'node:fs'
import { createServer } from 'node:http'
import { pino } from 'pino'
import { readConfig } from '../../src/config.ts'
import { supervise, waitBefore } from '../../src/server/supervise.ts'

/**
 * The real supervisor over workers that do nothing but answer, and that end at once while there is a file of a name. It says which waits
 * it asked for, and takes none.
 */
const [stopper = ''] = process.argv.slice(2)
if (cluster.isWorker) {
  if (existsSync(stopper)) process.exit(3)
  createServer((_req, res) => res.end(String(process.pid))).listen(0, '127.0.0.1')
} else {
  const config = readConfig({ CLAUSULA_WORKERS: '3', PORT: '0' })
  const wait = (failedStarts: number) => {
    console.log(`wait ${waitBefore(failedStarts)}`)
    return 0
  }
  const db = { close: async () => {} } as Parameters<typeof supervise>[0]['db']
  const { port } = await supervise({ config, db, log: pino({ level: 'warn' }) }, () => undefined, wait)
  console.log(`Clausula is at http://127.0.0.1:${port}`)
}
