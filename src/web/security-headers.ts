import type { HelmetOptions } from 'helmet'
import type { Config } from '../config.ts'

/** Only our own files, no inline script or style, no frames; HSTS only where the register is behind https. */
export function securityHeaders({ baseUrl }: Config): HelmetOptions {
  return {
    contentSecurityPolicy: {
      useDefaults: false,
      directives: {
        defaultSrc: ["'none'"],
        scriptSrc: ["'self'"],
        styleSrc: ["'self'"],
        fontSrc: ["'self'"],
        imgSrc: ["'self'", 'data:'],
        formAction: ["'self'"],
        baseUri: ["'none'"],
        frameAncestors: ["'none'"],
      },
    },
    strictTransportSecurity: baseUrl.startsWith('https:'),
    referrerPolicy: { policy: 'same-origin' },
  }
}
