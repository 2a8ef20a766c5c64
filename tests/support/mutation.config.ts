import { defineConfig } from 'vitest/config'

/** The pure tests alone: what `npm run mutation` runs for every mutant. */
export default defineConfig({
  test: {
    include: ['tests/csv.test.ts', 'tests/time/*.test.ts', 'tests/{standing,history,positions,list}/pure/*.test.ts'],
    setupFiles: ['tests/support/setup.ts'],
  },
})
