import { hash as hashText } from 'node:crypto'
import { hash, verify } from '@node-rs/argon2'
import type { PasswordCost } from '../context.ts'

/** What OWASP's Password Storage Cheat Sheet asks of Argon2id at the least: about 20 ms of one core. */
export const PASSWORD_COST: PasswordCost = { timeCost: 2, memoryCost: 19_456 }

/** An Argon2id PHC string, which names its own cost. */
export async function hashPassword(password: string, cost: PasswordCost): Promise<string> {
  return hash(password, cost)
}

/**
 * What a session remembers of the password that it was opened with: it holds for as long as the account has that one. A log-in that was
 * under way while the password was changed has the proof of the old one.
 */
export function proofOf(passwordHash: string): string {
  return hashText('sha256', passwordHash, 'base64url')
}

/**
 * What the history tells of how an account logs in: that nobody gave it another address or password in silence. It gives neither away,
 * since the hash is salted.
 * @returns SHA-256, hex
 */
export function credentialOf(email: string, passwordHash: string): string {
  return hashText('sha256', JSON.stringify([email, passwordHash]))
}

const ofNobody = new WeakMap<PasswordCost, Promise<string>>()

/**
 * True if the password is the one behind the hash; takes as long when there is no account, so that nobody learns which exist.
 * @param cost what the accounts' own hashes cost
 */
export async function verifyPassword(
  passwordHash: string | null | undefined,
  password: string,
  cost: PasswordCost,
): Promise<boolean> {
  const standIn = ofNobody.get(cost) ?? hashPassword('the password of nobody', cost)
  ofNobody.set(cost, standIn)
  const matches = await verify(passwordHash ?? (await standIn), password)
  return matches && passwordHash !== null && passwordHash !== undefined
}
