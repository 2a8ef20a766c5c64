import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { TestProject } from 'vitest/node'

/** Before the tests that keep their registers in SQLite files: a folder for those that others are copied from. */
export default function setup({ provide }: TestProject): () => void {
  const folder = mkdtempSync(join(tmpdir(), 'clausula-prepared-'))
  provide('engine', 'sqlite')
  provide('databases', folder)
  return () => rmSync(folder, { recursive: true, force: true })
}
