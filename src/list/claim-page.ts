import { titled } from '../forms/typed.ts'
import type { Reader } from '../database/schema.ts'
import type { CoveredAgreement } from '../claims/add-claim.ts'
import { digestOf } from './covered.ts'
import { claimFormProps, type Entry } from '../claims/page.ts'

const MOST_PREVIEWED = 200

/** The props of `list/claim`: a claim about several agreements, with a preview of which. */
export async function newClaimPage(
  db: Reader,
  { covered, filter, entry }: { covered: readonly CoveredAgreement[]; filter: string | null; entry: Entry },
) {
  const shown = covered.slice(0, MOST_PREVIEWED)
  const rows =
    shown.length === 0
      ? []
      : await db
          .selectFrom('agreements')
          .select(['reference', 'title', 'status', 'contested'])
          .where(
            'id',
            'in',
            shown.map(({ id }) => id),
          )
          .orderBy('reference_sort')
          .execute()
  return {
    title: titled('New claim', entry.errors),
    ...(await claimFormProps(db, entry)),
    filter,
    preview: { count: covered.length, rows, more: covered.length - shown.length, digest: digestOf(covered) },
    statements: [],
  }
}
