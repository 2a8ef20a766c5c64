import { type Kysely, sql } from 'kysely'
import { prepareRefusals, refuse, refuseReplacing } from '../../src/database/engines/append-only.ts'
import { type ColumnWords, columnWords, differing } from '../../src/database/engines/columns.ts'
import { engineOf, type EngineName } from '../../src/database/engines/engine.ts'
import { jsonValid } from '../../src/database/engines/json.ts'
import { createSearch } from '../../src/database/engines/search.ts'

/**
 * The register: accounts, directories, agreements with their versions, evidence, positions, and the log of changes.
 * Enumerated words and partial dates are checked here too, so that no other program can write nonsense.
 */
export async function up<Tables>(db: Kysely<Tables>): Promise<void> {
  const engine = engineOf(db)
  const words = columnWords(engine)
  const statements = [
    ...accounts(words),
    ...directories(words),
    ...agreements(engine, words),
    ...evidence(words),
    ...history(engine, words),
  ]
  for (const statement of statements) await sql.raw(statement).execute(db)
}

const oneOf = (column: string, words: string) =>
  `check (${column} in (${words
    .split(' ')
    .map((word) => `'${word}'`)
    .join(', ')}))`

const STATUSES = 'active under_review annulled reassigned'
const MEANS =
  'in_force signed_not_in_force provisionally_applied confirmed amended reinstated ' +
  'joint_review unilateral_review renegotiation suspended ' +
  'terminated denounced rescinded invalidated expired lapsed superseded abandoned ' +
  'assigned novated re_awarded succeeded nationalised'
const KINDS =
  'treaty intergovernmental_agreement protocol memorandum_of_understanding concession_or_lease investment_contract loan supply_contract'

const accounts = ({ id, integer, text, instant }: ColumnWords) => [
  `create table settings (
    key ${text} primary key not null,
    value ${text} not null
  )`,
  `create table users (
    id ${id},
    email ${text} not null unique,
    name ${text} not null,
    role ${text} not null ${oneOf('role', 'reader analyst approver admin')},
    password_hash ${text},
    disabled_at ${text} ${instant('disabled_at')},
    created_at text not null ${instant('created_at')}
  )`,
  `create table sessions (
    id_hash ${text} primary key not null,
    user_id ${integer} references users (id),
    data ${text} not null,
    expires_at ${text} not null ${instant('expires_at')}
  )`,
  `create index sessions_by_user on sessions (user_id)`,
  `create index sessions_by_expiry on sessions (expires_at)`,
]

const directories = ({ id, integer, real, text, country }: ColumnWords) => [
  `create table parties (
    id ${id},
    slug ${text} not null unique,
    type ${text} not null ${oneOf('type', 'state subnational agency bank company')},
    country ${text} ${country('country')}
  )`,
  `create index parties_by_country on parties (country)`,
  `create table party_names (
    party_id ${integer} not null references parties (id),
    position ${integer} not null,
    name ${text} not null check (name <> ''),
    lang ${text},
    folded ${text} not null,
    key ${text} not null,
    primary key (party_id, position),
    unique (party_id, name)
  )`,
  `create index party_names_by_folded on party_names (folded)`,
  `create index party_names_by_key on party_names (key)`,
  `create table places (
    id ${id},
    slug ${text} not null unique,
    kind ${text} not null,
    country ${text} ${country('country')},
    latitude ${real} check (latitude between -90 and 90),
    longitude ${real} check (longitude between -180 and 180),
    check ((latitude is null) = (longitude is null))
  )`,
  `create table place_names (
    place_id ${integer} not null references places (id),
    position ${integer} not null,
    name ${text} not null check (name <> ''),
    lang ${text},
    folded ${text} not null,
    key ${text} not null,
    primary key (place_id, position),
    unique (place_id, name, lang)
  )`,
  `create index place_names_by_folded on place_names (folded)`,
  `create index place_names_by_key on place_names (key)`,
]

/** The columns that the present row and its versions share. */
const agreementColumns = ({ integer, real, text, partialDate, instant, currency }: ColumnWords) => `
    title ${text} not null check (title <> ''),
    title_is_descriptive ${integer} not null default 0 check (title_is_descriptive in (0, 1)),
    kind ${text} not null ${oneOf('kind', KINDS)},
    sector ${text},
    signed_on ${text} ${partialDate('signed_on')},
    in_force_on ${text} ${partialDate('in_force_on')},
    expires_on ${text} ${partialDate('expires_on')},
    term ${text},
    value_amount ${real} check (value_amount >= 0),
    value_currency ${text} ${currency('value_currency')},
    value_note ${text},
    summary ${text},
    lead ${text},
    status ${text} not null ${oneOf('status', STATUSES)},
    means ${text} ${oneOf('means', MEANS)},
    status_since ${text} not null ${partialDate('status_since')},
    next_review_on ${text} ${partialDate('next_review_on')},
    version ${integer} not null check (version >= 1),
    party_names ${text} not null,
    countries ${text} not null,
    place_names ${text} not null,
    original_title ${text},
    original_title_lang ${text},
    updated_at ${text} not null ${instant('updated_at')}`

