import { Client } from 'pg'
import supertest from 'supertest'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { statusForm } from '../support/forms.ts'
import { type PostgresServer, startPostgres } from '../support/postgres-server.ts'
import { command } from '../support/program.ts'
import { addAccount, enterAgreement, logInAt, type RunningServer, startServer } from '../support/servers.ts'

let primary: PostgresServer
let replica: Pick<PostgresServer, 'url' | 'start' | 'stop'>
beforeAll(async () => {
  primary = await startPostgres()
  replica = await primary.replicate()
  await command(primary.url('postgres'), 'seed')
  await addAccount(primary.url('postgres'), 'ada@example.org', 'analyst')
})
afterAll(() => primary?.remove())

/** A server that reads from the replica. */
const start = (): Promise<RunningServer> =>
  startServer(primary.url('postgres'), { DATABASE_REPLICA_URL: replica.url('postgres') })

async function onReplica(statement: string): Promise<void> {
  const client = new Client(replica.url('postgres'))
  await client.connect()
  await client.query(statement)
  await client.end()
}

async function until(isSo: () => Promise<boolean>): Promise<void> {
  while (!(await isSo()));
}

test('a person sees their own write at once; whoever only reads gets what has arrived at the replica', async () => {
  const server = await start()
  const ada = await logInAt(server.url, 'ada@example.org')
  const reader = supertest.agent(server.url)
  await until(async () => (await reader.get('/agreements')).text.includes('45 agreements'))

  await onReplica('select pg_wal_replay_pause()')
  const address = await enterAgreement(ada, 'A treaty on its way')
  await ada.get(address).expect(200)
  expect((await ada.get('/agreements').expect(200)).text).toContain('46 agreements')
  await ada.post(`${address}/status`).type('form').send(statusForm()).expect(303)
  expect((await ada.get(address).expect(200)).text).toContain('Under review')
  await reader.get(address).expect(404)
  expect((await reader.get('/agreements').expect(200)).text).toContain('45 agreements')
  expect((await reader.get('/agreements.csv').expect(200)).text).not.toContain('A treaty on its way')

  await onReplica('select pg_wal_replay_resume()')
  await until(async () => (await reader.get(address)).status === 200)
  expect((await reader.get('/agreements').expect(200)).text).toContain('46 agreements')
})

test('a replica that is away is done without, and used again once it is back', async () => {
  const server = await start()
  const reader = supertest.agent(server.url)
  await replica.stop()
  await reader.get('/agreements').expect(200)
  await reader.get('/agreements.csv').expect(200)
  await replica.start()
  await reader.get('/agreements').expect(200)
  expect(server.said()).not.toContain('"level":50')
})
