import { once } from 'node:events'
import { statSync } from 'node:fs'
import { connect, type Socket } from 'node:net'
import { end } from '../bench/children.ts'
import { memory, type Server, startOnce } from '../bench/server.ts'
import { connectionsTo } from '../support/processes.ts'
import type { Fault, Scene } from './faults.ts'
import { until } from './until.ts'
import { cookieAt, get, post } from './writers.ts'

const STALLED = 40
const SILENT = 500
const WRITES = 50
/** Longer than every limit of docs/operations.md that ends such a connection. */
const LONGEST = 180_000

/** Opens connections that send something, and then neither send nor read. */
async function open(port: number, count: number, sends: string): Promise<Socket[]> {
  const sockets = Array.from({ length: count }, () => connect(port, '127.0.0.1'))
  for (const socket of sockets) {
    socket.on('error', () => {})
    socket.pause()
  }
  await Promise.all(sockets.map((socket) => once(socket, 'connect')))
  for (const socket of sockets) socket.write(sends)
  await until(() => connectionsTo(port) >= count, LONGEST)
  return sockets
}

async function slowest(server: Server): Promise<number> {
  const times: number[] = []
  for (let asked = 0; asked < 20; asked += 1) {
    const began = performance.now()
    if ((await get(`${server.url}/agreements`)) !== 200) return Infinity
    times.push(performance.now() - began)
  }
  return Math.max(...times)
}

const walOf = ({ target }: Scene) =>
  target.engine === 'sqlite'
    ? (statSync(`${target.url.slice('sqlite:'.length)}-wal`, { throwIfNoEntry: false })?.size ?? 0)
    : 0

export const stalledReaders: Fault = {
  what: `${STALLED} readers of an export who stop reading, and ${WRITES} changes meanwhile`,
  promised: 'others are answered; the readers are let go; the write-ahead log is back under its bound',
  engines: ['sqlite', 'postgres'],
  cause: async (scene) => {
    const { server } = await startOnce(scene.target.url)
    try {
      const cookie = await cookieAt(server.url)
      const before = memory(server.pid, 'VmRSS') ?? 0
      const sockets = await open(server.port, STALLED, 'GET /agreements.json HTTP/1.1\r\nHost: x\r\n\r\n')
      const began = performance.now()
      let recorded = 0
      for (let write = 0; write < WRITES; write += 1)
        if ((await post(`${server.url}/sources`, { source_title: `During ${process.pid} ${write}` }, cookie)) === 303)
          recorded += 1
      const [waited, most, wal] = [await slowest(server), memory(server.pid, 'VmHWM') ?? 0, walOf(scene)]
      // They read nothing to the end: what is told is what becomes of them on the server.
      const letGo = (await until(() => connectionsTo(server.port) === 0, LONGEST)) !== null
      const seconds = (performance.now() - began) / 1000
      await post(`${server.url}/sources`, { source_title: `Behind ${process.pid}` }, cookie)
      const after = walOf(scene)
      for (const socket of sockets) socket.destroy()
      return {
        saw: `${recorded} of ${WRITES} recorded, a list took ${waited.toFixed(0)} ms at most, ${(most - before).toFixed(0)} MB more at most; all let go ${letGo ? `after ${seconds.toFixed(0)} s` : 'not in time'}; log ${(wal / 1e6).toFixed(1)} MB meanwhile, ${(after / 1e6).toFixed(1)} MB after`,
        holds: recorded === WRITES && waited < 1_000 && letGo && after <= 17e6,
      }
    } finally {
      await end(server.child)
    }
  },
}

export const silentConnections: Fault = {
  what: `${SILENT} connections that send half a request and wait`,
  promised: 'others are answered; they are closed after their limit',
  engines: ['sqlite', 'postgres'],
  cause: async ({ target }) => {
    const { server } = await startOnce(target.url)
    try {
      const sockets = await open(server.port, SILENT, 'GET /agreements HTTP/1.1\r\nHost:')
      const began = performance.now()
      const waited = await slowest(server)
      const letGo = (await until(() => connectionsTo(server.port) === 0, LONGEST)) !== null
      const seconds = (performance.now() - began) / 1000
      for (const socket of sockets) socket.destroy()
      return {
        saw: `a list took ${waited.toFixed(0)} ms at most; all closed ${letGo ? `after ${seconds.toFixed(0)} s` : 'not in time'}`,
        holds: waited < 1_000 && letGo,
      }
    } finally {
      await end(server.child)
    }
  },
}
