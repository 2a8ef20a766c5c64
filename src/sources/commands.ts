import type { User } from '../accounts/user.ts'
import { refreshClaimsOf } from '../standing/refresh.ts'
import type { Reader } from '../database/schema.ts'
import { inUnit, type Unit, type UnitContext } from '../database/unit.ts'
import { AppError } from '../errors.ts'
import { difference, filled, type ToldSource } from '../history/change.ts'
import { recordChange } from '../history/record.ts'
import { addressVariants, canonicalAddress } from './address.ts'
import type { NewSource, SourceEntry } from './entry.ts'
import { searchedText } from '../words/source.ts'
import { refuseSeen } from '../history/seen.ts'

const UNGRADED = { lang: null, read_on: null, reliability: null }

/** The source of an address in any of its spellings, or undefined. */
export async function findSourceByAddress(db: Reader, url: string): Promise<{ id: number } | undefined> {
  return db
    .selectFrom('sources')
    .select('id')
    .where((eb) =>
      eb.or([
        eb('url', 'in', addressVariants(url)),
        // `$` follows `#`: the same page with a place on it.
        ...addressVariants(url).map((variant) =>
          eb.and([eb('url', '>=', `${variant}#`), eb('url', '<', `${variant}$`)]),
        ),
      ]),
    )
    .orderBy('id')
    .limit(1)
    .executeTakeFirst()
}

/** The source with this address (or, without one, of this title, publisher and day); recorded if it is new. Its id. */
export async function findOrAddSource(unit: Unit, source: NewSource & Partial<SourceEntry>): Promise<number> {
  const known =
    source.url !== null
      ? await findSourceByAddress(unit.trx, source.url)
      : await unit.trx
          .selectFrom('sources')
          .select('id')
          .where('url', 'is', null)
          .where('title', 'is not distinct from', source.title)
          .where('publisher', 'is not distinct from', source.publisher)
          .where('published_on', 'is not distinct from', source.published_on)
          .limit(1)
          .executeTakeFirst()
  return known?.id ?? insertSource(unit, { ...UNGRADED, ...source })
}

/**
 * Records a source once.
 * @throws AppError `invalid` when its address is known already, naming the source that has it.
 */
export async function addSource(context: UnitContext, actor: User, source: SourceEntry): Promise<number> {
  return inUnit(context, actor, async (unit) => {
    await refuseKnownAddress(unit, source.url, null)
    return insertSource(unit, source)
  })
}

async function insertSource(unit: Unit, source: SourceEntry): Promise<number> {
  const entered = stored(source)
  const { id } = await unit.trx
    .insertInto('sources')
    .values({ ...entered, folded: searchedText(entered), recorded_at: unit.at })
    .returning('id')
    .executeTakeFirstOrThrow()
  await recordChange(unit, { kind: 'source_added', subject: `source:${id}`, after: filled({ ...entered }) })
  return id
}

function stored({ title, publisher, url, published_on, lang, read_on, reliability }: SourceEntry): SourceEntry {
  const address = url === null ? null : canonicalAddress(url)
  return { title, publisher, url: address, published_on, lang, read_on, reliability }
}

/**
 * Corrects what is recorded of a source, its grade included; an edit that changes nothing leaves no trace. Claims that count
 * from its publication count from the new day.
 * @returns false when nothing was different
 * @param seen the newest change of the source that the form was opened with
 * @throws AppError `not_found`, `conflict` when somebody else was first, `invalid` for an address that another source has.
 */
export async function editSource(
  context: UnitContext,
  actor: User,
  id: number,
  { source, seen }: { source: SourceEntry; seen: number },
): Promise<boolean> {
  return inUnit(context, actor, async (unit) => {
    const before = await unit.trx
      .selectFrom('sources')
      .select(['title', 'publisher', 'url', 'published_on', 'lang', 'read_on', 'reliability'])
      .where('id', '=', id)
      .executeTakeFirst()
    if (!before) throw new AppError('not_found', `There is no source ${id}: see /sources.`)
    await refuseSeen(unit, `source:${id}`, seen)
    await refuseKnownAddress(unit, source.url, id)
    const after = stored(source)
    const changed = difference(before, { ...after })
    if (!changed) return false
    await unit.trx
      .updateTable('sources')
      .set({ ...after, folded: searchedText(after) })
      .where('id', '=', id)
      .execute()
    await recordChange(unit, { kind: 'source_edited', subject: `source:${id}`, ...changed })
    if (before.published_on !== source.published_on) await refreshClaimsOf(unit, id)
    return true
  })
}

async function refuseKnownAddress(unit: Unit, url: string | null, ownId: number | null): Promise<void> {
  const known = url === null ? undefined : await findSourceByAddress(unit.trx, url)
  if (!known || known.id === ownId) return
  const message = `This address is recorded already, as source ${known.id}: add the claim to that one`
  throw new AppError('invalid', message, { source_url: message })
}

/** A source as the history quotes it: what it is called now, whatever is edited later. */
export async function quoteSource(unit: Unit, id: number): Promise<ToldSource> {
  return unit.trx
    .selectFrom('sources')
    .select(['id', 'title', 'publisher', 'url'])
    .where('id', '=', id)
    .executeTakeFirstOrThrow()
}
