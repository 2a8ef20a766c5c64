import { type Kysely, sql } from 'kysely'
import { allow, refuse, type Refusal } from '../../src/database/engines/append-only.ts'
import { type ColumnWords, columnWords, differing } from '../../src/database/engines/columns.ts'
import { engineOf, type EngineName } from '../../src/database/engines/engine.ts'
import { createContains } from '../../src/database/engines/search.ts'
import { fold, plain } from '../../src/names/name.ts'

/**
 * The two times: where each agreement stood over days, by what was known over instants; which parties, places and words
 * belonged to it when; corrections that name what they replace; claims that are settled or repeat one another. What can
 * be worked out from what was recorded is rebuilt by the program after the migration (`src/standing/rebuild.ts`).
 */
export async function up<Tables>(db: Kysely<Tables>): Promise<void> {
  const engine = engineOf(db)
  const words = columnWords(engine)
  const statements = [...positions(engine, words), ...claims(engine, words), ...derived(words)]
  for (const statement of statements) await sql.raw(statement).execute(db)
  await sortVersionsByTitle(db)
  await foldSources(db)
}

/** Sources are searched without case and accents, in any script. */
async function foldSources<Tables>(db: Kysely<Tables>): Promise<void> {
  const { rows } = await sql<{ id: number; words: string }>`
    select id, concat_ws(' ', title, publisher, url) as words from sources`.execute(db)
  for (const { id, words } of rows) await sql`update sources set folded = ${plain(words)} where id = ${id}`.execute(db)
}

/** Versions sort by title as the present rows do: by what `fold` leaves of it, which SQL cannot work out. */
async function sortVersionsByTitle<Tables>(db: Kysely<Tables>): Promise<void> {
  const engine = engineOf(db)
  for (const statement of titleSort(engine, columnWords(engine))) await sql.raw(statement).execute(db)
  const { rows } = await sql<{ title: string }>`
    select distinct title from agreement_versions where title_sort = ''`.execute(db)
  for (const { title } of rows) {
    await sql`update agreement_versions set title_sort = ${fold(title)} where title = ${title} and title_sort = ''`.execute(
      db,
    )
  }
  await sql.raw(`drop index agreement_versions_by_title`).execute(db)
  for (const statement of refuse(engine, onlyClosed(columnWords(engine)))) await sql.raw(statement).execute(db)
}

const LAST_INSTANT = '9999-12-31T23:59:59.999Z'

const known = ({ text, instant }: ColumnWords) => `
    known_from ${text} not null ${instant('known_from')},
    known_to ${text} not null default '${LAST_INSTANT}' ${instant('known_to')}`

/** The changes that recorded a position, in the order in which positions were recorded. */
const POSITION_CHANGES = `
  select id, agreement, row_number() over (partition by agreement order by id) as number from changes
  where kind in ('agreement_created', 'status_changed')`

const positions = (engine: EngineName, words: ColumnWords) => [
  ...allow(engine, 'positions_are_only_superseded', 'positions'),
  `alter table positions add column change_id ${words.integer} references changes (id)`,
  `alter table positions add column corrects_id ${words.integer} references positions (id)`,
  `update positions set change_id = made.change_id from (
     select numbered.id as position_id, recorded.id as change_id
     from (select id, agreement_id, row_number() over (partition by agreement_id order by id) as number from positions) as numbered
     join (${POSITION_CHANGES}) as recorded on recorded.agreement = numbered.agreement_id and recorded.number = numbered.number
   ) as made where made.position_id = positions.id`,
  ...refuse(engine, {
    name: 'positions_are_only_superseded',
    event: 'update',
    table: 'positions',
    message: 'a position is never edited',
    when: `old.superseded_at is not null or new.superseded_at is null
       or ${differing(words, 'id agreement_id status')}
       or ${differing(words, 'means effective_on reason')}
       or ${differing(words, 'decided_by recorded_at')}
       or ${differing(words, 'change_id corrects_id')}`,
  }),
  `create unique index positions_by_change on positions (change_id)`,
]

const titleSort = (engine: EngineName, { text }: ColumnWords) => [
  ...allow(engine, 'agreement_versions_are_only_closed', 'agreement_versions'),
  `alter table agreement_versions add column title_sort ${text} not null default ''`,
  `update agreement_versions set title_sort = agreements.title_sort from agreements
   where agreements.id = agreement_id and agreements.title = agreement_versions.title`,
  // Which version was known is found here, without a look at the versions themselves.
  `create index agreement_versions_known on agreement_versions (agreement_id, recorded_from, recorded_to)`,
  `create index agreement_versions_by_title on agreement_versions (title) where title_sort = ''`,
]

