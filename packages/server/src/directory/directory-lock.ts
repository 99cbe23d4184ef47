import { sql, type Transaction } from 'kysely'
import type { Tables } from '../db/schema.ts'

/**
 * Changes of the directory take turns: that managers form no circle, that an administrator is left and that names are
 * there once is about several rows. To be called before any row is read that the change depends on; ends with `tx`.
 */
export async function lockDirectory(tx: Transaction<Tables>): Promise<void> {
  await sql`select pg_advisory_xact_lock(4926472)`.execute(tx)
}
