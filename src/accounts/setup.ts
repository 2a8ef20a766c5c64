import type { Database } from '../database/database.ts'
import { type Actor, inUnit } from '../database/unit.ts'
import { AppError } from '../errors.ts'
import { insertUser, type NewUser, type PasswordContext, refusePersonal } from './commands.ts'
import { isTokenOf, newToken, tokenHash } from './token.ts'
import { hashPassword, proofOf } from './password.ts'
import type { Proven } from './user.ts'

const SETUP_KEY = 'setup_token_sha256'

/** True while nobody can log in: the register waits for its first admin. */
export async function needsSetup(db: Database): Promise<boolean> {
  return (
    (await db.read
      .selectFrom('users')
      .select('id')
      .where('password_hash', 'is not', null)
      .limit(1)
      .executeTakeFirst()) === undefined
  )
}

/** A new one-time token for `/setup`; the one before it stops working. Only its hash is kept. */
export async function issueSetupToken(db: Database): Promise<string> {
  const token = newToken()
  const value = tokenHash(token)
  await db.transaction(async (trx) => {
    await trx
      .insertInto('settings')
      .values({ key: SETUP_KEY, value })
      .onConflict((conflict) => conflict.column('key').doUpdateSet({ value }))
      .execute()
  })
  return token
}

/** True if the token is the one that the server printed last. */
export async function isSetupToken(db: Database, token: string): Promise<boolean> {
  const kept = await db.read.selectFrom('settings').select('value').where('key', '=', SETUP_KEY).executeTakeFirst()
  return kept !== undefined && isTokenOf(kept.value, token)
}

/**
 * Makes the first admin and ends the set-up.
 * @throws AppError `gone` once an account exists, `forbidden` for a wrong token, `invalid` naming the field.
 */
export async function setUp(
  context: PasswordContext,
  system: Actor,
  token: string,
  user: Omit<NewUser, 'role'>,
): Promise<Proven> {
  if (!(await needsSetup(context.db))) throw alreadySetUp()
  // Somebody else may have used the link between the two questions.
  if (!(await isSetupToken(context.db, token)))
    throw (await needsSetup(context.db)) ? wrongSetupToken() : alreadySetUp()
  refusePersonal('password', user.password, user)
  const password_hash = await hashPassword(user.password, context.passwordCost)
  return inUnit(context, system, async (unit) => {
    const { numDeletedRows } = await unit.trx.deleteFrom('settings').where('key', '=', SETUP_KEY).executeTakeFirst()
    if (numDeletedRows === 0n) throw alreadySetUp()
    return { user: await insertUser(unit, { ...user, role: 'admin' }, password_hash), proof: proofOf(password_hash) }
  })
}

function alreadySetUp(): AppError {
  return new AppError('gone', 'This register is set up already: log in instead.')
}

export function wrongSetupToken(): AppError {
  return new AppError(
    'forbidden',
    'This link is not the one that the server printed last: open that one, or start the server again for a new one.',
  )
}
