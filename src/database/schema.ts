import type { ColumnType, Generated, Kysely, Transaction } from 'kysely'
import type { AgreementKind } from '../agreements/agreement.ts'
import type { Means, Status } from '../agreements/status.ts'
import type { RelationKind } from '../agreements/relation.ts'
import type { PlaceRole } from '../places/place.ts'
import type { Stance } from '../claims/claim.ts'
import type { ChangeKind } from '../history/change.ts'
import type { PartyType } from '../parties/party.ts'
import type { PartialDate } from '../dates/partial-date.ts'
import type { Reliability } from '../sources/source.ts'
import type { Role } from '../accounts/role.ts'

/** Instants are ISO 8601 in UTC with milliseconds; days are `YYYY-MM-DD` or partial; 0 and 1 stand for no and yes. */
export interface Schema {
  settings: SettingsTable
  users: UsersTable
  sessions: SessionsTable
  parties: PartiesTable
  party_names: PartyNamesTable
  places: PlacesTable
  place_names: PlaceNamesTable
  agreements: AgreementsTable
  agreement_versions: AgreementVersionsTable
  agreement_titles: AgreementTitlesTable
  agreement_parties: AgreementPartiesTable
  agreement_places: AgreementPlacesTable
  agreement_relations: AgreementRelationsTable
  agreement_notes: AgreementNotesTable
  agreement_sources: AgreementSourcesTable
  sources: SourcesTable
  claims: ClaimsTable
  claim_agreements: ClaimAgreementsTable
  positions: PositionsTable
  position_claims: PositionClaimsTable
  position_sources: PositionSourcesTable
  claim_settlements: ClaimSettlementsTable
  claim_ties: ClaimTiesTable
  standings: StandingsTable
  agreement_links: AgreementLinksTable
  agreement_texts: AgreementTextsTable
  changes: ChangesTable
}

/** What a query may use: the reader, or the transaction that is under way. */
export type Reader = Kysely<Schema> | Transaction<Schema>
export type Trx = Transaction<Schema>

interface SettingsTable {
  key: string
  value: string
}

export interface UsersTable {
  id: Generated<number>
  email: string
  name: string
  role: Role
  /** PHC string; null for the system account, which nobody can log in to. */
  password_hash: string | null
  disabled_at: string | null
  created_at: string
}

interface SessionsTable {
  /** SHA-256 of the session id, so that a copy of the database opens no session. */
  id_hash: string
  user_id: number | null
  data: string
  expires_at: string
}

interface PartiesTable {
  id: Generated<number>
  slug: string
  type: PartyType
  country: string | null
}

/** `position` 1 is the name shown; `folded` is what equal spellings have in common. */
interface PartyNamesTable {
  party_id: number
  position: number
  name: string
  lang: string | null
  folded: string
  key: string
}

interface PlacesTable {
  id: Generated<number>
  slug: string
  kind: string
  country: string | null
  latitude: number | null
  longitude: number | null
}

interface PlaceNamesTable {
  place_id: number
  position: number
  name: string
  lang: string | null
  folded: string
  key: string
}

/** What an agreement is, as edited by hand; shared by the present row and its versions. */
export interface AgreementColumns {
  title: string
  title_is_descriptive: number
  kind: AgreementKind
  sector: string | null
  signed_on: PartialDate | null
  in_force_on: PartialDate | null
  expires_on: PartialDate | null
  term: string | null
  value_amount: number | null
  value_currency: string | null
  value_note: string | null
  summary: string | null
  lead: string | null
  status: Status
  means: Means | null
  status_since: PartialDate
  next_review_on: PartialDate | null
  version: number
  /** The names shown on lists and exports, joined by `; `, kept beside the row so that a list reads one table. */
  party_names: string
  countries: string
  place_names: string
  original_title: string | null
  original_title_lang: string | null
  updated_at: string
}

export interface AgreementsTable extends AgreementColumns {
  id: Generated<number>
  reference: string
  /** The title as it sorts: folded, so that case and accents do not matter on any engine. */
  title_sort: string
  contested: number
  created_at: string
}

export interface AgreementVersionsTable extends AgreementColumns {
  agreement_id: number
  title_sort: string
  recorded_from: string
  recorded_to: string | null
  /** JSON of titles, parties, places, relations and notes as they stood in this version. */
  parts: string
}

