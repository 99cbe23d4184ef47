/** Writes that do not depend on one another as one statement, so that they cost one round trip. */
import { type Kysely, type OperationNodeSource, type RawBuilder, sql } from 'kysely'
import type { Tables } from './schema.ts'

/** An insert, update or delete that is not executed; null: there is nothing to write. */
export type Write = OperationNodeSource | null

/**
 * Executes `writes` and `last`, and returns the rows that `last` returns. No two of them may touch the same row, for none
 * sees what the others write; references between tables are checked when all are done.
 */
export async function writeTogether<Row>(
  db: Kysely<Tables>,
  writes: readonly Write[],
  last: RawBuilder<Row> | null,
): Promise<Row[]> {
  const first = writes.filter((write) => write !== null)
  if (first.length === 0 && last === null) return []
  const named = first.map((write, index) => sql`${sql.id(`write_${index}`)} as (${write})`)
  const before = named.length === 0 ? sql`` : sql`with ${sql.join(named)}`
  const { rows } = await sql<Row>`${before} ${last ?? sql`select where false`}`.execute(db)
  return rows
}
