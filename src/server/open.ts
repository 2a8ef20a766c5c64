import { randomBytes } from 'node:crypto'
import type { Logger } from 'pino'
import { ensureSystemUser } from '../accounts/commands.ts'
import { PASSWORD_COST } from '../accounts/password.ts'
import type { Config } from '../config.ts'
import type { Database } from '../database/database.ts'
import { Answers } from '../database/answers.ts'
import { openDatabase } from '../database/open.ts'
import { type MachineClock, today, WatchedClock } from '../time/clock.ts'
import { builtAt } from './built-at.ts'
import { type Limits, USUAL_LIMITS } from '../limits.ts'
import { rebuildIfAsked } from '../standing/rebuild.ts'
import { refuseIncomplete } from '../transfer/incoming.ts'
import type { AppContext, PasswordCost } from '../context.ts'

/**
 * Opens the register, brings it up to date, and builds everything once.
 * @throws StartError in one line when the database cannot be used.
 */
export async function createContext(
  config: Config,
  {
    clock: machine,
    log,
    passwordCost = PASSWORD_COST,
    limits: given = {},
  }: { clock: MachineClock; log: Logger; passwordCost?: PasswordCost; limits?: Partial<Limits> },
): Promise<AppContext> {
  const clock = new WatchedClock(machine, config.timeZone, builtAt())
  const limits = { ...USUAL_LIMITS, ...given }
  const db = await openDatabase(config.databaseUrl, { replicaUrl: config.replicaUrl, limits })
  try {
    const isNew = (await db.migrate()).includes('0001-register')
    await refuseIncomplete(db)
    await rebuildIfAsked(db, today(clock))
    const system = await ensureSystemUser(db, clock)
    return {
      config,
      clock,
      log,
      db,
      answers: new Answers(db),
      system,
      passwordCost,
      limits,
      secret: config.secret ?? (await storedSecret(db)),
      isNew,
    }
  } catch (error) {
    await db.close()
    throw error
  }
}

async function storedSecret(db: Database): Promise<string> {
  return db.transaction(async (trx) => {
    await trx
      .insertInto('settings')
      .values({ key: 'cookie_secret', value: randomBytes(32).toString('base64url') })
      .onConflict((conflict) => conflict.doNothing())
      .execute()
    const { value } = await trx
      .selectFrom('settings')
      .select('value')
      .where('key', '=', 'cookie_secret')
      .executeTakeFirstOrThrow()
    return value
  })
}
