import type { Visit } from '../web/visit.ts'
import { conflictPage } from './conflict-page.ts'
import { describeEditable } from './described.ts'

/** Shows whoever comes second both versions side by side, and what they typed ready to be sent on top of the first (409). */
export async function showConflict(visit: Visit): Promise<void> {
  const { db } = visit.context
  const present = await describeEditable(db.read, visit.part('reference'), visit.today)
  visit.page('agreements/conflict', await conflictPage(db.read, present, visit.body, visit.path), 409)
}
