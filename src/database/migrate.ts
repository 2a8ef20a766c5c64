import type { Kysely } from 'kysely'
import { type Migration, Migrator } from 'kysely/migration'
import * as register from '../../db/migrations/0001-register.ts'
import * as twoTimes from '../../db/migrations/0002-two-times.ts'
import * as manyServers from '../../db/migrations/0003-many-servers.ts'
import * as rulings from '../../db/migrations/0004-rulings.ts'
import { StartError } from '../errors.ts'
import type { Database } from './database.ts'
import { ownTables } from './engines/own-tables.ts'

/** Every migration ever released, oldest first; forward only. */
const migrations: Record<string, Migration> = {
  '0001-register': register,
  '0002-two-times': twoTimes,
  '0003-many-servers': manyServers,
  '0004-rulings': rulings,
}

/** The names of all migrations, oldest first. */
export const MIGRATIONS: string[] = Object.keys(migrations)

/**
 * Runs the migrations that this database has not seen, each in a transaction.
 * @throws StartError when the database knows migrations that this program does not.
 */
export async function migrate<Tables>(db: Kysely<Tables>): Promise<string[]> {
  // Most starts find everything done: the migrator would look at every table and take its lock to say so.
  if ((await refuseNewer(db)).length === MIGRATIONS.length) return []
  const migrator = new Migrator({ db, provider: { getMigrations: async () => migrations } })
  const { error, results = [] } = await migrator.migrateToLatest()
  if (error !== undefined) throw error
  return results.map((result) => result.migrationName)
}

/**
 * For reading a database as it is: its tables must be those that this program knows.
 * @throws StartError when they are older, newer, or of another program.
 */
export async function refusePending({ name, read }: Pick<Database, 'name' | 'read'>): Promise<void> {
  const ran = await refuseNewer(read)
  const pending = Object.keys(migrations).filter((migration) => !ran.includes(migration))
  if (ran.length === 0) throw new StartError(`${name} holds no register`)
  if (pending.length > 0)
    throw new StartError(`${name} was made by an older Clausula: run the command migrate on it first`)
}

/** The migrations that ran. */
async function refuseNewer<Tables>(db: Kysely<Tables>): Promise<string[]> {
  const names = await ownTables(db)
  if (!names.includes('kysely_migration')) {
    if (names.length > 0)
      throw new StartError('the database holds the tables of another program; nothing was changed in it')
    return []
  }
  const ran = await (db as unknown as Kysely<{ kysely_migration: { name: string } }>)
    .selectFrom('kysely_migration')
    .select('name')
    .execute()
  const unknown = ran.find(({ name }) => !(name in migrations))
  if (unknown) {
    throw new StartError(
      `the database was made by a newer Clausula (migration ${unknown.name}); start that version, nothing was changed`,
    )
  }
  return ran.map(({ name }) => name)
}
