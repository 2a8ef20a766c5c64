import type { Router } from 'express'
import { createApp } from '../../src/app.ts'
import type { AppContext } from '../../src/context.ts'

interface Route {
  /** As it was given to the router: `/agreements/:reference`. */
  path: string
  isRead: boolean
}

/** Every address that the application answers, as its routers have them. */
export function routesOf(context: AppContext): Route[] {
  const found: Route[] = []
  const walk = (stack: Router['stack']) => {
    for (const layer of stack) {
      const { route } = layer
      if (route) found.push({ path: route.path, isRead: 'get' in (route as unknown as { methods: object }).methods })
      const inner = (layer.handle as unknown as { stack?: Router['stack'] }).stack
      if (inner) walk(inner)
    }
  }
  walk((createApp(context) as unknown as { router: Router }).router.stack)
  return found
}
