/** Starts a real PostgreSQL for the run; each test service gets a database of its own, copied from a migrated one. */
import { pino } from 'pino'
import type { TestProject } from 'vitest/node'
import { migrate } from '../../src/db/migrate.ts'
import { openDatabase } from '../../src/db/open.ts'
import { systemClock } from '../../src/lib/clock.ts'
import { startPostgres } from './embedded-postgres.ts'
import { freePort } from './free-port.ts'
import './pglite-template.ts'

const template = 'keyhook_template'

export async function setup(project: TestProject): Promise<() => Promise<void>> {
  const server = await startPostgres(await freePort())
  const url = await server.database(template)
  const database = await openDatabase({ url, dataDir: null }, pino({ level: 'silent' }))
  await migrate(database.db, systemClock)
  await database.close()
  project.provide('testDatabase', { kind: 'postgres', url: server.url, template })
  return server.stop
}
