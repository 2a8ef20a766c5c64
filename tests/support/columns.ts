import { globSync, readFileSync } from 'node:fs'
import { join } from 'node:path'

const source = join(import.meta.dirname, '..', '..', 'src', 'database')
const schema = readFileSync(join(source, 'schema.ts'), 'utf8')
const types = globSync('tables/*.ts', { cwd: source })
  .map((file) => readFileSync(join(source, file), 'utf8'))
  .join('\n')

/** The columns that an interface declares, those of the one that it extends among them. */
function declared(name: string): string[] {
  const [, parent, body = ''] =
    new RegExp(`interface ${name}(?: extends (\\w+))? \\{\\n(.*?)^\\}`, 'ms').exec(types) ?? []
  const own = [...body.matchAll(/^ {2}(\w+)\??:/gm)].map(([, column = '']) => column)
  return parent === undefined ? own : [...declared(parent), ...own]
}

/** The columns that the program knows of a table. */
export function columnsOf(table: string): string[] {
  return declared(new RegExp(`^ {2}${table}: (\\w+)$`, 'm').exec(schema)?.[1] ?? '')
}
