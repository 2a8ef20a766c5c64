import type { CookieOptions } from 'express'
import type { Config } from '../config.ts'

/** What holds for every cookie of the register: no script reads it, no other site sends it, and behind https it goes over nothing else. */
export function cookieOptions({ baseUrl }: Pick<Config, 'baseUrl'>): CookieOptions {
  return { httpOnly: true, sameSite: 'lax', path: '/', secure: baseUrl.startsWith('https:') }
}
