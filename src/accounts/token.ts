import { createHash, randomBytes, timingSafeEqual } from 'node:crypto'
import type { Unit } from '../database/unit.ts'

// What opens a one-time link. Only its hash is kept: who reads the database opens nothing with it.

const BYTES = 24

export function newToken(): string {
  return randomBytes(BYTES).toString('base64url')
}

/** SHA-256 in hexadecimal digits: what is guessed is as long as a key, so it need not be slow. */
export function tokenHash(token: string): string {
  return createHash('sha256').update(token).digest('hex')
}

/** Whether a token is the one behind a hash. */
export function isTokenOf(hash: string, token: string): boolean {
  const [kept, given] = [Buffer.from(hash), Buffer.from(tokenHash(token))]
  return kept.length === given.length && timingSafeEqual(kept, given)
}

/** Under which setting the hash of an account's one-time link is kept. */
export function passwordLinkKey(userId: number): string {
  return `password_link_${userId}`
}

/** Ends an account's one-time link, if it has one. */
export async function forgetPasswordLink(unit: Unit, userId: number): Promise<void> {
  await unit.trx.deleteFrom('settings').where('key', '=', passwordLinkKey(userId)).execute()
}
