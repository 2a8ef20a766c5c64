import { rmSync } from 'node:fs'
import type { TestProject } from 'vitest/node'
import { newFolder } from './folder.ts'

/** Before the tests that keep their registers in SQLite files: a folder for those that others are copied from. */
export default function setup({ provide }: TestProject): () => void {
  const folder = newFolder('prepared')
  provide('engine', 'sqlite')
  provide('databases', folder)
  return () => rmSync(folder, { recursive: true, force: true })
}
