import { mkdirSync } from 'node:fs'
import path from 'node:path'
import { PGlite } from '@electric-sql/pglite'
import { Kysely, PGliteDialect, PostgresDialect } from 'kysely'
import { Pool } from 'pg'
import type { Log } from '../lib/log.ts'
import type { Tables } from './schema.ts'

/** The query builder. Inside `transaction().execute(tx => …)` use only `tx`: PGlite has one connection. */
export type Database = Kysely<Tables>

export type OpenDatabase = {
  readonly db: Database
  readonly kind: 'pglite' | 'postgres'
  close(): Promise<void>
}

/** Opens PostgreSQL at `url`, or PGlite in `<dataDir>/pglite` (in memory when `dataDir` is null). */
export async function openDatabase(
  from: { url: string | null; dataDir: string | null },
  log: Log,
): Promise<OpenDatabase> {
  return from.url === null ? openPGlite(from.dataDir) : openPostgres(from.url, log)
}

async function openPGlite(dataDir: string | null): Promise<OpenDatabase> {
  const folder = dataDir === null ? undefined : path.join(dataDir, 'pglite')
  if (folder) mkdirSync(folder, { recursive: true, mode: 0o700 })
  const pglite = folder ? new PGlite(folder) : new PGlite()
  await pglite.waitReady
  const db = new Kysely<Tables>({ dialect: new PGliteDialect({ pglite }) })
  return {
    db,
    kind: 'pglite',
    async close() {
      await db.destroy()
      if (!pglite.closed) await pglite.close()
    },
  }
}

async function openPostgres(url: string, log: Log): Promise<OpenDatabase> {
  const pool = new Pool({ connectionString: url, max: 10, connectionTimeoutMillis: 10_000 })
  // An idle connection that breaks is replaced by the pool; without a listener it would end the process.
  pool.on('error', (error) => log.warn({ err: error }, 'a database connection was lost'))
  const db = new Kysely<Tables>({ dialect: new PostgresDialect({ pool }) })
  return { db, kind: 'postgres', close: () => db.destroy() }
}
