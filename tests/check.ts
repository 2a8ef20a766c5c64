import { spawn, spawnSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

/**
 * Every check there is; `npm test` runs them all, `--fast` those that take seconds. Goes on after a failure, so that one run shows
 * everything, and ends with `N passed, N failed`.
 */
const isFast = process.argv.includes('--fast')
const folder = mkdtempSync(join(tmpdir(), 'clausula-check-'))
const report = join(folder, 'tests.json')
const pureTests = ['tests/csv.test.ts', 'tests/docs.test.ts', 'tests/names', 'tests/time', 'tests/pictures', '/pure/']

interface Step {
  name: string
  command: [program: string, ...args: string[]]
}

/** What the looks remember of files that are still the same. */
const cache = 'node_modules/.cache/clausula'

/** What looks at files only: all at once. */
const looks: Step[] = [
  {
    name: 'format',
    command: [
      'prettier',
      '--check',
      '--log-level',
      'warn',
      '--cache',
      '--cache-strategy',
      'content',
      '--cache-location',
      `${cache}/prettier`,
      '.',
    ],
  },
  { name: 'lint', command: ['oxlint', '--type-aware', '--deny-warnings'] },
  { name: 'types', command: ['tsc', '--incremental', '--tsBuildInfoFile', `${cache}/tsc`] },
  { name: 'dead code', command: ['knip', '--no-config-hints'] },
]
const tests: Step = {
  name: 'tests',
  command: [
    'vitest',
    'run',
    '--reporter=default',
    '--reporter=json',
    `--outputFile.json=${report}`,
    ...(isFast ? pureTests : []),
  ],
}

let passed = 0
let failed = 0
for (const { name, looked } of looks.map((step) => ({ name: step.name, looked: look(step) }))) {
  const { status, said } = await looked
  console.log(`\n— ${name}\n${said}`)
  if (status === 0) passed += 1
  else failed += 1
}
console.log(`\n— ${tests.name}`)
const [program, ...args] = tests.command
const { status } = spawnSync(program, args, { stdio: 'inherit' })
const counted = countTests()
passed += counted.passed
// A test run can fail without a failed test: a file that does not load, an error behind a test's back.
failed += counted.failed === 0 && status !== 0 ? 1 : counted.failed
rmSync(folder, { recursive: true })
console.log(`\n${passed} passed, ${failed} failed`)
process.exitCode = failed === 0 ? 0 : 1

/** Runs a step in the background: how it ended, and what it said. */
async function look({ command: [program, ...args] }: Step): Promise<{ status: number | null; said: string }> {
  const child = spawn(program, args, { stdio: ['ignore', 'pipe', 'pipe'] })
  let said = ''
  const take = (chunk: Buffer) => (said += chunk.toString())
  child.stdout.on('data', take)
  child.stderr.on('data', take)
  const status = await new Promise<number | null>((resolve) => {
    child.once('error', (error) => {
      said += error.message
      resolve(null)
    })
    child.once('close', resolve)
  })
  return { status, said }
}

function countTests(): { passed: number; failed: number } {
  try {
    const { numPassedTests, numFailedTests } = JSON.parse(readFileSync(report, 'utf8')) as Record<string, number>
    return { passed: numPassedTests ?? 0, failed: numFailedTests ?? 0 }
  } catch {
    return { passed: 0, failed: 0 }
  }
}
