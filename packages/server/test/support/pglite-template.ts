/** Prepares one migrated PGlite folder per run; each test service starts from a copy, which saves initdb each time. */
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { pino } from 'pino'
import type { TestProject } from 'vitest/node'
import { migrate } from '../../src/db/migrate.ts'
import { openDatabase } from '../../src/db/open.ts'
import { systemClock } from '../../src/lib/clock.ts'

declare module 'vitest' {
  interface ProvidedContext {
    /** `pglite`: a folder to copy. `postgres`: the address of a server, and of a database to copy. */
    testDatabase: { kind: 'pglite'; template: string } | { kind: 'postgres'; url: string; template: string }
  }
}

export async function setup(project: TestProject): Promise<() => Promise<void>> {
  const folder = await mkdtemp(path.join(tmpdir(), 'keyhook-template-'))
  const database = await openDatabase({ url: null, dataDir: folder }, pino({ level: 'silent' }))
  await migrate(database.db, systemClock)
  await database.close()
  project.provide('testDatabase', { kind: 'pglite', template: folder })
  return () => rm(folder, { recursive: true, force: true })
}
