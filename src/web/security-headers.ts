import type { Request, RequestHandler, Response } from 'express'
import helmet, { type HelmetOptions } from 'helmet'
import type { Config } from '../config.ts'

/** Features of a browser that no page of the register uses (W3C Permissions Policy). */
const REFUSED = [
  'camera',
  'microphone',
  'geolocation',
  'display-capture',
  'payment',
  'usb',
  'serial',
  'hid',
  'midi',
  'browsing-topics',
]

/**
 * The headers that keep a page safe. They are the same for every answer, so helmet is asked once, and not again at each request.
 */
export function securityHeaders(config: Config): RequestHandler {
  const headers: [string, string][] = []
  const recorder = {
    setHeader: (name: string, value: string) => void headers.push([name, value]),
    removeHeader: () => {},
  }
  // The register asks a browser for none of these; a page that was tampered with gets none of them either.
  headers.push(['Permissions-Policy', REFUSED.map((feature) => `${feature}=()`).join(', ')])
  helmet(optionsFor(config))({} as Request, recorder as unknown as Response, () => {})
  return (_req, res, next) => {
    for (const [name, value] of headers) res.setHeader(name, value)
    next()
  }
}

/** Only our own files, no inline script or style, no frames; HSTS only where the register is behind https. */
function optionsFor({ baseUrl }: Config): HelmetOptions {
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
