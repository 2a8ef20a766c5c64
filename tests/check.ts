import { spawnSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

/**
 * Every check there is, in order; `npm test` runs them all, `--fast` those that take seconds. Goes on after a failure, so
 * that one run shows everything, and ends with `N passed, N failed`.
 */
const isFast = process.argv.includes('--fast')
const folder = mkdtempSync(join(tmpdir(), 'clausula-check-'))
const report = join(folder, 'tests.json')
const pureTests = [
  'tests/csv.test.ts',
  'tests/docs.test.ts',
  'tests/names',
  'tests/time',
  'tests/pictures',
  'tests/standing/pure',
  'tests/history/pure',
  'tests/positions/pure',
  'tests/list/pure',
  'tests/compare/pure',
]

const steps: { name: string; command: string[] }[] = [
  { name: 'format', command: ['prettier', '--check', '--log-level', 'warn', '.'] },
  { name: 'lint', command: ['oxlint', '--type-aware', '--deny-warnings'] },
  { name: 'types', command: ['tsc'] },
  { name: 'dead code', command: ['knip', '--no-config-hints'] },
  {
    name: 'tests',
    command: [
      'vitest',
      'run',
      '--reporter=default',
      '--reporter=json',
      `--outputFile.json=${report}`,
      ...(isFast ? pureTests : []),
    ],
  },
]

let passed = 0
let failed = 0
for (const { name, command } of steps) {
  console.log(`\n— ${name}`)
  const [program = '', ...args] = command
  const { status } = spawnSync(program, args, { stdio: 'inherit' })
  const tests = name === 'tests' ? countTests() : null
  passed += tests?.passed ?? (status === 0 ? 1 : 0)
  failed += tests?.failed ?? (status === 0 ? 0 : 1)
  // A test run can fail without a failed test: a file that does not load, an error behind a test's back.
  if (tests?.failed === 0 && status !== 0) failed += 1
}
rmSync(folder, { recursive: true })
console.log(`\n${passed} passed, ${failed} failed`)
process.exitCode = failed === 0 ? 0 : 1

function countTests(): { passed: number; failed: number } | null {
  try {
    const { numPassedTests, numFailedTests } = JSON.parse(readFileSync(report, 'utf8')) as Record<string, number>
    return { passed: numPassedTests ?? 0, failed: numFailedTests ?? 0 }
  } catch {
    return null
  }
}
