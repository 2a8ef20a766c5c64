import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { readCatalogue, readDangling } from '../database/engines/catalogue.ts'
import type { EngineName } from '../database/engines/engine.ts'
import type { Reader } from '../database/schema.ts'
import { Fault } from './fault.ts'

/** The file that says what a register is made of on an engine, as the migrations make it. */
export function schemaFile(engine: EngineName): string {
  return join(import.meta.dirname, '../../db/schema', `${engine}.txt`)
}

/**
 * The database is made of what the migrations make, and of nothing else: a trigger that was taken out no longer refuses, one that was
 * put in can do anything, a view can stand in a table's place.
 * @throws Fault naming the first thing that is missing, was added or is not as it was made
 */
export async function checkSchema(db: Reader, engine: EngineName): Promise<void> {
  const expected = readFileSync(schemaFile(engine), 'utf8').trimEnd().split('\n')
  const found = await readCatalogue(db)
  const missing = expected.find((line) => !found.includes(line))
  const strange = found.find((line) => !expected.includes(line))
  if (missing !== undefined && strange !== undefined && nameOf(missing) === nameOf(strange))
    throw new Fault(`the schema was altered: ${nameOf(strange)} is not as the program makes it`)
  if (strange !== undefined) throw new Fault(`the schema was altered: ${nameOf(strange)} is none of the program’s`)
  if (missing !== undefined) throw new Fault(`the schema was altered: ${nameOf(missing)} is missing`)
}

/**
 * Every row that is referred to is there. What else is amiss with such a row says more: ask this last.
 * @throws Fault naming the tables
 */
export async function checkReferences(db: Reader): Promise<void> {
  const [dangling] = await readDangling(db)
  if (dangling) throw new Fault(`a row of ${dangling.table} refers to one of ${dangling.parent} that is not there`)
}

/** `trigger changes_stay` of a line of the catalogue. */
function nameOf(line: string): string {
  const [, name = line] = /^(\S+ [^\s:]+)/.exec(line) ?? []
  return name.slice(0, 120)
}
