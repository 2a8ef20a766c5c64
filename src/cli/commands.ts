import { backup } from './backup.ts'
import type { Command } from './command.ts'
import { clock } from './clock.ts'
import { copy } from './copy.ts'
import { exportList } from './export.ts'
import { generate } from './generate.ts'
import { migrate } from './migrate.ts'
import { restore } from './restore.ts'
import { seed } from './seed.ts'
import { users } from './users.ts'
import { verify } from './verify.ts'

/** Every command of `npm run clausula`, in the order of `--help`. */
export const commands: Record<string, Command> = {
  migrate,
  seed,
  users,
  export: exportList,
  verify,
  clock,
  backup,
  restore,
  copy,
  generate,
}
