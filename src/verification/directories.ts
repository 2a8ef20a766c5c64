import type { Reader } from '../database/schema.ts'
import { STATE_NAME_LANGUAGES } from '../directories/party-commands.ts'
import type { ChangedFields } from '../history/change.ts'
import { fold, nameKey, slug } from '../names/name.ts'
import { Fault, isSameValue } from './fault.ts'
import { readKinds, type ToldChange } from './told.ts'

interface Name {
  name: string
  lang: string | null
}

interface EntryRow extends Record<string, unknown> {
  id: number
  slug: string
}

interface NameRow extends Name {
  position: number
  folded: string
  key: string
}

/**
 * Parties and places have what their changes say, and their names, in order; there is no other.
 * @throws Fault naming the first row that does not follow, and its change.
 */
export async function checkDirectories(db: Reader): Promise<void> {
  const parties = await db.selectFrom('parties').selectAll().orderBy('id').execute()
  const partyNames = await db.selectFrom('party_names').selectAll().orderBy('party_id').orderBy('position').execute()
  check(
    'party',
    parties,
    namesBy(partyNames, ({ party_id }) => party_id),
    {
      added: await readKinds(db, ['party_added']),
      named: await readKinds(db, ['party_name_added']),
      columns: ['type', 'country'],
      // Entries of earlier versions did not tell under which other names a state was entered.
      untold: partyNamesUntold,
    },
  )
  const places = await db.selectFrom('places').selectAll().orderBy('id').execute()
  const placeNames = await db.selectFrom('place_names').selectAll().orderBy('place_id').orderBy('position').execute()
  check(
    'place',
    places,
    namesBy(placeNames, ({ place_id }) => place_id),
    {
      added: await readKinds(db, ['place_added']),
      named: await readKinds(db, ['place_name_added']),
      columns: ['kind', 'country'],
      untold: placeNamesUntold,
    },
  )
}

interface Told {
  added: readonly ToldChange[]
  named: readonly ToldChange[]
  columns: readonly string[]
  /** The names of an entry whose change tells them in part only. */
  untold: (after: ChangedFields, stored: readonly NameRow[]) => Name[]
}

function namesBy<Row extends NameRow>(rows: readonly Row[], idOf: (row: Row) => number): Map<number, Row[]> {
  return Map.groupBy(rows, idOf)
}

function check(
  noun: 'party' | 'place',
  rows: readonly EntryRow[],
  names: ReadonlyMap<number, readonly NameRow[]>,
  { added, named, columns, untold }: Told,
): void {
  const changes = new Map(added.map((change) => [change.of, change]))
  const slugs = slugsOf(added)
  const laterNames = Map.groupBy(named, ({ of }) => of)
  for (const row of rows) {
    const what = `${noun} ${row.id}`
    const change = changes.get(row.id)
    if (!change) throw new Fault(`${what} follows from no change`)
    const { after, stored } = change
    const wrong = columns.find((column) => !isSameValue(row[column], after[column]))
    if (wrong !== undefined) throw new Fault(`${what} does not say of ${wrong} what change ${change.id} says`)
    for (const column of ['latitude', 'longitude'] as const)
      if (stored[column] !== undefined && row[column] !== stored[column])
        throw new Fault(`${what} does not say of ${column} what change ${change.id} says`)
    if (row.slug !== slugs.get(row.id)) throw new Fault(`${what} has another address than its name gives it`)
    const own = names.get(row.id) ?? []
    const later = (laterNames.get(row.id) ?? []).map(({ after: { name, lang } }) => nameOf(name, lang))
    checkNames(what, own, [...(stored.names ?? untold(after, own)), ...later])
  }
  for (const id of names.keys()) if (!changes.has(id)) throw new Fault(`a name of ${noun} ${id} follows from no change`)
}

function checkNames(what: string, own: readonly NameRow[], told: readonly Name[]): void {
  const expected = told.filter(
    (one, index) => told.findIndex(({ name, lang }) => name === one.name && lang === one.lang) === index,
  )
  for (const [index, { name, lang }] of expected.entries()) {
    const row = own[index]
    if (row?.position !== index + 1 || row.name !== name || row.lang !== lang)
      throw new Fault(`name ${index + 1} of ${what} is not “${name.slice(0, 80)}”, as its changes say`)
    if (row.folded !== fold(name) || row.key !== nameKey(name))
      throw new Fault(`name ${index + 1} of ${what} is found by other letters than its own`)
  }
  if (own.length > expected.length) throw new Fault(`name ${expected.length + 1} of ${what} follows from no change`)
}

/** The address of each entry, by its number: its first name, with a running number where an earlier one has that. */
function slugsOf(added: readonly ToldChange[]): Map<number, string> {
  const taken = new Set<string>()
  return new Map(
    added.map(({ of, after }) => {
      const stem = slug(textOf(after['name']))
      let free = stem
      for (let number = 2; taken.has(free); number += 1) free = `${stem}-${number}`
      taken.add(free)
      return [of, free]
    }),
  )
}

function partyNamesUntold({ name, type, country }: ChangedFields, stored: readonly NameRow[]): Name[] {
  const first = nameOf(name, null)
  if (type !== 'state' || typeof country !== 'string') return [first]
  // What a language calls a state changes with the edition of CLDR: what is there in these languages is taken as it is.
  const names = [first]
  let last = -1
  for (const { name: other, lang } of stored.slice(1)) {
    const at = STATE_NAME_LANGUAGES.indexOf(lang ?? '')
    if (at <= last) break
    names.push({ name: other, lang })
    last = at
  }
  return names
}

function placeNamesUntold({ name, names }: ChangedFields, stored: readonly NameRow[]): Name[] {
  const told = [name, ...(Array.isArray(names) ? names : [])].map(textOf)
  return told.map((one, index) => nameOf(one, stored[index]?.lang ?? null))
}

function nameOf(name: unknown, lang: unknown): Name {
  return { name: textOf(name), lang: typeof lang === 'string' ? lang : null }
}

function textOf(told: unknown): string {
  return typeof told === 'string' ? told : ''
}
