import type { Kysely } from 'kysely'
import { type Migration, Migrator } from 'kysely/migration'
import * as register from '../../db/migrations/0001-register.ts'
import * as twoTimes from '../../db/migrations/0002-two-times.ts'
import * as manyServers from '../../db/migrations/0003-many-servers.ts'
import { StartError } from '../errors.ts'

/** Every migration ever released, oldest first; forward only. */
const migrations: Record<string, Migration> = {
  '0001-register': register,
  '0002-two-times': twoTimes,
  '0003-many-servers': manyServers,
}

/**
 * Runs the migrations that this database has not seen, each in a transaction.
 * @throws StartError when the database knows migrations that this program does not.
 */
export async function migrate<Tables>(db: Kysely<Tables>): Promise<string[]> {
  const migrator = new Migrator({ db, provider: { getMigrations: async () => migrations } })
  await refuseNewer(db)
  const { error, results = [] } = await migrator.migrateToLatest()
  if (error !== undefined) throw error
  return results.map((result) => result.migrationName)
}

async function refuseNewer<Tables>(db: Kysely<Tables>): Promise<void> {
  const tables = await db.introspection.getTables({ withInternalKyselyTables: true })
  const names = tables.map((table) => table.name)
  if (!names.includes('kysely_migration')) {
    if (names.length > 0)
      throw new StartError('the database holds the tables of another program; nothing was changed in it')
    return
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
}
