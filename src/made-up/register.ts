import { bringIntoEffect } from '../positions/take-effect.ts'
import type { AppContext } from '../context.ts'
import { goOnAfterGivenIds } from '../database/engines/given-ids.ts'
import { inUnit, type Unit } from '../database/unit.ts'
import { AppError } from '../errors.ts'
import { makeDirectories } from './directories.ts'
import { AgreementMaker } from './agreement.ts'
import type { Draft } from './draft.ts'
import { type LastIds, RowBuffer } from './rows.ts'
import { Random } from './random.ts'
import { UTC } from '../time/zone.ts'

interface Plan {
  agreements: number
  changes: number
  seed: number
  report: (line: string) => void
}

const AGREEMENTS_PER_UNIT = 500
const DAY = 86_400_000
const FIRST_RECORDED = Date.parse('2021-01-04T08:00:00.000Z')
const YEARS = 5

/**
 * Fills a register that has no agreement with a made-up one, as if analysts had gone through its agreements one by one over
 * five years. The rows are those that the commands would have left, but written in bulk: what a change, a version or a
 * search entry looks like comes from the same functions.
 * @throws AppError `invalid` when there are agreements already.
 */
export async function generateRegister(
  context: AppContext,
  plan: Plan,
): Promise<{ agreements: number; changes: number }> {
  if (await context.db.read.selectFrom('agreements').select('id').limit(1).executeTakeFirst()) {
    throw new AppError(
      'invalid',
      'The register has agreements: generate fills an empty one only. Set DATABASE_URL to a new file.',
    )
  }
  const random = new Random(plan.seed)
  const step = Math.floor((YEARS * 365 * DAY) / (Math.ceil(plan.agreements / AGREEMENTS_PER_UNIT) + 1))
  let now = FIRST_RECORDED
  const unitOfWork = async <T>(work: (unit: Unit) => Promise<T>): Promise<T> => {
    now += step
    const clock = { now: () => new Date(now), zone: UTC, doubt: () => undefined }
    return inUnit({ db: context.db, clock }, context.system, work)
  }

  const directories = await unitOfWork((unit) => makeDirectories(unit, random, plan.agreements))
  const maker = new AgreementMaker(random, directories)
  const last: LastIds = { agreements: 0, positions: 0, claims: 0 }
  const before = await context.db.revision()
  const wanted = Math.max(0, plan.changes - before)
  let changes = 0
  for (let made = 0; made < plan.agreements;) {
    const until = Math.min(plan.agreements, made + AGREEMENTS_PER_UNIT)
    await unitOfWork(async (unit) => {
      const rows = new RowBuffer(unit, last)
      const drafts: { draft: Draft; left: number }[] = []
      for (; made < until; made += 1) {
        const left = Math.max(1, Math.floor((wanted * (made + 1)) / plan.agreements) - changes) - 1
        changes += left + 1
        drafts.push({ draft: maker.enter(rows), left })
      }
      // What happens to an agreement was recorded on several days, one round after the other.
      const rounds = Math.max(0, ...drafts.map(({ left }) => left))
      for (let round = 1; round <= rounds; round += 1) {
        rows.at = new Date(Date.parse(unit.at) + Math.floor((step * round) / (rounds + 1))).toISOString()
        for (const { draft, left } of drafts) if (left >= round) maker.change(rows, draft)
      }
      for (const { draft } of drafts) maker.finish(rows, draft)
      await rows.write()
    })
    if (made % 50_000 === 0) plan.report(`${made} agreements`)
  }
  await context.db.transaction(goOnAfterGivenIds)
  await bringIntoEffect(context)
  return { agreements: plan.agreements, changes: before + changes }
}
