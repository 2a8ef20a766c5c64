import { existsSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import type { Config } from '../config.ts'
import { locate } from '../database/locate.ts'
import { openDatabase } from '../database/open.ts'
import { changesAhead, explainAhead } from '../history/ahead.ts'
import { type Head, readHeads, readVerifier } from '../history/head.ts'
import { signingKey } from '../history/signing-key.ts'
import { instant, systemClock } from '../time/clock.ts'
import { verifyRegister } from '../verification/verify.ts'
import { AppError, StartError } from '../errors.ts'
import { type Command, say, UsageError } from './command.ts'

export const verify: Command = {
  summary: 'check that the register follows from its history',
  usage: 'npm run clausula -- verify [--head HASH] [--since FILE [--key KEY]]',
  help: 'Works out the hash of every change anew, and checks that everything that a page, an export or a right depends on follows from the changes, that nothing is missing, and that the database is made as the program makes it. Names the first that does not, and exits with 1. --head checks that a hash noted down earlier (from /changes, or from verify) is still in the chain; --since that all the signed heads in a file are (from /changes/head, one behind another), signed with this register’s key, or with the one given: the word in the header Clausula-Key. A change stamped ahead of this machine’s clock is remarked on; it is no fault. It reads one state of the register; the server may go on.',
  options: { head: { type: 'string' }, since: { type: 'string' }, key: { type: 'string' } },
  runAlone: async (config, { values, positionals }, { stdout }) => {
    if (positionals.length > 0) throw new UsageError(`“${positionals[0]}” is not understood; see --help`)
    const head = values['head']
    if (head !== undefined && (typeof head !== 'string' || !/^[0-9a-f]{64}$/.test(head)))
      throw new UsageError('--head must be a hash of 64 hexadecimal digits, as /changes and verify show it')
    const { engine, target } = locate(config.databaseUrl)
    // Opening a file that is not there would make it.
    if (engine === 'sqlite' && !existsSync(target)) throw new StartError(`there is no file ${target}`)
    const noted = await readNoted(config, values['since'], values['key'])
    const heads = head === undefined ? noted : [{ hash: head }, ...noted]
    const { fault, ...found } = await verifyRegister(config.databaseUrl, heads)
    if (fault !== null) throw new AppError('invalid', fault)
    const { changes, agreements, versions, positions, claims } = found
    say(
      stdout,
      `${changes} changes, ${agreements} agreements, ${versions} versions, ${positions} positions, ${claims} claims: all follow from the history`,
    )
    if (noted.length > 0) say(stdout, `${noted.length} signed heads are in the chain`)
    say(stdout, `Head of the chain: ${found.head}`)
    const remark = await remarkOnClock(config)
    if (remark !== null) say(stdout, `Remark: ${remark}`)
  },
}

/** What is no fault of the history, and worth knowing all the same. */
async function remarkOnClock(config: Config): Promise<string | null> {
  const db = await openDatabase(config.databaseUrl)
  try {
    const ahead = await changesAhead(db.read, instant(systemClock))
    return ahead ? explainAhead(ahead) : null
  } finally {
    await db.close()
  }
}

/** The heads that were kept in a file; each has to have been signed with the key. */
async function readNoted(config: Config, file: unknown, word: unknown): Promise<Head[]> {
  if (typeof file !== 'string') {
    if (word !== undefined) throw new UsageError('--key belongs to --since')
    return []
  }
  const key = typeof word === 'string' ? keyOf(word) : signingKey(config.signingKey)
  const text = await readFile(file, 'utf8').catch((error: Error) => {
    throw new UsageError(`--since must name a file that can be read: ${error.message}`)
  })
  const heads = readHeads(text, key)
  if (heads.length === 0) throw new UsageError(`--since: there is no head in ${file}`)
  return heads.map((noted) => {
    if ('wrong' in noted) throw new AppError('invalid', `${file}: ${noted.wrong}`)
    return noted.head
  })
}

function keyOf(word: string) {
  try {
    return readVerifier(word)
  } catch {
    throw new UsageError('--key must be the word that /changes/head sends as Clausula-Key: clausula-register+…')
  }
}
