import { startTestApp, type TestApp } from '../support/test-app.ts'
import { Analyst, type Analysts } from './analyst.ts'
import { handover, reassignment, review, successors } from './summer.ts'
import { annulment, beforeTheNews, denial } from './winter.ts'

/**
 * An empty register into which two analysts enter the Tartus story as it comes, day by day, so that what was known on a day
 * differs from what is known today.
 */
export async function startTartusStory(): Promise<TestApp> {
  const app = await startTestApp({
    env: { CLAUSULA_BASE_URL: 'http://register.example', CLAUSULA_NAMES: 'public' },
    now: '2024-11-18T08:00:00.000Z',
  })
  const { email: ada } = await app.addUser('analyst', 'Ada')
  const { email: ben } = await app.addUser('analyst', 'Ben')
  const analysts: Analysts = {
    ada: (now: string) => Analyst.on(app, now, ada),
    ben: (now: string) => Analyst.on(app, now, ben),
  }
  await beforeTheNews(analysts)
  await annulment(analysts)
  await denial(analysts)
  await successors(analysts)
  await reassignment(analysts)
  await review(analysts)
  await handover(analysts)
  app.clock.set('2026-11-23T12:00:00.000Z')
  return app
}
