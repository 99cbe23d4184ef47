/** The months of the log. */
import { sql, type Transaction } from 'kysely'
import type { Tables } from '../db/schema.ts'

/** The partition of a month in UTC, for example `events_2026_11`. */
export function partitionOf(at: Date): { name: string; from: string; to: string } {
  const month = (offset: number) =>
    new Date(Date.UTC(at.getUTCFullYear(), at.getUTCMonth() + offset, 1)).toISOString()
  const from = month(0)
  return { name: `events_${from.slice(0, 4)}_${from.slice(5, 7)}`, from, to: month(1) }
}

/** Makes the partition for entries of this time, if it is not there. */
export async function ensurePartition(tx: Transaction<Tables>, at: Date): Promise<void> {
  const { name, from, to } = partitionOf(at)
  await sql`create table if not exists ${sql.table(name)} partition of events
    for values from (${sql.lit(from)}) to (${sql.lit(to)})`.execute(tx)
}
