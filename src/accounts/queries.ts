import type { Reader } from '../database/schema.ts'
import { SYSTEM_EMAIL, type User } from './user.ts'

/** The account of a session, unless it was disabled. */
export async function findUser(db: Reader, id: number): Promise<User | undefined> {
  return db
    .selectFrom('users')
    .select(['id', 'email', 'name', 'role'])
    .where('id', '=', id)
    .where('disabled_at', 'is', null)
    .executeTakeFirst()
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
