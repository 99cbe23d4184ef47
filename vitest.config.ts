import { defineConfig } from 'vitest/config'

/**
 * Tests that need a database end in `.db.test.ts` and run twice, on a real PostgreSQL and, with `npm run test:slow`, on PGlite.
 * These share what they import with other files: loading it takes longer than most of them take to run.
 * Tests in a real browser and those that start processes are `test/*.e2e.test.ts`; those of them that take minutes, because
 * time has to pass or processes have to die, are `test/*.slow.test.ts` and not part of `npm test`.
 */
const databaseTests = 'packages/server/test/**/*.db.test.ts'
/** Those that take half a minute run on PostgreSQL with the slow ones too. */
const longDatabaseTests = 'packages/server/test/**/*.long.db.test.ts'

/** On a real PostgreSQL. */
function onPostgres(name: string, include: string, exclude: string[] = []) {
  return {
    extends: true as const,
    test: {
      name,
      include: [include],
      exclude,
      isolate: false,
      globalSetup: ['packages/server/test/support/postgres-server.ts'],
    },
  }
}

/** Tests of whole processes; the slow ones one at a time, as each of them keeps the machine busy. */
function processes(name: 'e2e' | 'slow') {
  return {
    extends: true as const,
    test: {
      name,
      include: [`test/**/*.${name}.test.ts`],
      globalSetup: ['test/support/built-console.ts', 'packages/server/test/support/pglite-template.ts'],
      testTimeout: 180_000,
      fileParallelism: name === 'e2e',
    },
  }
}

export default defineConfig({
  test: {
    testTimeout: 30_000,
    hookTimeout: 120_000,
    // A machine that is shared takes its time; what is wrong stays wrong for longer.
    expect: { poll: { timeout: 20_000 } },
    maxWorkers: 2,
    projects: [
      {
        extends: true,
        test: {
          name: 'pure',
          include: ['packages/*/test/**/*.test.{ts,tsx}', 'test/*.test.ts'],
          exclude: [databaseTests, '**/*.{e2e,slow}.test.ts', '**/node_modules/**'],
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
      onPostgres('postgres', databaseTests, [longDatabaseTests]),
      onPostgres('postgres-long', longDatabaseTests),
      processes('e2e'),
      processes('slow'),
    ],
  },
})
