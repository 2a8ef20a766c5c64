import type { Snapshot } from '../database/database.ts'
import { checkAgreements } from './agreements.ts'
import { checkChain } from './chain.ts'
import { checkEvidence } from './evidence.ts'
import { Fault } from './fault.ts'

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
 * @param head a hash noted down earlier, which must still be in the chain
 */
export async function verifyRegister(snapshot: Snapshot, head: string | null): Promise<Verification> {
  const found: Verification = { changes: 0, agreements: 0, versions: 0, positions: 0, claims: 0, head: '', fault: null }
  try {
    Object.assign(found, await checkChain(snapshot, head))
    Object.assign(found, await checkAgreements(snapshot.read))
    Object.assign(found, await checkEvidence(snapshot.read))
  } catch (error) {
    if (!(error instanceof Fault)) throw error
    found.fault = error.message
  }
  return found
}
