import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { chmodSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { join } from 'node:path'
import SqliteConnection from 'better-sqlite3'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { newFolder } from './support/folder.ts'
import { ended, program, runHere } from './support/program.ts'
import { startServer } from './support/servers.ts'

const ROOT = join(import.meta.dirname, '..')
let folder: string
const started: ChildProcess[] = []
beforeEach(() => {
  folder = newFolder('start')
})
afterEach(async () => {
  for (const child of started.splice(0)) {
    const ended = child.exitCode !== null || child.signalCode !== null ? Promise.resolve() : once(child, 'exit')
    endGroup(child)
    await ended
  }
  rmSync(folder, { recursive: true, force: true })
})

/** Ends npm and the server below it: each child leads a process group of its own. */
function endGroup({ pid }: ChildProcess): void {
  try {
    if (pid !== undefined) process.kill(-pid, 'SIGKILL')
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error
  }
}

/** Starts the program as a person would; settings of the machine that runs the tests stay out. */
function run(script: 'start' | 'clausula', env: Record<string, string> = {}, args: string[] = []): ChildProcess {
  const own = {
    PATH: process.env['PATH'] ?? '',
    HOME: process.env['HOME'] ?? '',
    PORT: '0',
    LOG_LEVEL: 'warn',
    DATABASE_URL: databaseUrl(),
  }
  const child = spawn('npm', ['run', '--silent', script, '--', ...args], {
    cwd: ROOT,
    env: { ...own, ...env },
    detached: true,
  })
  started.push(child)
  return child
}

/** Waits until the server has printed as many lines, and answers with them. */
async function lines(child: ChildProcess, count: number): Promise<string[]> {
  let printed = ''
  for await (const chunk of child.stdout as AsyncIterable<Buffer>) {
    printed += chunk.toString()
    const complete = printed.split('\n').slice(0, -1)
    if (complete.length >= count) return complete
  }
  throw new Error(`the server ended after printing: ${printed}`)
}

/** Starts the server without npm in between, which tells nothing more where it ends at once. */
const start = (env: Record<string, string> = {}) =>
  ended(program('src/main.ts', [], { DATABASE_URL: databaseUrl(), ...env }))
const databaseUrl = () => `sqlite:${join(folder, 'clausula.db')}`
const cli = (args: string[], input = '') => runHere(args, { DATABASE_URL: databaseUrl() }, input)

describe('npm start', () => {
  test('makes the database, loads the seeds, prints where it is and the set-up link; a second start keeps everything', async () => {
    const first = run('start')
    const [address = '', setup = ''] = await lines(first, 2)
    const url = address.replace('Clausula is at ', '')
    expect(url).toMatch(/^http:\/\/127\.0\.0\.1:\d+$/)
    expect(await (await fetch(`${url}/healthz`)).text()).toBe('ok')
    expect(await (await fetch(`${url}/agreements`)).text()).toContain('45 agreements')
    const link = new URL(setup.replace('Make the first admin: ', ''))
    const body = new URLSearchParams({
      token: link.searchParams.get('token') ?? '',
      name: 'Ada',
      email: 'ada@example.org',
      password: 'a long walk to Tartus',
    })
    expect((await fetch(`${url}/setup`, { method: 'POST', body, redirect: 'manual' })).status).toBe(303)
    first.kill('SIGTERM')
    await once(first, 'exit')

    const second = run('start')
    const [again = ''] = await lines(second, 1)
    const secondUrl = again.replace('Clausula is at ', '')
    expect(await (await fetch(`${secondUrl}/agreements`)).text()).toContain('45 agreements')
    expect((await fetch(`${secondUrl}/setup`)).status).toBe(410)
  })

  test('on SIGTERM finishes what is under way and exits with 0', async () => {
    // Without npm in between, so that the signal and the exit code are the server's own.
    const child = program('src/main.ts', [], { DATABASE_URL: databaseUrl() })
    const [address = ''] = await lines(child, 2)
    const response = await fetch(`${address.replace('Clausula is at ', '')}/agreements.csv`)
    // It may end as soon as the answer has: whoever asks later would wait for ever.
    const exited = once(child, 'exit')
    child.kill('SIGTERM')
    expect((await response.text()).split('\r\n')).toHaveLength(47)
    expect(await exited).toEqual([0, null])
  })

  test('the one-time link is printed once, and is in no log when it is opened', async () => {
    const server = await startServer(databaseUrl(), { LOG_LEVEL: 'info' })
    const [, token = ''] = await server.says(/setup\?token=(\S+)/)
    expect((await fetch(`${server.url}/setup?token=${token}`)).status).toBe(200)
    await server.says(/"url":"\/setup\?token=…"/)
    for (const path of ['/setup', '/account/new-password']) {
      const back = encodeURIComponent(`${path}?token=${token}&x=${path}`)
      expect((await fetch(`${server.url}/login?next=${back}`)).status).toBe(200)
      expect((await fetch(`${server.url}${path}?x=1&token=${token}`)).status).not.toBe(404)
    }
    await server.says(/"url":"\/account\/new-password\?x=1&token=…"/)
    expect(await server.stop()).toBe(0)
    expect(server.said().split(token)).toHaveLength(2)
  })

  test('CLAUSULA_SEEDS=none starts empty', async () => {
    const child = run('start', { CLAUSULA_SEEDS: 'none' })
    const [address = ''] = await lines(child, 2)
    expect(await (await fetch(address.replace('Clausula is at ', ''))).text()).toContain('The register is empty')
  })

  test.each([
    ['PORT', 'http'],
    ['PORT', '70000'],
    ['DATABASE_URL', 'mysql://x'],
    ['CLAUSULA_PUBLIC', 'maybe'],
    ['CLAUSULA_SEEDS', 'some'],
    ['CLAUSULA_TIME_ZONE', 'Asia/Tartus'],
    ['CLAUSULA_BASE_URL', 'ftp://x'],
    ['CLAUSULA_SECRET', 'short'],
    ['CLAUSULA_NAMES', 'nobody'],
    ['CLAUSULA_PROXIES', 'loopback'],
    ['CLAUSULA_FOUR_EYES', 'true'],
    ['LOG_LEVEL', 'loud'],
  ])('a wrong %s (%s) is one line that names it', async (name, value) => {
    const { code, out, err } = await runHere(['migrate'], { [name]: value })
    expect(code).toBe(1)
    expect(out).toBe('')
    expect(err).toMatch(new RegExp(`^clausula: ${name} must .*\\n$`))
  })

  test('a wrong setting stops the start', async () => {
    const { code, out, err } = await start({ PORT: 'http' })
    expect([code, out, err]).toEqual([1, '', 'clausula: PORT must be a port number from 0 to 65535\n'])
  })

  test('a port in use is one line', async () => {
    const holder = createServer().listen(0, '127.0.0.1')
    await once(holder, 'listening')
    const { port } = holder.address() as { port: number }
    const { code, err } = await start({ PORT: String(port) })
    holder.close()
    expect(code).toBe(1)
    expect(err).toBe(
      `clausula: cannot listen on 127.0.0.1:${port}: something else listens there already; set PORT to another number\n`,
    )
  })

  test('a file that is no database is one line, and is left as it is', async () => {
    writeFileSync(join(folder, 'clausula.db'), 'Dear diary, '.repeat(500))
    const { code, err } = await start()
    expect(code).toBe(1)
    expect(err).toMatch(
      /^clausula: the database .* cannot be used: it is not a SQLite database; nothing was changed in it\n$/,
    )
    expect(readFileSync(join(folder, 'clausula.db'), 'utf8')).toBe('Dear diary, '.repeat(500))
  })

  test('a damaged database is one line, and is left as it is', async () => {
    expect((await cli(['seed'])).code).toBe(0)
    const file = join(folder, 'clausula.db')
    const bytes = readFileSync(file)
    bytes.fill(0x5a, 4096 * 3, 4096 * 9)
    writeFileSync(file, bytes)
    const { code, err } = await start()
    expect(code).toBe(1)
    expect(err).toMatch(
      /^clausula: the database .* cannot be used: it is damaged; restore a backup, nothing was changed in it\n$/,
    )
    expect(readFileSync(file).equals(bytes)).toBe(true)
  })

  test('the tables of another program, or of a newer one, are one line each', async () => {
    const file = join(folder, 'clausula.db')
    const other = new SqliteConnection(file)
    other.exec('create table invoices (id integer)')
    other.close()
    expect((await start()).err).toBe(
      'clausula: the database holds the tables of another program; nothing was changed in it\n',
    )
    rmSync(file)
    expect((await cli(['migrate'])).code).toBe(0)
    const newer = new SqliteConnection(file)
    newer.exec("insert into kysely_migration values ('0099-future', '2030-01-01')")
    newer.close()
    const { code, err } = await start()
    expect(code).toBe(1)
    expect(err).toBe(
      'clausula: the database was made by a newer Clausula (migration 0099-future); start that version, nothing was changed\n',
    )
  })

  test('a folder that cannot be made is one line', async () => {
    writeFileSync(join(folder, 'file'), '')
    chmodSync(join(folder, 'file'), 0o400)
    const { code, err } = await start({ DATABASE_URL: `sqlite:${join(folder, 'file', 'clausula.db')}` })
    expect(code).toBe(1)
    expect(err).toMatch(/^clausula: the database .* cannot be used: .*\n$/)
  })

  test('a disk that is full is one line, and the file can be used again once there is room', async () => {
    const { code, err } = await start({ DATABASE_URL: 'sqlite:/dev/full' })
    expect(code).toBe(1)
    expect(err).toMatch(/^clausula: the database \/dev\/full cannot be used: .*\n$/)
  })
})

describe('the command line', () => {
  test('says what it can do', async () => {
    const { code, out } = await ended(run('clausula', {}, ['--help']))
    expect(code).toBe(0)
    for (const command of ['migrate', 'seed', 'users', 'export', 'generate']) {
      expect(out).toContain(command)
      expect((await cli([command, '--help'])).out).toContain(`npm run clausula -- ${command}`)
    }
  })

  test('wrong usage ends with 2 and says what is right', async () => {
    for (const args of [
      ['lost'],
      ['users'],
      ['users', 'add'],
      ['users', 'add', 'nobody', '--name', 'N', '--role', 'reader'],
      ['export', '--format', 'xml'],
      ['export', '--colour', 'red'],
      ['generate', '--agreements', 'many'],
      ['users', 'add', 'a@example.org', '--name', 'A', '--role', 'king'],
    ]) {
      const { code, out, err } = await cli(args, 'a long password\n')
      expect(code, args.join(' ')).toBe(2)
      expect(out).toBe('')
      expect(err).toMatch(/^clausula: /)
    }
  })

  test('fills a register, adds accounts, exports what the page shows', async () => {
    expect((await cli(['seed'])).out).toBe('45 agreements are entered\n')
    expect((await cli(['seed'])).out).toBe('The register has agreements already; nothing was changed\n')
    expect(
      (await cli(['users', 'add', 'Ada@example.org', '--name', 'Ada', '--role', 'analyst'], 'a long walk\n')).out,
    ).toBe('ada@example.org is added as analyst\n')
    expect((await cli(['users', 'add', 'b@example.org', '--name', 'B', '--role', 'analyst'], 'short\n')).code).toBe(1)
    expect((await cli(['users', 'list'])).out).toBe('ada@example.org\tanalyst\tAda\n')
    const { out } = await cli(['export', '--status', 'annulled', '--status', 'reassigned', '--sort', 'reference'])
    expect(out.split('\r\n')).toHaveLength(13)
    expect(out).toMatch(/^reference,title,/)
    const json = JSON.parse((await cli(['export', '--format', 'json', '--q', 'RUS-SYR-2019-1'])).out) as Record<
      string,
      unknown
    >[]
    expect(json).toMatchObject([
      { reference: 'RUS-SYR-2019-1', status: 'reassigned', lead: null, value_amount: 500_000_000 },
    ])
    expect(JSON.parse((await cli(['export', '--format', 'json', '--q', 'nothing'])).out)).toEqual([])
    const wrong = await cli(['export', '--sector', 'nope'])
    expect(wrong.code).toBe(1)
    expect(wrong.err).toBe('clausula: sector: “nope” is not a sector of the register.\n')
    expect((await cli(['generate'])).err).toContain('fills an empty one only')
  })
})
