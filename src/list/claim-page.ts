import { type Filled, titled } from '../forms/typed.ts'
import type { Reader } from '../database/schema.ts'
import type { CoveredAgreement } from '../claims/add-claim.ts'
import { digestOf } from './covered.ts'
import { claimFormProps } from '../claims/page.ts'

const MOST_PREVIEWED = 200

/** The props of `list/claim`: a claim about several agreements, with a preview of which. */
export async function newClaimPage(
  db: Reader,
  { covered, filter, filled }: { covered: readonly CoveredAgreement[]; filter: string | null; filled: Filled },
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
    title: titled('New claim', filled.errors),
    ...(await claimFormProps(db, filled)),
    filter,
    preview: { count: covered.length, rows, more: covered.length - shown.length, digest: digestOf(covered) },
    statements: [],
  }
}