const VERSIONED =
  'agreement_id version recorded_from parts title title_sort title_is_descriptive kind sector signed_on in_force_on expires_on term ' +
  'value_amount value_currency value_note summary lead status means status_since next_review_on party_names countries place_names ' +
  'original_title original_title_lang updated_at'

const onlyClosed = (words: ColumnWords): Refusal => ({
  name: 'agreement_versions_are_only_closed',
  event: 'update',
  table: 'agreement_versions',
  message: 'a version is never edited',
  when: `old.recorded_to is not null or new.recorded_to is null or ${differing(words, VERSIONED)}`,
})

const claims = (engine: EngineName, words: ColumnWords) => {
  const { id, integer, text, instant } = words
  return [
    `create table claim_settlements (
    id ${id},
    claim_id ${integer} not null references claims (id),
    agreement_id ${integer} not null references agreements (id),
    settled_at ${text} not null ${instant('settled_at')},
    settled_by ${integer} not null references users (id),
    reason ${text} not null check (reason <> ''),
    reopened_at ${text} ${instant('reopened_at')}
  )`,
    `create unique index claim_settlements_in_force on claim_settlements (claim_id, agreement_id) where reopened_at is null`,
    `create index claim_settlements_by_agreement on claim_settlements (agreement_id, claim_id)`,
    // A claim repeats a statement: the claim that no other is the original of.
    `create table claim_ties (
    claim_id ${integer} not null references claims (id),
    statement_id ${integer} not null references claims (id),
    ${known(words)},
    primary key (claim_id, known_from),
    check (claim_id <> statement_id)
  )`,
    `create index claim_ties_by_statement on claim_ties (statement_id, known_to)`,
    `create index claims_by_speaker on claims (asserted_by)`,
    `alter table sources add column folded ${text} not null default ''`,
    `create index sources_by_publication on sources (published_on, id)`,
    ...createContains(engine, 'sources_by_part', 'sources', 'folded'),
  ]
}

const derived = (words: ColumnWords) => {
  const { id, integer, text, day, byKeyOnly } = words
  return [
    `create table standings (
    id ${id},
    agreement_id ${integer} not null references agreements (id),
    position_id ${integer} not null references positions (id),
    status ${text} not null,
    means ${text},
    status_since ${text} not null,
    contested ${integer} not null check (contested in (0, 1)),
    announced ${integer} not null check (announced in (0, 1)),
    kind ${text} not null,
    sector ${text},
    day_from ${text} not null ${day('day_from')},
    day_to ${text} not null ${day('day_to')},
    ${known(words)},
    check (day_from < day_to),
    check (known_from <= known_to)
  )`,
    `create index standings_by_agreement on standings (agreement_id, known_to, day_from)`,
    // Counting reads this index and nothing else.
    `create index standings_by_day on standings (known_to, day_from, day_to, announced, known_from, status, sector, kind, contested)`,
    // A page of the list reads this one from its day backwards, and stops when the page is full.
    `create index standings_by_since on standings (status_since, agreement_id, known_to, known_from, day_from, day_to, announced, status)`,
    `create index standings_contested on standings (known_to, day_from, day_to, announced, agreement_id) where contested = 1`,
    `create table agreement_links (
    agreement_id ${integer} not null references agreements (id),
    link ${text} not null check (link in ('party', 'place', 'relation')),
    other_id ${integer} not null,
    ${known(words)},
    primary key (agreement_id, link, other_id, known_from)
  )${byKeyOnly}`,
    `create index agreement_links_by_other on agreement_links (link, other_id, known_to, known_from, agreement_id)`,
    `create table agreement_texts (
    id ${id},
    agreement_id ${integer} not null references agreements (id),
    digest ${text} not null,
    ${known(words)}
  )`,
    `create index agreement_texts_by_agreement on agreement_texts (agreement_id, known_to)`,
    `create index agreements_contested on agreements (status_since, id) where contested = 1`,
    // Tells the program to work out the tables above from what was recorded.
    `insert into settings (key, value) select 'rebuild', '0002' where exists (select 1 from agreements)`,
  ]
}