const agreements = (engine: EngineName, words: ColumnWords) => {
  const { id, integer, text, instant } = words
  return [
    `create table agreements (
    id ${id},
    reference ${text} not null unique,
    title_sort ${text} not null,
    contested ${integer} not null default 0 check (contested in (0, 1)),
    created_at text not null ${instant('created_at')},
    ${agreementColumns(words)}
  )`,
    ...['status_since', 'signed_on', 'title_sort', 'updated_at', 'next_review_on', 'lead'].map(
      (column) => `create index agreements_by_${column} on agreements (${column}, id)`,
    ),
    ...['status', 'sector', 'kind'].flatMap((column) => [
      `create index agreements_by_${column}_and_since on agreements (${column}, status_since, id)`,
      `create index agreements_by_${column}_and_signed on agreements (${column}, signed_on, id)`,
    ]),
    `create index agreements_by_facets on agreements (status, sector, kind, contested)`,
    `create table agreement_versions (
    agreement_id ${integer} not null references agreements (id),
    recorded_from ${text} not null ${instant('recorded_from')},
    recorded_to ${text} ${instant('recorded_to')},
    parts ${text} not null check (${jsonValid(engine, 'parts')}),
    ${agreementColumns(words)},
    primary key (agreement_id, version)
  )`,
    `create table agreement_titles (
    agreement_id ${integer} not null references agreements (id),
    position ${integer} not null,
    lang ${text} not null,
    title ${text} not null check (title <> ''),
    note ${text},
    primary key (agreement_id, lang)
  )`,
    `create table agreement_parties (
    agreement_id ${integer} not null references agreements (id),
    position ${integer} not null,
    party_id ${integer} not null references parties (id),
    role ${text},
    primary key (agreement_id, position),
    unique (agreement_id, party_id)
  )`,
    `create index agreement_parties_by_party on agreement_parties (party_id, agreement_id)`,
    `create table agreement_places (
    agreement_id ${integer} not null references agreements (id),
    position ${integer} not null,
    place_id ${integer} not null references places (id),
    role ${text} not null ${oneOf('role', 'concerns signed_at')},
    primary key (agreement_id, position),
    unique (agreement_id, place_id, role)
  )`,
    `create index agreement_places_by_place on agreement_places (place_id, agreement_id)`,
    `create table agreement_relations (
    agreement_id ${integer} not null references agreements (id),
    kind ${text} not null ${oneOf(
      'kind',
      'amends replaces may_replace follows reassigned_to displaced_by contests easily_confused_with',
    )},
    other_id ${integer} not null references agreements (id),
    primary key (agreement_id, kind, other_id),
    check (agreement_id <> other_id)
  )`,
    `create index agreement_relations_by_other on agreement_relations (other_id)`,
    `create table agreement_notes (
    agreement_id ${integer} not null references agreements (id),
    position ${integer} not null,
    field ${text},
    value ${text} not null,
    url ${text},
    note ${text},
    primary key (agreement_id, position)
  )`,
    // Written and searched through src/database/engines/search.ts.
    ...createSearch(engine),
  ]
}

const evidence = ({ id, integer, text, uniqueAddress, partialDate, instant }: ColumnWords) => [
  `create table sources (
    id ${id},
    title ${text},
    publisher ${text},
    ${uniqueAddress.column},
    lang ${text},
    published_on ${text} ${partialDate('published_on')},
    read_on ${text} ${partialDate('read_on')},
    reliability ${text} ${oneOf('reliability', 'A B C D E F')},
    recorded_at ${text} not null ${instant('recorded_at')},
    check (coalesce(title, publisher, url) is not null)
  )`,
  ...uniqueAddress.indexes,
  `create table agreement_sources (
    agreement_id ${integer} not null references agreements (id),
    source_id ${integer} not null references sources (id),
    primary key (agreement_id, source_id)
  )`,
  `create table claims (
    id ${id},
    source_id ${integer} not null references sources (id),
    asserted_by ${text} not null check (asserted_by <> ''),
    stance ${text} not null ${oneOf('stance', 'asserts denies declines')},
    status ${text} not null ${oneOf('status', STATUSES)},
    means ${text} ${oneOf('means', MEANS)},
    effective_on ${text} ${partialDate('effective_on')},
    said_on ${text} ${partialDate('said_on')},
    credibility ${integer} check (credibility between 1 and 6),
    note ${text},
    scope ${text},
    status_fit ${text} not null default 'exact' ${oneOf('status_fit', 'exact approximate')},
    recorded_at ${text} not null ${instant('recorded_at')},
    recorded_by ${integer} not null references users (id),
    withdrawn_at ${text} ${instant('withdrawn_at')}
  )`,
  `create index claims_by_source on claims (source_id)`,
  `create table claim_agreements (
    claim_id ${integer} not null references claims (id),
    agreement_id ${integer} not null references agreements (id),
    primary key (claim_id, agreement_id)
  )`,
  `create index claim_agreements_by_agreement on claim_agreements (agreement_id, claim_id)`,
  `create table positions (
    id ${id},
    agreement_id ${integer} not null references agreements (id),
    status ${text} not null ${oneOf('status', STATUSES)},
    means ${text} ${oneOf('means', MEANS)},
    effective_on ${text} not null ${partialDate('effective_on')},
    effective_day ${text} not null generated always as (substr(effective_on || '-01-01', 1, 10)) stored,
    reason ${text},
    decided_by ${integer} not null references users (id),
    recorded_at ${text} not null ${instant('recorded_at')},
    superseded_at ${text} ${instant('superseded_at')}
  )`,
  `create index positions_by_agreement on positions (agreement_id, effective_day, id, status, superseded_at)`,
  `create index positions_by_day on positions (effective_day) where superseded_at is null`,
  `create table position_claims (
    position_id ${integer} not null references positions (id),
    claim_id ${integer} not null references claims (id),
    primary key (position_id, claim_id)
  )`,
  `create index position_claims_by_claim on position_claims (claim_id)`,
  `create table position_sources (
    position_id ${integer} not null references positions (id),
    source_id ${integer} not null references sources (id),
    primary key (position_id, source_id)
  )`,
  `create index position_sources_by_source on position_sources (source_id)`,
]

