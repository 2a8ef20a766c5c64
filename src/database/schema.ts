import type { Kysely, Transaction } from 'kysely'
import type { LogInFailuresTable, SessionsTable, SettingsTable, UsersTable } from './tables/accounts.ts'
import type { PartiesTable, PartyNamesTable, PlaceNamesTable, PlacesTable } from './tables/directories.ts'
import type {
  AgreementNotesTable,
  AgreementPartiesTable,
  AgreementPlacesTable,
  AgreementRelationsTable,
  AgreementSourcesTable,
  AgreementTitlesTable,
  AgreementVersionsTable,
  AgreementsTable,
} from './tables/agreements.ts'
import type {
  ClaimAgreementsTable,
  ClaimSettlementsTable,
  ClaimTiesTable,
  ClaimsTable,
  PositionClaimsTable,
  PositionSourcesTable,
  PositionsTable,
  SourcesTable,
} from './tables/evidence.ts'
import type { ChangesTable } from './tables/history.ts'
import type { AgreementLinksTable, AgreementTextsTable, StandingsTable } from './tables/standing.ts'

/** Instants are ISO 8601 in UTC with milliseconds; days are `YYYY-MM-DD` or partial; 0 and 1 stand for no and yes. */
export interface Schema {
  settings: SettingsTable
  users: UsersTable
  sessions: SessionsTable
  log_in_failures: LogInFailuresTable
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
