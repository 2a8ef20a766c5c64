import type { Reader } from '../database/schema.ts'
import { type Filled, texts, titled } from '../forms/typed.ts'
import type { ListedChange } from '../history/change.ts'
import { shownChange } from '../history/page.ts'
import { changesSince } from '../history/since.ts'
import type { FoundAgreement } from '../standing/find.ts'

/** The props of `agreements/revert`: the edit that is taken back, and what others did since the form was opened. */
export async function revertPage(
  db: Reader,
  agreement: FoundAgreement,
  change: ListedChange,
  { typed, errors }: Filled,
) {
  const opened = Number(texts(typed, 'opened')[0] ?? agreement.version)
  return {
    title: titled(`Take back an edit: ${agreement.reference}`, errors),
    agreement,
    change: shownChange(change),
    since: await changesSince(db, agreement, opened),
    reason: texts(typed, 'reason')[0] ?? '',
    version: texts(typed, 'version')[0] ?? String(agreement.version),
    errors,
  }
}
