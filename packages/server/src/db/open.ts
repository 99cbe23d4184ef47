import { mkdirSync } from 'node:fs'
import path from 'node:path'
import { PGlite } from '@electric-sql/pglite'
import { Kysely, type LogEvent, PGliteDialect, PostgresDialect } from 'kysely'
import { Pool } from 'pg'
import { isDiskFull } from '../lib/disk-full.ts'
import type { Log } from '../lib/log.ts'
import type { Tables } from './schema.ts'

/** The query builder. Inside `transaction().execute(tx => …)` use only `tx`: PGlite has one connection. */
export type Database = Kysely<Tables>

export type OpenDatabase = {
  readonly db: Database
  readonly kind: 'pglite' | 'postgres'
  /** When a statement failed last because the disk is full, in epoch milliseconds; null: never. */
  diskFullAt(): number | null
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
  const watch = watchDisk()
  const db = new Kysely<Tables>({ dialect: new PGliteDialect({ pglite }), log: watch.log })
  return {
    db,
    kind: 'pglite',
    diskFullAt: watch.diskFullAt,
    async close() {
      await db.destroy()
      if (!pglite.closed) await pglite.close()
    },
  }
}

async function openPostgres(url: string, log: Log): Promise<OpenDatabase> {
  const pool = new Pool({ connectionString: url, max: 10, connectionTimeoutMillis: 10_000 })
  // A connection that breaks is replaced by the pool; without a listener it would end the process. The pool listens while
  // it is idle, the other one is for a connection that breaks between two statements of a transaction.
  pool.on('error', (error) => log.warn({ err: error }, 'a database connection was lost'))
  pool.on('connect', (client) => void client.on('error', () => {}))
  const watch = watchDisk()
  const db = new Kysely<Tables>({ dialect: new PostgresDialect({ pool }), log: watch.log })
  return { db, kind: 'postgres', diskFullAt: watch.diskFullAt, close: () => db.destroy() }
}

/** Notices when a statement fails because there is no room. */
function watchDisk() {
  let at: number | null = null
  return {
    log(event: LogEvent) {
      if (event.level === 'error' && isDiskFull(event.error)) at = Date.now()
    },
    diskFullAt: () => at,
  }
}
