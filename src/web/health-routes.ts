import { Router } from 'express'
import type { AppContext } from '../context.ts'

/** `/healthz`: `ok` when the database answers. */
export function healthRoutes({ db }: AppContext): Router {
  const routes = Router()
  routes.get('/healthz', async (_req, res) => {
    await db.revision()
    res.type('text/plain').send('ok')
  })
  return routes
}
