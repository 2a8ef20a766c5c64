import { defineConfig } from 'vitest/config'

/** The pure tests alone: what `npm run mutation` runs for every mutant. */
export default defineConfig({
  test: {
    include: ['tests/{dates,csv}/*.test.ts', 'tests/{agreements,history,claims,standing}/pure/*.test.ts'],
    setupFiles: ['tests/support/setup.ts'],
  },
})
