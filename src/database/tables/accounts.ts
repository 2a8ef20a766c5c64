import type { Generated } from 'kysely'
import type { Role } from '../../words/role.ts'

// Who uses the register: people, their sessions, and the settings that the program keeps.

export interface UsersTable {
  id: Generated<number>
  email: string
  name: string
  role: Role
  /** PHC string; null for the system account, which nobody can log in to. */
  password_hash: string | null
  disabled_at: string | null
  created_at: string
}

export interface SessionsTable {
  /** SHA-256 of the session id, so that a copy of the database opens no session. */
  id_hash: string
  user_id: number | null
  data: string
  expires_at: string
}

/** Failed attempts to log in, by what they were counted for. */
export interface LogInFailuresTable {
  /** SHA-256 of the network address and the account. */
  key: string
  failures: number
  expires_at: string
}

export interface SettingsTable {
  key: string
  value: string
}
