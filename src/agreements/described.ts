import type { Reader } from '../database/schema.ts'
import { agreementsAt } from '../standing/at.ts'
import { notThere } from '../standing/find.ts'
import { heldAt, knownAt } from '../time/known.ts'
import { type Moment, NOW } from '../time/moment.ts'
import type { AgreementParts } from '../database/tables/agreements.ts'
import { compareReferences } from '../names/reference.ts'
import type { RelationKind } from '../words/relation.ts'
import type { Status } from '../words/status.ts'
import { titleThen } from '../standing/title.ts'

/**
 * An agreement at a moment with what belongs to it and what others have to do with it, as its dossier shows it.
 * @throws AppError `not_found` where there was no such reference then.
 */
export async function describeAgreement(db: Reader, reference: string, moment: Moment, today: string) {
  const agreement = await readAgreement(db, reference, moment, today)
  const { relations, ...own } = await describeOwn(db, agreement)
  return { agreement, ...own, relations: await describeRelations(db, agreement.id, relations, moment, today) }
}

/**
 * An agreement of now with what belongs to it, as the form that edits it shows it.
 * @throws AppError `not_found` where there is no such reference.
 */
export async function describeEditable(db: Reader, reference: string, today: string) {
  const agreement = await readAgreement(db, reference, NOW, today)
  const own = await describeOwn(db, agreement)
  return { agreement, ...own, relations: own.relations.toSorted(byKind) }
}
export type Editable = Awaited<ReturnType<typeof describeEditable>>

/**
 * The row of an agreement at a moment.
 * @throws AppError `not_found` where there was no such reference then.
 */
export async function readAgreement(db: Reader, reference: string, moment: Moment, today: string) {
  const agreement = await db
    .selectFrom(agreementsAt(moment, today))
    .selectAll()
    .where('reference', '=', reference)
    .executeTakeFirst()
  if (!agreement) throw notThere(reference, moment)
  return agreement
}

/** The relations of an agreement of now, its own and those that others have to it. */
export async function readRelations(db: Reader, { id, version }: { id: number; version: number }, today: string) {
  const { relations } = await readVersionParts(db, id, version)
  return describeRelations(db, id, relations, NOW, today)
}

async function describeOwn(db: Reader, { id, version }: { id: number; version: number }) {
  const { parties, places, ...parts } = await readVersionParts(db, id, version)
  return { ...parts, parties: await describeParties(db, parties), places: await describePlaces(db, places) }
}

/** The agreements that one is easily confused with, each once, whichever of the two says so. */
export function confusedWith(relations: readonly DescribedRelation[]): DescribedRelation[] {
  return relations.filter(
    ({ kind, reference }, index) =>
      kind === 'easily_confused_with' &&
      relations.findIndex((other) => other.kind === kind && other.reference === reference) === index,
  )
}

/** What belonged to an agreement in one of its versions. */
async function readVersionParts(db: Reader, id: number, version: number): Promise<AgreementParts> {
  const { parts } = await db
    .selectFrom('agreement_versions')
    .select('parts')
    .where('agreement_id', '=', id)
    .where('version', '=', version)
    .executeTakeFirstOrThrow()
  return JSON.parse(parts) as AgreementParts
}

async function describeParties(db: Reader, parties: AgreementParts['parties']) {
  const rows = await db
    .selectFrom('parties')
    .select(['id', 'slug', 'type'])
    .where(
      'id',
      'in',
      parties.map(({ party_id }) => party_id),
    )
    .execute()
  return parties.flatMap(({ party_id, ...party }) => {
    const row = rows.find(({ id }) => id === party_id)
    return row ? [{ ...party, slug: row.slug, type: row.type }] : []
  })
}

async function describePlaces(db: Reader, places: AgreementParts['places']) {
  if (places.length === 0) return []
  const rows = await db
    .selectFrom('places')
    .select(['id', 'slug', 'kind', 'country'])
    .where(
      'id',
      'in',
      places.map(({ place_id }) => place_id),
    )
    .execute()
  return places.flatMap(({ place_id, ...place }) => {
    const row = rows.find(({ id }) => id === place_id)
    return row ? [{ ...place, slug: row.slug, kind: row.kind, country: row.country }] : []
  })
}

/** What another agreement has to do with one. */
interface DescribedRelation {
  kind: RelationKind
  reference: string
  title: string
  /** Null when the other agreement did not stand at the moment. */
  status: Status | null
  backwards: boolean
}

/** Relations recorded on an agreement, and those that others have to it, by what was known. */
async function describeRelations(
  db: Reader,
  id: number,
  own: AgreementParts['relations'],
  moment: Moment,
  today: string,
): Promise<DescribedRelation[]> {
  const { instant } = moment
  const holders = await db
    .selectFrom('agreement_links')
    .innerJoin('agreement_versions as kept', 'kept.agreement_id', 'agreement_links.agreement_id')
    .select(['kept.agreement_id', 'parts'])
    .where('link', '=', 'relation')
    .where('other_id', '=', id)
    .where(knownAt(instant, 'agreement_links'))
    .where(heldAt(instant, 'kept.recorded_from', 'kept.recorded_to'))
    .execute()
  const backwards = holders.flatMap(({ agreement_id, parts }) =>
    (JSON.parse(parts) as AgreementParts).relations
      .filter(({ other_id }) => other_id === id)
      .map(({ kind }) => ({ kind, other_id: agreement_id, backwards: true })),
  )
  const all = [...own.map(({ kind, other_id }) => ({ kind, other_id, backwards: false })), ...backwards]
  if (all.length === 0) return []
  const ids = all.map(({ other_id }) => other_id)
  const others = await db
    .selectFrom('agreements')
    .select(['id', 'reference', 'created_at', titleThen(instant).as('title')])
    .where('id', 'in', ids)
    .execute()
  const then = await db
    .selectFrom(agreementsAt(moment, today))
    .select(['id', 'status'])
    .where('id', 'in', ids)
    .execute()
  return all
    .flatMap(({ kind, other_id, backwards: isBackwards }) => {
      const other = others.find((one) => one.id === other_id)
      if (!other || (instant !== null && other.created_at > instant)) return []
      const stood = then.find((one) => one.id === other_id)
      const { reference, title } = other
      return [{ kind, reference, title: title ?? reference, status: stood?.status ?? null, backwards: isBackwards }]
    })
    .sort((a, b) => Number(a.backwards) - Number(b.backwards) || byKind(a, b))
}

function byKind(a: { kind: string; reference: string }, b: { kind: string; reference: string }): number {
  return a.kind < b.kind ? -1 : a.kind > b.kind ? 1 : compareReferences(a, b)
}