/**
 * Inserts over an existing key are refused as well: a connection that has not set recursive_triggers would
 * otherwise let INSERT OR REPLACE delete a row unseen.
 */
const history = (engine: EngineName, words: ColumnWords) => {
  const { id, integer, text, instant } = words
  return [
    `create table changes (
    id ${id},
    recorded_at ${text} not null ${instant('recorded_at')},
    actor ${integer} not null references users (id),
    kind ${text} not null check (kind <> ''),
    subject ${text} not null,
    agreement ${integer} references agreements (id),
    version ${integer},
    before ${text} check (before is null or ${jsonValid(engine, 'before')}),
    after ${text} check (after is null or ${jsonValid(engine, 'after')}),
    reason ${text},
    hash ${text} not null unique check (length(hash) = 64)
  )`,
    `create index changes_by_agreement on changes (agreement, id)`,
    `create index changes_by_subject on changes (subject, id)`,
    `create index changes_by_actor on changes (actor, id)`,
    `create index changes_by_kind on changes (kind, id)`,
    `create index changes_by_day on changes (recorded_at, id)`,
    ...prepareRefusals(engine),
    ...refuse(engine, {
      name: 'changes_are_not_updated',
      event: 'update',
      table: 'changes',
      message: 'a change is never edited',
    }),
    ...refuse(engine, {
      name: 'changes_are_not_deleted',
      event: 'delete',
      table: 'changes',
      message: 'a change is never deleted',
    }),
    ...refuseReplacing(engine, {
      name: 'changes_are_not_replaced',
      table: 'changes',
      message: 'a change is never replaced',
      when: 'exists (select 1 from changes where id = new.id or hash = new.hash)',
    }),
    ...refuse(engine, {
      name: 'agreement_versions_are_only_closed',
      event: 'update',
      table: 'agreement_versions',
      message: 'a version is never edited',
      when: `old.recorded_to is not null or new.recorded_to is null
       or ${differing(words, 'agreement_id version')}
       or ${differing(words, 'recorded_from parts')}
       or ${differing(words, versionedColumns(words))}`,
    }),
    ...refuse(engine, {
      name: 'agreement_versions_are_not_deleted',
      event: 'delete',
      table: 'agreement_versions',
      message: 'a version is never deleted',
    }),
    ...refuseReplacing(engine, {
      name: 'agreement_versions_are_not_replaced',
      table: 'agreement_versions',
      message: 'a version is never replaced',
      when: 'exists (select 1 from agreement_versions where agreement_id = new.agreement_id and version = new.version)',
    }),
    ...refuse(engine, {
      name: 'positions_are_only_superseded',
      event: 'update',
      table: 'positions',
      message: 'a position is never edited',
      when: `old.superseded_at is not null or new.superseded_at is null
       or ${differing(words, 'id agreement_id status')}
       or ${differing(words, 'means effective_on reason')}
       or ${differing(words, 'decided_by recorded_at')}`,
    }),
    ...refuse(engine, {
      name: 'positions_are_not_deleted',
      event: 'delete',
      table: 'positions',
      message: 'a position is never deleted',
    }),
    ...refuseReplacing(engine, {
      name: 'positions_are_not_replaced',
      table: 'positions',
      message: 'a position is never replaced',
      when: 'exists (select 1 from positions where id = new.id)',
    }),
  ]
}

function versionedColumns(words: ColumnWords): string {
  return [...agreementColumns(words).matchAll(/^ {4}([a-z_]+) /gm)].map((match) => match[1]).join(' ')
}
