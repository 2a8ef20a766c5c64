import type { Request, Response } from 'express'
import type { AppContext } from '../context.ts'
import { AppError, type FieldErrors } from '../errors.ts'
import { orShowAgain, typed } from '../forms/typed.ts'
import { today } from '../time/clock.ts'
import { NOW } from '../time/moment.ts'
import type { SendPage } from '../web/page.ts'
import { conflictPage } from './conflict-page.ts'
import { describeAgreement } from './described.ts'

/** Shows the form again when something is wrong in it, and a page with both versions for whoever comes second (409). */
export async function orConflict(
  { db, clock }: AppContext,
  page: SendPage,
  req: Request,
  res: Response,
  again: (errors: FieldErrors) => Promise<void>,
  work: () => Promise<void>,
): Promise<void> {
  try {
    await orShowAgain(again, work)
  } catch (error) {
    if (!(error instanceof AppError) || error.code !== 'conflict') throw error
    const present = await describeAgreement(db.read, String(req.params['reference']), NOW, today(clock))
    page(req, res, 'agreements/conflict', await conflictPage(db.read, present, typed(req.body), req.path), 409)
  }
}
