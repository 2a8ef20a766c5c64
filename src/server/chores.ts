import { bringIntoEffect } from '../positions/take-effect.ts'
import type { AppContext } from '../context.ts'
import { scheduleBackups } from './backups.ts'

const HOUR = 3_600_000

/** What has to be done while the server runs, by one process of it: a day begins, a backup is due. Returns how to end it. */
export function startChores(context: AppContext): () => void {
  const timer = setInterval(() => void bringDayIn(context), HOUR).unref()
  const endBackups = scheduleBackups(context)
  return () => {
    clearInterval(timer)
    endBackups()
  }
}

async function bringDayIn(context: AppContext): Promise<void> {
  try {
    await bringIntoEffect(context)
  } catch (error) {
    context.log.error({ err: error }, 'positions were not brought into effect')
  }
}
