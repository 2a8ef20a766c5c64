import type { PasswordCost } from '../context.ts'
import type { Database } from '../database/database.ts'
import { type Actor, inUnit, type Unit, type UnitContext } from '../database/unit.ts'
import { instant, type Clock } from '../time/clock.ts'
import { AppError, invalidField } from '../errors.ts'
import { recordChange } from '../history/record.ts'
import { credentialOf, hashPassword, proofOf, verifyPassword } from './password.ts'
import { type Chooser, personalFault } from './password-rules.ts'
import type { Role } from '../words/role.ts'
import { forgetPasswordLink } from './token.ts'
import { type Proven, SYSTEM_EMAIL, SYSTEM_NAME, type User } from './user.ts'

export interface NewUser {
  email: string
  name: string
  role: Role
  password: string
}

/** What a command that takes a password needs. */
export interface PasswordContext extends UnitContext {
  passwordCost: PasswordCost
}

/** The account that the program's own entries are attributed to, made if this register has none yet. */
export async function ensureSystemUser(db: Database, clock: Clock): Promise<User> {
  const columns = ['id', 'email', 'name', 'role'] as const
  const known = await db.read.selectFrom('users').select(columns).where('email', '=', SYSTEM_EMAIL).executeTakeFirst()
  if (known) return known
  return db.transaction(async (trx) => {
    await trx
      .insertInto('users')
      .values({
        email: SYSTEM_EMAIL,
        name: SYSTEM_NAME,
        role: 'reader',
        password_hash: null,
        disabled_at: null,
        created_at: instant(clock),
      })
      .onConflict((conflict) => conflict.doNothing())
      .execute()
    return trx.selectFrom('users').select(columns).where('email', '=', SYSTEM_EMAIL).executeTakeFirstOrThrow()
  })
}

/** @throws AppError `invalid` for a password that is hardly more than what is known of whoever chooses it. */
export function refusePersonal(field: string, password: string, chooser: Chooser): void {
  const fault = personalFault(password, chooser)
  if (fault !== undefined) throw invalidField(field, fault)
}

/**
 * Adds an account.
 * @throws AppError `invalid` when the address has one already, or the password is the person's name or address.
 */
export async function addUser(context: PasswordContext, actor: Actor, user: NewUser): Promise<User> {
  refusePersonal('password', user.password, user)
  const password_hash = await hashPassword(user.password, context.passwordCost)
  return inUnit(context, actor, (unit) => insertUser(unit, user, password_hash))
}

/** Adds an account in the unit under way; the password is hashed already. */
export async function insertUser(unit: Unit, { email, name, role }: NewUser, password_hash: string): Promise<User> {
  const known = await unit.trx.selectFrom('users').select('id').where('email', '=', email).executeTakeFirst()
  if (known) throw invalidField('email', `${email} has an account already: give another address`)
  const { id } = await unit.trx
    .insertInto('users')
    .values({ email, name, role, password_hash, disabled_at: null, created_at: unit.at })
    .returning('id')
    .executeTakeFirstOrThrow()
  await recordChange(unit, {
    kind: 'user_added',
    subject: `user:${id}`,
    after: { name, role, stored: { credential: credentialOf(email, password_hash) } },
  })
  return { id, email, name, role }
}

/** Whose the address and the password are, or undefined; equally slow either way. */
export async function authenticate(
  { db, passwordCost }: Pick<PasswordContext, 'db' | 'passwordCost'>,
  email: string,
  password: string,
): Promise<Proven | undefined> {
  const found = await db.read
    .selectFrom('users')
    .select(['id', 'email', 'name', 'role', 'password_hash', 'disabled_at'])
    .where('email', '=', email)
    .executeTakeFirst()
  const right = await verifyPassword(found?.password_hash, password, passwordCost)
  if (!found || found.password_hash === null || !right || found.disabled_at !== null) return undefined
  const { id, name, role, password_hash } = found
  return { user: { id, email: found.email, name, role }, proof: proofOf(password_hash) }
}

