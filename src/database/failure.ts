import { StartError } from '../errors.ts'
import { isPostgresFailure, STOPPED, unreachable } from './engines/postgres/failure.ts'
import { isSqliteFailure, unusable } from './engines/sqlite/failure.ts'
import { locate } from './locate.ts'

/**
 * True for an error of the store itself (disk full, read-only, not reachable, busy for too long): nothing was changed by the
 * request.
 */
export function isStoreFailure(error: unknown): boolean {
  if (isUncertain(error)) return true
  const { code, message = '' } = (error ?? {}) as { code?: unknown; message?: string }
  return (typeof code === 'string' && isSqliteFailure(code)) || isPostgresFailure(code, message)
}

/** True for reading that was stopped since it took longer than its limit. */
export function isTooLong(error: unknown): boolean {
  return (error as { code?: unknown } | null)?.code === STOPPED
}

/** True where the store was lost while it recorded something: it may be recorded, or not. */
export function isUncertain(error: unknown): boolean {
  return (error as { name?: unknown } | null)?.name === 'UncertainCommit'
}

/** The one line for a store that fails where more than one is open. */
export function withoutName(error: unknown): unknown {
  return isStoreFailure(error) ? new StartError(`a database failed: ${(error as Error).message}`) : error
}

/** The one line for a store that fails before the program is under way; any other error is answered as it is. */
export function asStartError(url: string, error: unknown): unknown {
  if (!isStoreFailure(error)) return error
  const { engine, target } = locate(url)
  return engine === 'sqlite' ? unusable(target, error) : unreachable(target, error)
}
