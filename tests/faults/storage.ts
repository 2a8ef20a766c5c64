import { once } from 'node:events'
import { copyFileSync, openSync, closeSync, readFileSync, statSync, writeFileSync, writeSync } from 'node:fs'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { verifyRegister } from '../../src/verification/verify.ts'
import { end, firstLineOf, startNode, startProgram } from '../bench/children.ts'
import { settings } from '../bench/register.ts'
import { memory, startOnce } from '../bench/server.ts'
import { runHere } from '../support/program.ts'
import type { Fault } from './faults.ts'
import { cookieAt, get, post } from './writers.ts'

const BACKUPS = 16
const FREE_KIB = 2_048

const fileOf = (url: string) => url.slice('sqlite:'.length)

export const fullDisk: Fault = {
  what: `no file may grow any more (the limit of the process, ${FREE_KIB} KiB above the register)`,
  promised: 'forms are answered in words and record nothing; reading goes on; nothing acknowledged is lost',
  engines: ['sqlite'],
  cause: async ({ target }) => {
    // Its write-ahead log is as long as it may be when the file cannot take it.
    const blocks = Math.ceil(statSync(fileOf(target.url)).size / 1024) + FREE_KIB
    const { server: first } = await startOnce(target.url)
    await end(first.child)
    const port = first.port
    const command = `ulimit -f ${blocks * 2}; exec "$0" -r ./src/require-node.cjs src/main.ts`
    const child = startProgram('sh', ['-c', command, process.execPath], settings(target.url, port))
    await firstLineOf(child)
    const url = `http://127.0.0.1:${port}`
    try {
      const cookie = await cookieAt(url)
      const statuses = new Map<number | null, number>()
      const long = 'x'.repeat(1_900)
      for (let write = 0; write < 4_000 && (statuses.get(503) ?? 0) < 10; write += 1) {
        const status = await post(
          `${url}/sources`,
          { source_title: `Full ${process.pid} ${write}`, source_publisher: long.slice(0, 190) },
          cookie,
        )
        statuses.set(status, (statuses.get(status) ?? 0) + 1)
      }
      const page = await get(`${url}/agreements`)
      await end(child)
      const { fault } = await verifyRegister(target.url)
      const told = [...statuses].map(([status, count]) => `${count} × ${status}`).join(', ')
      return {
        saw: `forms: ${told}; the list: ${page}; ${fault ?? 'all follows from the history'}`,
        holds:
          fault === null && page === 200 && [...statuses.keys()].every((status) => status === 303 || status === 503),
      }
    } finally {
      await end(child)
    }
  },
}

export const damagedPage: Fault = {
  what: 'a page of the file overwritten',
  promised: 'said in one line, whether it is found at the start or by verify',
  engines: ['sqlite'],
  cause: async ({ target, folder }) => {
    const copy = join(folder, 'damaged.db')
    copyFileSync(fileOf(target.url), copy)
    const handle = openSync(copy, 'r+')
    writeSync(handle, Buffer.alloc(4_096, 0xa5), 0, 4_096, Math.floor(statSync(copy).size / 8_192) * 4_096)
    closeSync(handle)
    const { code, out, err } = await runHere(['verify'], settings(`sqlite:${copy}`))
    return {
      saw: `${code}: ${(out + err).trim().split('\n').at(-1)?.replace(copy, 'FILE')}`,
      holds: code === 1 && err.trim().split('\n').length === 1,
    }
  },
}

export const damagedBackups: Fault = {
  what: `${BACKUPS} backups, each with one byte changed or cut short`,
  promised: 'each is refused in one line, and leaves nothing behind',
  engines: ['sqlite'],
  cause: async ({ target, folder }) => {
    const whole = join(folder, 'whole.jsonl.gz')
    await runHere(['backup', whole], settings(target.url))
    const bytes = readFileSync(whole)
    let refused = 0
    for (let one = 0; one < BACKUPS; one += 1) {
      const changed = Buffer.from(bytes)
      const at = Math.floor((bytes.length * (one + 1)) / (BACKUPS + 1))
      changed[at] = (changed[at] ?? 0) ^ 0x40
      const file = join(folder, `damaged-${one}.jsonl.gz`)
      writeFileSync(file, one % 2 === 0 ? changed : changed.subarray(0, at))
      const { code, err } = await runHere(['restore', file], settings(`sqlite:${join(folder, `restored-${one}.db`)}`))
      if (code === 1 && err.split('\n').filter((line) => line.startsWith('clausula:')).length === 1) refused += 1
    }
    return { saw: `${refused} refused in one line`, holds: refused === BACKUPS }
  },
}

export const hostileDump: Fault = {
  what: 'a dump of one line of 64 MB',
  promised: 'refused in bounded time and memory',
  engines: ['sqlite'],
  cause: async ({ folder }) => {
    const file = join(folder, 'hostile.jsonl.gz')
    writeFileSync(file, gzipSync(Buffer.alloc(64 * 1024 * 1024, 0x20)))
    const began = performance.now()
    const child = startNode('src/cli.ts', ['restore', file], settings(`sqlite:${join(folder, 'hostile.db')}`))
    let most = 0
    const watch = setInterval(() => {
      try {
        most = Math.max(most, memory(child.pid ?? 0, 'VmHWM') ?? 0)
      } catch {
        // It has ended between two looks.
      }
    }, 10)
    const [code] = (await once(child, 'exit')) as [number | null]
    clearInterval(watch)
    const seconds = (performance.now() - began) / 1000
    return {
      saw: `${code} after ${seconds.toFixed(1)} s, ${most.toFixed(0)} MB`,
      holds: code === 1 && seconds < 10 && most < 400,
    }
  },
}