/**
 * Changes one's own password; every other session of the account ends, log-ins under way included.
 * @returns the proof that the surviving session remembers from now on
 * @throws AppError `invalid` when the present password is wrong, or the next one is the person's name or address.
 */
export async function changePassword(
  context: PasswordContext,
  user: User,
  current: string,
  next: string,
  survivingSession: string,
): Promise<string> {
  if (!(await authenticate(context, user.email, current)))
    throw invalidField('current_password', 'This is not your present password: type it again')
  refusePersonal('new_password', next, user)
  const password_hash = await hashPassword(next, context.passwordCost)
  await inUnit(context, user, async (unit) => {
    await unit.trx.updateTable('users').set({ password_hash }).where('id', '=', user.id).execute()
    await unit.trx
      .deleteFrom('sessions')
      .where('user_id', '=', user.id)
      .where('id_hash', '!=', survivingSession)
      .execute()
    await forgetPasswordLink(unit, user.id)
    await recordChange(unit, {
      kind: 'user_password_changed',
      subject: `user:${user.id}`,
      after: { account: user.name, stored: { credential: credentialOf(user.email, password_hash) } },
    })
  })
  return proofOf(password_hash)
}

/**
 * Gives an account another role.
 * @throws AppError `not_found`, or `invalid` when the register would be left without an admin.
 */
export async function changeRole(context: UnitContext, actor: User, userId: number, role: Role): Promise<void> {
  await inUnit(context, actor, async (unit) => {
    const user = await findAccount(unit, userId)
    if (user.role === role) return
    if (user.role === 'admin') await refuseLastAdmin(unit, userId, 'role')
    await unit.trx.updateTable('users').set({ role }).where('id', '=', userId).execute()
    await recordChange(unit, {
      kind: 'user_role_changed',
      subject: `user:${userId}`,
      before: { account: user.name, role: user.role },
      after: { account: user.name, role },
    })
  })
}

/**
 * Disables an account, which ends its sessions, or enables it again.
 * @throws AppError `not_found`, or `invalid` when the register would be left without an admin.
 */
export async function setDisabled(context: UnitContext, actor: User, userId: number, disabled: boolean): Promise<void> {
  await inUnit(context, actor, async (unit) => {
    const user = await findAccount(unit, userId)
    if ((user.disabled_at !== null) === disabled) return
    if (disabled && user.role === 'admin') await refuseLastAdmin(unit, userId, 'disable')
    await unit.trx
      .updateTable('users')
      .set({ disabled_at: disabled ? unit.at : null })
      .where('id', '=', userId)
      .execute()
    if (disabled) {
      await unit.trx.deleteFrom('sessions').where('user_id', '=', userId).execute()
      await forgetPasswordLink(unit, userId)
    }
    await recordChange(unit, {
      kind: disabled ? 'user_disabled' : 'user_enabled',
      subject: `user:${userId}`,
      after: { account: user.name },
    })
  })
}

/** Ends every session of an account. */
export async function signOutEverywhere(context: UnitContext, actor: User, userId: number): Promise<void> {
  await inUnit(context, actor, async (unit) => {
    const user = await findAccount(unit, userId)
    await unit.trx.deleteFrom('sessions').where('user_id', '=', userId).execute()
    await recordChange(unit, { kind: 'user_signed_out', subject: `user:${userId}`, after: { account: user.name } })
  })
}

/** A person's account. @throws AppError `not_found` */
export async function findAccount(unit: Unit, id: number) {
  const user = await unit.trx
    .selectFrom('users')
    .select(['email', 'name', 'role', 'disabled_at'])
    .where('id', '=', id)
    .where('email', '!=', SYSTEM_EMAIL)
    .executeTakeFirst()
  if (!user) throw new AppError('not_found', 'There is no such account.')
  return user
}

async function refuseLastAdmin(unit: Unit, userId: number, field: string): Promise<void> {
  const other = await unit.trx
    .selectFrom('users')
    .select('id')
    .where('role', '=', 'admin')
    .where('disabled_at', 'is', null)
    .where('id', '!=', userId)
    .executeTakeFirst()
  if (!other) throw invalidField(field, 'This is the only admin: make another account an admin first')
}
