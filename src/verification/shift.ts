import type { Snapshot } from '../database/database.ts'
import { engineOf } from '../database/engines/engine.ts'
import { AGREEMENTS_AT_ONCE, checkAgreements, lastAgreement } from './agreements.ts'
import { checkAccounts } from './accounts.ts'
import { checkChain } from './chain.ts'
import { checkDecisions } from './decisions.ts'
import { checkIndexed } from './derived.ts'
import { checkDirectories } from './directories.ts'
import { checkEvidence } from './evidence.ts'
import { Fault } from './fault.ts'
import type { NotedHead } from './heads.ts'
import { checkNothingMissing } from './missing.ts'
import { checkReferences, checkSchema } from './schema.ts'

/** What one thread of a verification does: perhaps the chain and the evidence, and as many agreements as it comes to. */
export interface Shift {
  url: string
  /** Shared by the threads: the number of the next range of agreements that nobody has taken. */
  next: Int32Array
  chain: { heads: readonly NotedHead[] } | null
}

export interface ShiftResult {
  changes: number
  head: string
  claims: number
  agreements: number
  versions: number
  positions: number
  chainFault: string | null
  evidenceFault: string | null
  /** The first fault in the thread's agreements, and where its range begins. */
  agreementFault: { from: number; message: string } | null
}

export async function workShift(snapshot: Snapshot, { next, chain }: Shift): Promise<ShiftResult> {
  const result: ShiftResult = {
    changes: 0,
    head: '',
    claims: 0,
    agreements: 0,
    versions: 0,
    positions: 0,
    chainFault: null,
    evidenceFault: null,
    agreementFault: null,
  }
  if (chain) {
    result.chainFault = await faultOf(async () => {
      await checkSchema(snapshot.read, engineOf(snapshot.read))
      Object.assign(result, await checkChain(snapshot, chain.heads))
    })
    if (result.chainFault !== null) return result
    result.evidenceFault = await faultOf(async () => {
      await checkNothingMissing(snapshot.read)
      await checkAccounts(snapshot.read)
      await checkDirectories(snapshot.read)
      Object.assign(result, await checkEvidence(snapshot.read))
      await checkDecisions(snapshot.read)
      await checkIndexed(snapshot.read)
      await checkReferences(snapshot.read)
    })
  }
  await workRanges(snapshot, next, result)
  return result
}

async function workRanges({ read }: Pick<Snapshot, 'read'>, next: Int32Array, result: ShiftResult): Promise<void> {
  const last = await lastAgreement(read)
  for (;;) {
    const from = Atomics.add(next, 0, 1) * AGREEMENTS_AT_ONCE + 1
    if (from > last) return
    const message = await faultOf(async () => {
      const found = await checkAgreements(read, { from, to: from + AGREEMENTS_AT_ONCE - 1 })
      result.agreements += found.agreements
      result.versions += found.versions
      result.positions += found.positions
    })
    if (message === null) continue
    result.agreementFault = { from, message }
    return
  }
}

async function faultOf(check: () => Promise<void>): Promise<string | null> {
  try {
    await check()
    return null
  } catch (error) {
    if (error instanceof Fault) return error.message
    throw error
  }
}
