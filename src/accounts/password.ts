import { hash, verify } from '@node-rs/argon2'

/** At least as long as NIST SP 800-63B asks of a password that a person chooses. */
export const SHORTEST_PASSWORD = 8
export const LONGEST_PASSWORD = 200

/** An Argon2id PHC string. */
export async function hashPassword(password: string): Promise<string> {
  return hash(password)
}

let ofNobody: Promise<string> | undefined

/** True if the password is the one behind the hash; takes as long when there is no account, so that nobody learns which exist. */
export async function verifyPassword(passwordHash: string | null | undefined, password: string): Promise<boolean> {
  ofNobody ??= hashPassword('the password of nobody')
  const matches = await verify(passwordHash ?? (await ofNobody), password)
  return matches && passwordHash !== null && passwordHash !== undefined
}
