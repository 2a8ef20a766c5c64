import type { Role } from '../words/role.ts'

/** Somebody who acts on the register; what every command needs to know of them. */
export interface User {
  id: number
  email: string
  name: string
  role: Role
}

/** Whoever has shown that an account is theirs, and the proof of it that a session remembers. */
export interface Proven {
  user: User
  proof: string
}

/** The account to which the program's own entries (seeds, positions that come into effect) are attributed. */
export const SYSTEM_EMAIL = 'system@clausula.invalid'
export const SYSTEM_NAME = 'Clausula'
