import { once } from 'node:events'
import { connect, type Socket } from 'node:net'
import { onTestFinished } from 'vitest'
import type { TestApp } from './test-app.ts'

/** A plain connection to a server, on which nothing is sent that a test does not send; it is closed with the test. */
export async function connectionTo(url: string, more: { localAddress?: string } = {}): Promise<Socket> {
  const { hostname, port } = new URL(url)
  const socket = connect({ host: hostname, port: Number(port), ...more })
  socket.on('error', () => {})
  onTestFinished(() => void socket.destroy())
  await once(socket, 'connect')
  return socket
}

/** What a server still says on a connection before it closes it. */
export async function lastWords(socket: Socket): Promise<string> {
  let said = ''
  socket.on('data', (chunk: Buffer) => (said += chunk.toString()))
  await once(socket, 'close')
  return said
}

/** A reader who asks for something, takes the beginning of the answer and then nothing more. */
export async function stalledReader(url: string, path: string): Promise<Socket> {
  const socket = await connectionTo(url)
  socket.write(`GET ${path} HTTP/1.1\r\nHost: register\r\n\r\n`)
  const closed = once(socket, 'close').then(() => Promise.reject(new Error('the server closed the connection')))
  await Promise.race([once(socket, 'data'), closed])
  closed.catch(() => {})
  socket.pause()
  return socket
}

/** The one agreement that `writeAtLength` leaves as short as it is. */
export const SHORT = 'RUS-SYR-2019-1'

/** Makes an export of all agreements larger than what the system keeps of it for a reader who takes nothing (about 3 MB). */
export async function writeAtLength({ context: { db } }: TestApp): Promise<void> {
  const summary = 'x'.repeat(120_000)
  await db.transaction((trx) =>
    trx.updateTable('agreements').set({ summary }).where('reference', '!=', SHORT).execute(),
  )
}
