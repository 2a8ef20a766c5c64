import type { CompiledQuery, Kysely } from 'kysely'
import type { EngineName } from './engines/engine.ts'
import type { Schema, Trx } from './schema.ts'

/** A register's store, whichever engine keeps it. */
export interface Database {
  readonly engine: EngineName
  /** The file, or the server's address without its password. */
  readonly name: string
  /** For queries outside a transaction; refuses to write. */
  readonly read: Kysely<Schema>
  /**
   * Brings the tables up to what this program needs; answers with the names of the migrations that ran.
   * @throws StartError when the file was made by a newer program.
   */
  migrate(): Promise<string[]>
  /**
   * Runs `work` in one transaction that no other writer can interleave with; what it throws rolls everything back.
   * When the promise resolves, the write is on the disk.
   */
  transaction<T>(work: (trx: Trx) => Promise<T>): Promise<T>
  /** The number of the newest change; 0 when there is none. */
  revision(): Promise<number>
  /** What everything shown follows from: equal answers mean that no page of the same day and the same reader differs. */
  state(): Promise<string>
  /**
   * The rows of a query in chunks, from one snapshot, on a connection of its own, so that a long export
   * costs no memory and holds up no writer.
   */
  stream<Row>(query: CompiledQuery<Row>): AsyncIterable<Row[]>
  /** The register as it is now, for several queries that belong together; close it when they are done. */
  snapshot(): Promise<Snapshot>
  /**
   * Writes the register as it is into a file of the engine's own kind that is there and empty, without what belongs to the servers,
   * while others go on writing; only where the engine keeps a register in a file.
   */
  readonly backUp?: (file: string) => Promise<void>
  /**
   * Lets what `next` begins read from the replica, where there is one that answers and has got as far as the change of that number (with
   * 0, however far it has got); otherwise from where everything is written.
   */
  readAfter(change: number, next: () => void): Promise<void>
  /**
   * Lets the reading that `next` begins end when nobody waits for it any more: what runs on a server is stopped there, by
   * `Abandoned`. SQLite answers each statement at once, so that there is none to stop.
   */
  askUntil(left: AbortSignal, next: () => void): void
  /** True where others may be read from than where everything is written. */
  readonly hasReplica: boolean
  close(): Promise<void>
}

/** One state of the register, which later writes do not change, on a connection of its own. */
export interface Snapshot {
  readonly read: Kysely<Schema>
  /** The rows of a query in chunks; other queries of the snapshot may be asked meanwhile. */
  stream<Row>(query: CompiledQuery<Row>): AsyncIterable<Row[]>
  close(): Promise<void>
}
