import type { Router } from 'express'
import { createApp } from '../../src/app.ts'
import type { AppContext } from '../../src/context.ts'

interface Route {
  /** As it was given to the router: `/agreements/:reference`. */
  path: string
  /** `GET`, `POST`. */
  methods: string[]
  isRead: boolean
}

/** Every address that the application answers, as its routers have them. */
export function routesOf(context: AppContext): Route[] {
  const found: Route[] = []
  const walk = (stack: Router['stack']) => {
    for (const layer of stack) {
      const { route } = layer
      if (route) {
        const methods = Object.keys((route as unknown as { methods: object }).methods).map((one) => one.toUpperCase())
        found.push({ path: route.path, methods, isRead: methods.includes('GET') })
      }
      const inner = (layer.handle as unknown as { stack?: Router['stack'] }).stack
      if (inner) walk(inner)
    }
  }
  walk((createApp(context) as unknown as { router: Router }).router.stack)
  return found
}
