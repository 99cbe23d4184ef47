import { defineConfig } from 'vitest/config'

/**
 * Tests that need a database end in `.db.test.ts` and run twice, on PGlite and on a real PostgreSQL.
 * These share what they import with other files: loading it takes longer than most of them take to run.
 * Tests in a real browser and those that start processes are `test/*.e2e.test.ts`.
 */
const databaseTests = 'packages/server/test/**/*.db.test.ts'

export default defineConfig({
  test: {
    testTimeout: 30_000,
    hookTimeout: 120_000,
    maxWorkers: 2,
    projects: [
      {
        extends: true,
        test: {
          name: 'pure',
          include: ['packages/*/test/**/*.test.{ts,tsx}', 'test/*.test.ts'],
          exclude: [databaseTests, '**/*.e2e.test.ts', '**/node_modules/**'],
        },
      },
      {
        extends: true,
        test: {
          name: 'pglite',
          include: [databaseTests],
          isolate: false,
          globalSetup: ['packages/server/test/support/pglite-template.ts'],
        },
      },
      {
        extends: true,
        test: {
          name: 'postgres',
          include: [databaseTests],
          isolate: false,
          globalSetup: ['packages/server/test/support/postgres-server.ts'],
        },
      },
      {
        extends: true,
        test: {
          name: 'e2e',
          include: ['test/**/*.e2e.test.ts'],
          globalSetup: ['test/support/built-console.ts', 'packages/server/test/support/pglite-template.ts'],
          testTimeout: 180_000,
          fileParallelism: false,
        },
      },
    ],
  },
})
