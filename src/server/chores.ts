import { bringIntoEffect } from '../positions/take-effect.ts'
import type { AppContext } from '../context.ts'
import { AppError } from '../errors.ts'
import { scheduleBackups } from './backups.ts'

const HOUR = 3_600_000

/** What has to be done while the server runs, by one process of it: a day begins, a backup is due. Returns how to end it. */
export function startChores(context: AppContext): () => void {
  const timer = setInterval(() => void goOnByDay(context), HOUR).unref()
  const endBackups = scheduleBackups(context)
  return () => {
    clearInterval(timer)
    endBackups()
  }
}

/** Brings into effect what is due. A clock in doubt is told, and is no reason not to answer those who read. */
export async function beginDay(context: AppContext): Promise<void> {
  try {
    await bringIntoEffect(context)
  } catch (error) {
    if (!(error instanceof AppError && error.code === 'clock')) throw error
    context.log.error(error.message)
  }
}

async function goOnByDay(context: AppContext): Promise<void> {
  try {
    await beginDay(context)
  } catch (error) {
    context.log.error({ err: error }, 'positions were not brought into effect')
  }
}
