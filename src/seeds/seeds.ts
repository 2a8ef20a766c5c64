import type { StatusChange } from '../positions/entry.ts'
import { PRESENT_COLUMNS } from '../agreements/present.ts'
import { recordStatus } from '../positions/change.ts'
import { addAgreement } from '../agreements/create.ts'
import { editAgreementIn } from '../agreements/edit.ts'
import { readPositions } from '../standing/position.ts'
import type { AppContext } from '../context.ts'
import { inUnit, type Unit } from '../database/unit.ts'
import { addClaim } from '../claims/add-claim.ts'
import { addNameToParty, findOrAddParty } from '../directories/party-commands.ts'
import { findOrAddSource } from '../sources/commands.ts'
import type { NewSource } from '../sources/entry.ts'
import { addPlace } from '../directories/place-commands.ts'
import { readSeeds, type SeedAgreement, type SeedClaim, type SeedParty, type Seeds } from './seed-files.ts'

const REASON = 'The reading with which this register began.'

interface Entered {
  id: number
  reference: string
}

/**
 * Fills an empty register with the one in `seeds/`, through the same commands as the web, in one unit.
 * @param seeds others than those in `seeds/`
 * @returns how many agreements were entered; 0 when the register holds some already, which are left alone.
 */
export async function loadSeeds(context: AppContext, seeds?: Seeds): Promise<number> {
  const { parties, places, sources, agreements, claims } = seeds ?? (await readSeeds())
  return inUnit(context, context.system, async (unit) => {
    if (await unit.trx.selectFrom('agreements').select('id').limit(1).executeTakeFirst()) return 0
    const partyIds = await enterParties(unit, parties)
    const placeIds = new Map<string, number>()
    for (const { key, ...place } of places) placeIds.set(key, await addPlace(unit, place))
    const sourceIds = new Map<string, number>()
    for (const source of sources) sourceIds.set(source.url, await findOrAddSource(unit, source))

    const entered = new Map<string, Entered>()
    for (const agreement of agreements)
      entered.set(agreement.key, await enterAgreement(unit, agreement, partyIds, placeIds, sourceIds))
    for (const agreement of agreements) await enterRelations(unit, agreement, entered)
    const claimIds = await enterClaims(unit, claims, entered, sourceIds)
    for (const agreement of agreements)
      await enterLaterPositions(unit, agreement, known(entered, agreement.key), claims, claimIds, sources)
    return agreements.length
  })
}

function known<Value>(map: ReadonlyMap<string, Value>, key: string): Value {
  const value = map.get(key)
  if (value === undefined) throw new Error(`seeds: nothing is called ${key}`)
  return value
}

async function enterParties(unit: Unit, parties: readonly SeedParty[]): Promise<Map<string, number>> {
  const ids = new Map<string, number>()
  for (const { names, ...party } of parties) {
    const id = await findOrAddParty(unit, party)
    ids.set(`${party.name} ${party.country}`, id)
    for (const name of names) await addNameToParty(unit, id, name)
  }
  return ids
}

async function enterAgreement(
  unit: Unit,
  {
    key: _key,
    parties,
    places,
    sources,
    relations: _relations,
    positions,
    titles,
    notes,
    title_is_descriptive,
    ...facts
  }: SeedAgreement,
  partyIds: ReadonlyMap<string, number>,
  placeIds: ReadonlyMap<string, number>,
  sourceIds: ReadonlyMap<string, number>,
): Promise<Entered> {
  const [first] = positions
  if (!first) throw new Error(`seeds: ${facts.title} has no position`)
  return addAgreement(
    unit,
    {
      ...facts,
      title_is_descriptive: title_is_descriptive ? 1 : 0,
      expires_on: null,
      lead: null,
      next_review_on: null,
    },
    {
      titles,
      parties: parties.map(({ name, country, role }) => ({ party_id: known(partyIds, `${name} ${country}`), role })),
      places: places.map(({ place, role }) => ({ place_id: known(placeIds, place), role })),
      relations: [],
      notes,
    },
    { ...first, reason: REASON },
    sources.map((url) => known(sourceIds, url)),
  )
}

/** Relations are entered once both agreements have a reference. */
async function enterRelations(
  unit: Unit,
  agreement: SeedAgreement,
  entered: ReadonlyMap<string, Entered>,
): Promise<void> {
  if (agreement.relations.length === 0) return
  const relations = agreement.relations.map(({ kind, agreement: key }) => ({
    kind,
    reference: known(entered, key).reference,
  }))
  const { title_is_descriptive, ...facts } = agreement
  await editAgreementIn(
    unit,
    known(entered, agreement.key).reference,
    {
      facts: {
        ...facts,
        title_is_descriptive: title_is_descriptive ? 1 : 0,
        expires_on: null,
        lead: null,
        next_review_on: null,
      },
      titles: [],
      parties: [],
      places: [],
      relations,
      notes: [],
    },
    {
      version: 1,
      reason: 'Relations to other agreements of this register.',
      standing: {},
      given: new Set(['relation_reference']),
    },
  )
}

async function enterClaims(
  unit: Unit,
  claims: readonly SeedClaim[],
  entered: ReadonlyMap<string, Entered>,
  sourceIds: ReadonlyMap<string, number>,
): Promise<Map<SeedClaim, number>> {
  const ids = new Map<SeedClaim, number>()
  for (const claim of claims) {
    const { agreements, source, ...said } = claim
    const about = agreements.map((key) => known(entered, key))
    ids.set(
      claim,
      await addClaim(
        unit,
        { ...said, source_id: known(sourceIds, source), means: null, said_on: null, credibility: null },
        about,
      ),
    )
  }
  return ids
}

/** Positions after the first rest on the claims that assert the same status from the same day. */
async function enterLaterPositions(
  unit: Unit,
  agreement: SeedAgreement,
  { reference }: Entered,
  claims: readonly SeedClaim[],
  claimIds: ReadonlyMap<SeedClaim, number>,
  sources: readonly NewSource[],
): Promise<void> {
  for (const { source, ...position } of agreement.positions.slice(1)) {
    const before = await unit.trx
      .selectFrom('agreements')
      .select(PRESENT_COLUMNS)
      .where('reference', '=', reference)
      .executeTakeFirstOrThrow()
    const support = claims.filter(
      ({ agreements, stance, status, effective_on }) =>
        agreements.includes(agreement.key) &&
        stance === 'asserts' &&
        status === position.status &&
        effective_on === position.effective_on,
    )
    const change: StatusChange = {
      ...position,
      reason: REASON,
      claims: support.flatMap((claim) => claimIds.get(claim) ?? []),
      source: sources.find(({ url }) => source !== undefined && url === source) ?? null,
      asserted_by: null,
      new_party: null,
      taken_over_by: null,
      version: before.version,
      confirmed: true,
    }
    await recordStatus(unit, before, await readPositions(unit.trx, before.id), change)
  }
}
