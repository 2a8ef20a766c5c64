import type { Snapshot } from '../database/database.ts'
import { BEFORE_THE_FIRST } from '../database/unit.ts'
import { type ChangedFields, type ChangeEntry, hashChange } from '../history/change.ts'
import { strangeField } from '../history/entry.ts'
import { readTold } from '../history/told.ts'
import { CHANGE_KINDS } from '../words/change-kind.ts'
import { Fault } from './fault.ts'
import { type NotedHead, NotedHeads } from './heads.ts'

/** Works out the hash of every change anew, and looks for the heads that were noted down earlier. */
export async function checkChain(
  snapshot: Snapshot,
  noted: readonly NotedHead[] = [],
): Promise<{ changes: number; head: string }> {
  let previous = BEFORE_THE_FIRST
  const heads = new NotedHeads(noted)
  const everyChange = snapshot.read.selectFrom('changes').selectAll().orderBy('id').compile()
  for await (const rows of snapshot.stream(everyChange)) {
    for (const { hash, ...entry } of rows) {
      checkEntry(previous, entry, hash)
      heads.pass(entry.id, hash)
      previous = { id: entry.id, hash, recorded_at: entry.recorded_at }
    }
  }
  heads.check()
  return { changes: previous.id, head: previous.hash }
}

function checkEntry(previous: typeof BEFORE_THE_FIRST, entry: ChangeEntry, hash: string): void {
  if (entry.id !== previous.id + 1)
    throw new Fault(`change ${previous.id + 1} is missing: change ${entry.id} follows ${previous.id}`)
  if (hashChange(previous.hash, entry) !== hash)
    throw new Fault(
      `change ${entry.id} (${entry.kind}, ${entry.recorded_at}) does not have the hash of what it says: it, or what stood before it, was altered`,
    )
  if (entry.recorded_at < previous.recorded_at)
    throw new Fault(`change ${entry.id} was recorded before change ${previous.id}`)
  checkForm(entry)
}

/** What an entry tells is in the form of today, or in the one of an earlier version. */
function checkForm({ id, kind, recorded_at, ...told }: ChangeEntry): void {
  const what = `change ${id} (${kind}, ${recorded_at})`
  if (!CHANGE_KINDS.includes(kind)) throw new Fault(`${what} is of no kind that there is`)
  for (const side of ['before', 'after'] as const) {
    const field = strangeField(kind, side, readFields(what, kind, told[side]))
    if (field !== undefined)
      throw new Fault(
        `${what} tells “${field.slice(0, 40)}” ${side} it in no form that this program or an earlier one wrote`,
      )
  }
}

function readFields(what: string, kind: ChangeEntry['kind'], json: string | null): ChangedFields | null {
  try {
    return readTold(kind, json)
  } catch (error) {
    if (error instanceof SyntaxError || error instanceof TypeError)
      throw new Fault(`${what} tells nothing that can be read`)
    throw error
  }
}
