import { sql } from 'kysely'
import type { Clock } from '../lib/clock.ts'
import { migrations } from './migrations/index.ts'
import type { Database } from './open.ts'

/** The database has steps that this version does not know. */
export class NewerDatabaseError extends Error {
  override name = 'NewerDatabaseError'
}

/**
 * Brings the schema up to date. Safe when several processes start at once: they take turns.
 * Throws `NewerDatabaseError` when the data was written by a newer Keyhook.
 */
export async function migrate(db: Database, clock: Clock): Promise<void> {
  await db.transaction().execute(async (tx) => {
    await sql`select pg_advisory_xact_lock(4926471)`.execute(tx)
    await sql`create table if not exists migrations (name text primary key, applied_at timestamptz not null)`.execute(
      tx,
    )
    const rows = await sql<{ name: string }>`select name from migrations`.execute(tx)
    const applied = new Set(rows.rows.map((row) => row.name))
    const unknown = [...applied].filter((name) => !migrations.some((migration) => migration.name === name))
    if (unknown[0]) throw new NewerDatabaseError(unknown[0])
    for (const migration of migrations) {
      if (applied.has(migration.name)) continue
      for (const statement of migration.statements) await sql.raw(statement).execute(tx)
      await sql`insert into migrations values (${migration.name}, ${new Date(clock())})`.execute(tx)
    }
  })
}
