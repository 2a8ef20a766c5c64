import { channel } from 'node:diagnostics_channel'

/** A statement that the store was asked. */
export interface Statement {
  sql: string
  parameters: readonly unknown[]
}

const asked = channel('clausula:statement')

/** Tells whoever listens to the channel `clausula:statement` what the store is asked; costs nothing where nobody does. */
export function tellStatement({ sql, parameters }: Statement): void {
  if (asked.hasSubscribers) asked.publish({ sql, parameters } satisfies Statement)
}
