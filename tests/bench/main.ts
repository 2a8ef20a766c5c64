import { mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { cpus } from 'node:os'
import { join } from 'node:path'
import { measure } from './measure.ts'
import { readOptions } from './options.ts'
import { FOLDER } from './register.ts'
import { report } from './report.ts'
import { figuresOf, ratesOf } from './verdicts.ts'

const folder = join(FOLDER, `run-${process.pid}`)
const began = performance.now()

process.once('exit', () => rmSync(folder, { recursive: true, force: true }))
process.once('SIGINT', () => process.exit(130))
process.once('SIGTERM', () => process.exit(143))

try {
  const options = readOptions(process.argv.slice(2))
  mkdirSync(folder, { recursive: true })
  const measurement = await measure(options, folder, say)
  const rates = ratesOf(measurement)
  const figures = figuresOf(measurement)
  const about = {
    date: new Date().toISOString(),
    node: process.version,
    cpu: `${cpus().length} × ${cpus()[0]?.model}`,
    options,
  }
  writeFileSync(join(FOLDER, 'results.json'), `${JSON.stringify({ ...about, rates, figures }, null, 2)}\n`)
  const { runs, seconds } = options.plan
  console.log(
    `${options.agreements} agreements, ${options.changes} changes; Node ${about.node}; ${about.cpu}; median of ${runs} × ${seconds} s\n`,
  )
  console.log(report(rates, figures))
  say('Done')
} catch (error) {
  console.error(error)
  process.exitCode = 1
}
// What failed may have left a connection or a program behind, which would keep this one alive.
process.exit()

function say(line: string): void {
  console.error(`${((performance.now() - began) / 1000).toFixed(0).padStart(4)} s  ${line}`)
}
