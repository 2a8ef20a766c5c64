import type { Reader } from '../database/schema.ts'
import { type Actor, inUnit, type UnitContext } from '../database/unit.ts'
import { AppError, invalidField } from '../errors.ts'
import { recordChange } from '../history/record.ts'
import { type Clock, instant } from '../time/clock.ts'
import { findAccount, type PasswordContext, refusePersonal } from './commands.ts'
import { credentialOf, hashPassword, proofOf } from './password.ts'
import { forgetPasswordLink, isTokenOf, newToken, passwordLinkKey, tokenHash } from './token.ts'
import type { Proven, User } from './user.ts'

/** For as long as this a link sets a new password. */
const LINK_HOURS = 24

/** A link as its maker is shown it, once. */
export interface PasswordLink {
  /** The path, with the token. */
  path: string
  /** The instant from which it no longer works. */
  expires_at: string
  name: string
}

/** What is kept of it. */
interface Kept {
  sha256: string
  expires_at: string
}

/**
 * Makes a one-time link with which somebody who forgot their password sets a new one; the one before it stops working.
 * @throws AppError `not_found`, or `invalid` for an account that is disabled.
 */
export async function makePasswordLink(context: UnitContext, actor: Actor, userId: number): Promise<PasswordLink> {
  const token = `${userId}-${newToken()}`
  return inUnit(context, actor, async (unit) => {
    const { name, disabled_at } = await findAccount(unit, userId)
    if (disabled_at !== null) throw invalidField('', `The account of ${name} is disabled: enable it first`)
    const expires_at = new Date(Date.parse(unit.at) + LINK_HOURS * 3_600_000).toISOString()
    const value = JSON.stringify({ sha256: tokenHash(token), expires_at } satisfies Kept)
    await unit.trx
      .insertInto('settings')
      .values({ key: passwordLinkKey(userId), value })
      .onConflict((conflict) => conflict.column('key').doUpdateSet({ value }))
      .execute()
    await recordChange(unit, { kind: 'user_password_link_made', subject: `user:${userId}`, after: { account: name } })
    return { path: `/account/new-password?token=${token}`, expires_at, name }
  })
}

/**
 * Whose link a token opens.
 * @throws AppError `gone` for one that was used, replaced or is too old: a stranger learns nothing else.
 */
export async function ownerOfLink(db: Reader, clock: Clock, token: string): Promise<User> {
  const [, id] = /^([1-9]\d{0,14})-/.exec(token) ?? []
  if (id === undefined) throw noSuchLink()
  const kept = await db
    .selectFrom('settings')
    .select('value')
    .where('key', '=', passwordLinkKey(Number(id)))
    .executeTakeFirst()
  if (!kept) throw noSuchLink()
  const { sha256, expires_at } = JSON.parse(kept.value) as Kept
  if (!isTokenOf(sha256, token) || expires_at <= instant(clock)) throw noSuchLink()
  const user = await db
    .selectFrom('users')
    .select(['id', 'email', 'name', 'role'])
    .where('id', '=', Number(id))
    .where('disabled_at', 'is', null)
    .executeTakeFirst()
  if (!user) throw noSuchLink()
  return user
}

/**
 * Sets a new password by a link, which ends the account's sessions and the link.
 * @throws AppError `gone` for a link that no longer works, `invalid` for a password that is the person's name or address.
 */
export async function setPasswordByLink(context: PasswordContext, token: string, password: string): Promise<Proven> {
  const owner = await ownerOfLink(context.db.read, context.clock, token)
  refusePersonal('new_password', password, owner)
  const password_hash = await hashPassword(password, context.passwordCost)
  return inUnit(context, owner, async (unit) => {
    // Somebody else may have used it, or made another, since it was looked at.
    const user = await ownerOfLink(unit.trx, context.clock, token)
    await unit.trx.updateTable('users').set({ password_hash }).where('id', '=', user.id).execute()
    await unit.trx.deleteFrom('sessions').where('user_id', '=', user.id).execute()
    await forgetPasswordLink(unit, user.id)
    await recordChange(unit, {
      kind: 'user_password_changed',
      subject: `user:${user.id}`,
      after: { account: user.name, stored: { credential: credentialOf(user.email, password_hash) } },
    })
    return { user, proof: proofOf(password_hash) }
  })
}

function noSuchLink(): AppError {
  return new AppError(
    'gone',
    `This link no longer works: it was used, another was made since, or it is more than ${LINK_HOURS} hours old. Ask an admin for a new one.`,
  )
}
