import { once } from 'node:events'
import { Worker } from 'node:worker_threads'
import { refusePending } from '../database/migrate.ts'
import { openDatabase } from '../database/open.ts'
import { AGREEMENTS_AT_ONCE, lastAgreement } from './agreements.ts'
import type { NotedHead } from './heads.ts'
import { type Shift, type ShiftResult, workShift } from './shift.ts'

/** What was found: how much follows from the history, and the first thing that does not, in a sentence. */
export interface Verification {
  changes: number
  agreements: number
  versions: number
  positions: number
  claims: number
  /** The hash of the newest change; 64 zeros for a register without one. */
  head: string
  fault: string | null
}

/**
 * Checks that a register follows from its history: each change carries the hash of the one before it; and every version, position,
 * claim, source, present row and standing is what the changes say. Needs no more memory for a long history than for a short one.
 * Two threads share the work on a large one, each on a state of the register of its own: the server may go on meanwhile.
 * @param url the register's address
 * @param heads noted down earlier, which must still be in the chain
 */
export async function verifyRegister(url: string, heads: readonly NotedHead[] = []): Promise<Verification> {
  const next = new Int32Array(new SharedArrayBuffer(Int32Array.BYTES_PER_ELEMENT))
  const db = await openDatabase(url)
  try {
    await refusePending(db)
  } catch (error) {
    await db.close()
    throw error
  }
  const snapshot = await db.snapshot()
  try {
    const chain = { url, next, chain: { heads } }
    // A thread takes longer to start than a small register to be gone through.
    const isSmall = (await lastAgreement(snapshot.read)) <= AGREEMENTS_AT_ONCE
    if (isSmall) return together(await workShift(snapshot, chain))
    return together(...(await Promise.all([inThread(chain), workShift(snapshot, { url, next, chain: null })])))
  } finally {
    await snapshot.close()
    await db.close()
  }
}

/** What the threads found; what stands earlier in the history is told first. */
function together(whole: ShiftResult, ...parts: ShiftResult[]): Verification {
  const all = [whole, ...parts]
  const sum = (count: 'agreements' | 'versions' | 'positions') => all.reduce((total, one) => total + one[count], 0)
  return {
    changes: whole.changes,
    head: whole.head,
    claims: whole.claims,
    agreements: sum('agreements'),
    versions: sum('versions'),
    positions: sum('positions'),
    fault: whole.chainFault ?? firstFault(all) ?? whole.evidenceFault,
  }
}

function firstFault(results: ShiftResult[]): string | null {
  const faults = results.flatMap(({ agreementFault }) => agreementFault ?? [])
  return faults.sort((a, b) => a.from - b.from)[0]?.message ?? null
}

async function inThread(shift: Shift): Promise<ShiftResult> {
  const thread = new Worker(new URL('thread.ts', import.meta.url), { workerData: shift })
  // It ends by itself, its connections closed: to end it from here would tear them out from under SQLite.
  const [[result]] = (await Promise.all([once(thread, 'message'), once(thread, 'exit')])) as [[ShiftResult], unknown]
  return result
}
