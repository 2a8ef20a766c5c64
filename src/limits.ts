/** Before a proxy or a browser is told to come again, in seconds. */
export const RETRY_AFTER_SECONDS = 10

interface Limit {
  value: number
  /** What the value counts; `ms` are milliseconds. */
  unit: 'ms' | 'bytes' | 'KiB' | ''
  /** What is bounded. */
  of: string
  /** What becomes of whoever goes beyond it. */
  beyond: string
}

const limit = (value: number, unit: Limit['unit'], of: string, beyond: string): Limit => ({ value, unit, of, beyond })

/**
 * What one request, one address and one connection may take of a process, as docs/operations.md has it. Times run by the machine's
 * own clock. 0 milliseconds are no limit to a statement.
 */
export const LIMITS = {
  headersMs: limit(20_000, 'ms', 'until the headers of a request are there', '408, the connection is closed'),
  requestMs: limit(60_000, 'ms', 'until a request is there with its body', '408, the connection is closed'),
  keepAliveMs: limit(5_000, 'ms', 'a connection between two requests', 'the connection is closed'),
  silentMs: limit(
    60_000,
    'ms',
    'a connection on which nothing moves, unless an answer is being made',
    'the connection is closed',
  ),
  checkMs: limit(5_000, 'ms', 'between two looks at half-sent requests', 'they are ended so much later'),
  headerBytes: limit(16_384, 'bytes', 'address and headers of a request', '431'),
  connections: limit(2_000, '', 'connections at once', 'the connection is closed'),
  perAddress: limit(64, '', 'requests under way of one address', '429'),
  exports: limit(8, '', 'downloads at once', 'the next ones wait'),
  exportsWaiting: limit(16, '', 'downloads that wait', '503'),
  exportsWaitMs: limit(20_000, 'ms', 'until a waiting download begins', '503'),
  pieceMs: limit(30_000, 'ms', 'until 64 KiB of a download are taken', 'the connection is closed'),
  exportMs: limit(1_800_000, 'ms', 'a download from its first row to its last', 'the connection is closed'),
  exportCacheKib: limit(2_048, 'KiB', 'cache of the connection of a download (SQLite)', 'pages are read again'),
  readingMs: limit(5_000, 'ms', 'a statement that reads for a page (PostgreSQL)', 'it is stopped, 503'),
  exportReadingMs: limit(60_000, 'ms', 'a statement that reads for a download (PostgreSQL)', 'it is stopped, 503'),
  walBytes: limit(16_777_216, 'bytes', 'write-ahead log that stays while nobody reads it (SQLite)', 'it is cut'),
}

/** The value of each limit, by its name. */
export type Limits = Readonly<Record<keyof typeof LIMITS, number>>

/** The limits that count where nothing else is said. */
export const USUAL_LIMITS = Object.fromEntries(
  Object.entries(LIMITS).map(([name, { value }]) => [name, value]),
) as Limits

/** Those of a command: its work takes as long as it takes, and holds up nobody. */
export const UNHURRIED_LIMITS: Limits = { ...USUAL_LIMITS, readingMs: 0, exportReadingMs: 0, exportCacheKib: 16_384 }
