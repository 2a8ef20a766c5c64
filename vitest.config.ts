import { defineConfig } from 'vitest/config'

/**
 * Tests of functions that know no database, of files that only SQLite has, and of what a browser makes of pages: `tests/engines` shows
 * that both engines answer in the same bytes.
 */
const onSqliteOnly = [
  'tests/browser/**',
  'tests/time/**',
  'tests/names/**',
  'tests/accounts/access.test.ts',
  'tests/web/moment-links.test.ts',
  'tests/csv.test.ts',
  'tests/server/supervise.test.ts',
  'tests/docs.test.ts',
  'tests/pictures/**',
  'tests/*/pure/**',
  'tests/standing/upgrade.test.ts',
  'tests/start.test.ts',
  'tests/web/fonts.test.ts',
]

export default defineConfig({
  test: {
    setupFiles: ['tests/support/setup.ts'],
    testTimeout: 30_000,
    maxWorkers: 3,
    isolate: false,
    hookTimeout: 60_000,
    projects: [
      {
        extends: true,
        test: {
          name: 'sqlite',
          include: ['tests/**/*.test.ts'],
          exclude: ['tests/**/*.postgres.test.ts'],
          globalSetup: ['tests/support/on-sqlite.ts'],
        },
      },
      {
        extends: true,
        test: {
          name: 'postgres',
          include: ['tests/**/*.test.ts'],
          exclude: onSqliteOnly,
          globalSetup: ['tests/support/on-postgres.ts'],
        },
      },
    ],
  },
})