interface AgreementTitlesTable {
  agreement_id: number
  position: number
  lang: string
  title: string
  note: string | null
}

interface AgreementPartiesTable {
  agreement_id: number
  position: number
  party_id: number
  role: string | null
}

interface AgreementPlacesTable {
  agreement_id: number
  position: number
  place_id: number
  role: PlaceRole
}

interface AgreementRelationsTable {
  agreement_id: number
  kind: RelationKind
  other_id: number
}

/** Another source's value for a field, or a fact that no field holds. */
interface AgreementNotesTable {
  agreement_id: number
  position: number
  field: string | null
  value: string
  url: string | null
  note: string | null
}

interface AgreementSourcesTable {
  agreement_id: number
  source_id: number
}

export interface SourcesTable {
  id: Generated<number>
  title: string | null
  publisher: string | null
  url: string | null
  lang: string | null
  published_on: PartialDate | null
  read_on: PartialDate | null
  reliability: Reliability | null
  /** Title, publisher and address, folded, to search in. */
  folded: Generated<string>
  recorded_at: string
}

export interface ClaimsTable {
  id: Generated<number>
  source_id: number
  asserted_by: string
  stance: Stance
  status: Status
  means: Means | null
  effective_on: PartialDate | null
  said_on: PartialDate | null
  credibility: number | null
  note: string | null
  /** The class of agreements it speaks of, in words; null when it names the agreement itself. */
  scope: string | null
  /** `approximate`: the source's own word was squeezed into one of the four statuses. */
  status_fit: 'exact' | 'approximate'
  recorded_at: string
  recorded_by: number
  withdrawn_at: string | null
}

interface ClaimAgreementsTable {
  claim_id: number
  agreement_id: number
}

export interface PositionsTable {
  id: Generated<number>
  agreement_id: number
  status: Status
  means: Means | null
  effective_on: PartialDate
  /** The first day that `effective_on` can mean; worked out by the database. */
  effective_day: ColumnType<string, never, never>
  reason: string | null
  decided_by: number
  recorded_at: string
  /** When a correction replaced it; null while it stands. */
  superseded_at: string | null
  /** The entry of the history that recorded it. */
  change_id: number | null
  /** The position that it replaces, where it is a correction. */
  corrects_id: number | null
}

interface PositionClaimsTable {
  position_id: number
  claim_id: number
}

interface PositionSourcesTable {
  position_id: number
  source_id: number
}

/** A claim that an analyst has settled about an agreement: it is kept, and contests the position no longer. */
interface ClaimSettlementsTable {
  id: Generated<number>
  claim_id: number
  agreement_id: number
  settled_at: string
  settled_by: number
  reason: string
  reopened_at: string | null
}

/** A claim that repeats the statement of another one, as known from one instant up to another. */
interface ClaimTiesTable {
  claim_id: number
  /** The claim that is the statement's original; it repeats none itself. */
  statement_id: number
  known_from: string
  known_to: string
}

/**
 * Where an agreement stood over a span of days, by what was known over a span of instants; worked out from positions and
 * claims (`src/standing/`). Spans begin with their first day or instant and end before their last.
 */
export interface StandingsTable {
  id: Generated<number>
  agreement_id: number
  position_id: number
  status: Status
  means: Means | null
  status_since: PartialDate
  contested: 0 | 1
  announced: 0 | 1
  kind: AgreementKind
  sector: string | null
  day_from: string
  day_to: string
  known_from: string
  known_to: string
}

/** Which parties, places and agreements belonged to an agreement, and when that was known. */
interface AgreementLinksTable {
  agreement_id: number
  link: 'party' | 'place' | 'relation'
  other_id: number
  known_from: string
  known_to: string
}

/** The words that an agreement was found by over a span of instants; `id` is their row in the search index. */
export interface AgreementTextsTable {
  id: Generated<number>
  agreement_id: number
  /** SHA-256 of the words, to tell whether they changed. */
  digest: string
  known_from: string
  known_to: string
}

export interface ChangesTable {
  id: number
  recorded_at: string
  actor: number
  kind: ChangeKind
  /** What it is about, such as `agreement:12` or `user:3`. */
  subject: string
  agreement: number | null
  version: number | null
  /** JSON objects that hold only the fields that changed. */
  before: string | null
  after: string | null
  reason: string | null
  hash: string
}
