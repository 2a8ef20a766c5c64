import type { EngineName } from './engines/engine.ts'

/** Which engine an address names, and what it opens: a file's path, or an address of a PostgreSQL server. */
export interface Location {
  engine: EngineName
  target: string
}

/** Reads the address of a register; `readConfig` has seen to it that it is one. */
export function locate(url: string): Location {
  return url.startsWith('sqlite:')
    ? { engine: 'sqlite', target: url.slice('sqlite:'.length) }
    : { engine: 'postgres', target: url }
}

/** Why a text is no address of a register; undefined where it is one. */
export function refuseAddress(url: string): string | undefined {
  if (/^sqlite:./.test(url)) return undefined
  if (!/^postgres(?:ql)?:\/\//.test(url))
    return 'must be sqlite:PATH, such as sqlite:data/clausula.db, or postgres://USER:PASSWORD@HOST:PORT/DATABASE'
  if (!URL.canParse(url)) return 'is not a whole address: write postgres://USER:PASSWORD@HOST:PORT/DATABASE'
  const { hostname, pathname, searchParams } = new URL(url)
  if (hostname === '' && !searchParams.has('host'))
    return 'names no server: write postgres://USER:PASSWORD@HOST:PORT/DATABASE'
  if (pathname.length < 2) return 'names no database: write postgres://USER:PASSWORD@HOST:PORT/DATABASE'
  return undefined
}

/** An address as it may be shown: without its password. */
export function withoutPassword(url: string): string {
  if (!URL.canParse(url)) return url
  const shown = new URL(url)
  if (shown.password !== '') shown.password = '***'
  if (shown.searchParams.has('password')) shown.searchParams.set('password', '***')
  return shown.href
}
