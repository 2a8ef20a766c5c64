import type { Reader } from '../database/schema.ts'
import { proofOf } from './password.ts'
import { SYSTEM_EMAIL, type User } from './user.ts'

/** The account of a session, unless it was disabled, or has another password than the one that the session was opened with. */
export async function findUser(db: Reader, id: number, proof: string): Promise<User | undefined> {
  const found = await db
    .selectFrom('users')
    .select(['id', 'email', 'name', 'role', 'password_hash'])
    .where('id', '=', id)
    .where('disabled_at', 'is', null)
    .executeTakeFirst()
  if (!found || found.password_hash === null || proofOf(found.password_hash) !== proof) return undefined
  const { email, name, role } = found
  return { id, email, name, role }
}

/** Every account of a person, by name. */
export async function listUsers(db: Reader) {
  return db
    .selectFrom('users')
    .select(['id', 'email', 'name', 'role', 'disabled_at', 'created_at'])
    .where('email', '!=', SYSTEM_EMAIL)
    .orderBy('name')
    .orderBy('id')
    .execute()
}
