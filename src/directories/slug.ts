import type { Trx } from '../database/schema.ts'
import { slug } from '../names/name.ts'

/** The slug of a name, with a running number behind it if another row of the directory has it already. */
export async function freeSlug(trx: Trx, table: 'parties' | 'places', name: string): Promise<string> {
  const stem = slug(name)
  const taken = await trx
    .selectFrom(table)
    .select('slug')
    .where('slug', '>=', stem)
    .where('slug', '<', `${stem}~`)
    .execute()
  const slugs = new Set(taken.map((row) => row.slug))
  for (let number = 1; ; number += 1) {
    const candidate = number === 1 ? stem : `${stem}-${number}`
    if (!slugs.has(candidate)) return candidate
  }
}
