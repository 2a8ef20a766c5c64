import compression from 'compression'
import express, { type Express, type RequestHandler } from 'express'
import type { Logger } from 'pino'
import { pinoHttp } from 'pino-http'
import { accountRoutes } from './accounts/routes.ts'
import { adminRoutes } from './accounts/admin-routes.ts'
import { agreementListRoutes } from './list/routes.ts'
import { agreementRoutes } from './agreements/routes.ts'
import { versionRoutes } from './agreements/version-routes.ts'
import { evidenceRoutes } from './dossier/evidence-routes.ts'
import { dossierRoutes } from './dossier/routes.ts'
import { claimRoutes } from './claims/routes.ts'
import { wideClaimRoutes } from './list/claim-routes.ts'
import { compareRoutes } from './compare/routes.ts'
import type { AppContext } from './context.ts'
import { healthRoutes } from './web/health-routes.ts'
import { newestChangeBy } from './history/queries.ts'
import { historyRoutes } from './history/routes.ts'
import { overviewRoutes } from './overview/routes.ts'
import { directoryRoutes } from './directories/routes.ts'
import { positionRoutes } from './positions/routes.ts'
import { sourceRoutes } from './sources/routes.ts'
import { loadAssets } from './web/assets.ts'
import { currentUser, requireAccountToRead, sessions } from './accounts/current-user.ts'
import { errorPage, notFound } from './web/error-page.ts'
import { formBody } from './web/form-body.ts'
import { readWhileAwaited } from './web/left.ts'
import { oneHost } from './web/one-host.ts'
import { pageSender } from './web/page.ts'
import { shareOfAddress } from './web/per-address.ts'
import { readFromReplica } from './web/replica.ts'
import { sameOrigin } from './web/same-origin.ts'
import { securityHeaders } from './web/security-headers.ts'
import { unchanged } from './web/unchanged.ts'
import { loadViews } from './web/views.ts'
import { visits } from './web/visit.ts'
import { ui } from './words/ui.ts'

/** A line for each request; what fails is logged where it is answered, at any level. */
function logRequests(logger: Logger): RequestHandler {
  return pinoHttp({
    logger,
    serializers: {
      req: ({ method, url }: { method: string; url: string }) => ({ method, url: withoutToken(url) }),
      res: ({ statusCode }) => ({ statusCode }),
    },
  })
}

/** A one-time link works for whoever reads it: it is in no log, not even as the page that another address leads back to. */
function withoutToken(url: string): string {
  return url.replace(/(token=)[^&]*/gi, '$1…').replace(/(token%3D)(?:(?!%26)[^&])*/gi, '$1…')
}

/** The web application: a table of contents of what happens to a request, in order. */
export function createApp(context: AppContext): Express {
  const app = express()
  const assets = loadAssets()
  const page = pageSender(context, loadViews(), assets, ui)
  const on = visits(context, page)
  const withSession = sessions(context)

  app.disable('x-powered-by')
  app.disable('etag')
  app.set('trust proxy', context.config.proxies)

  if (context.log.isLevelEnabled('info')) app.use(logRequests(context.log))
  app.use(compression())
  app.use(securityHeaders(context.config))
  app.use(oneHost)
  app.use(assets.routes)
  app.use(healthRoutes(context))
  app.use(shareOfAddress(context))
  app.use(readWhileAwaited(context))
  app.use(sameOrigin)
  app.use(formBody())
  app.use(currentUser(context, withSession))
  app.use(accountRoutes(context, on, withSession))
  app.use(requireAccountToRead(context))
  app.use(readFromReplica(context, newestChangeBy))
  app.use(unchanged(context))
  app.use(overviewRoutes(context, on))
  app.use(agreementListRoutes(on))
  app.use(agreementRoutes(on))
  app.use(dossierRoutes(on))
  app.use(versionRoutes(on))
  app.use(positionRoutes(on))
  app.use(evidenceRoutes(on))
  app.use(wideClaimRoutes(on))
  app.use(claimRoutes(on))
  app.use(historyRoutes(on))
  app.use(compareRoutes(on))
  app.use(directoryRoutes(on))
  app.use(sourceRoutes(on))
  app.use(adminRoutes(on))
  app.use(notFound)
  app.use(errorPage(page, context))
  return app
}
