/**
 * Months that are older than the retention leave the log, whole: the oldest first, once it is verified and archived. A
 * checkpoint at the cut says where the log begins from then on. Every process does it; the lock of the log keeps it to once.
 */
import { sql } from 'kysely'
import type { Context } from '../context.ts'
import { createTicker, type Ticker } from '../lib/ticker.ts'
import { findHold } from './legal-hold.ts'
import type { EventLog } from './log.ts'
import { partitionOf } from './log-partitions.ts'
import { closeMonth, MonthProblem } from './month-close.ts'
import { dropMonth } from './month-drop.ts'
import { dueAt, type Month, monthsOf } from './retention-plan.ts'

const everyMs = 1_000
/** After a failure it is tried again so much later. */
const againMs = 60_000

export type RetentionParts = {
  /** The first position that somebody has not got yet; null: everybody has all. */
  readonly neededFrom: () => Promise<number | null>
}

export type Retention = Ticker & {
  /** What keeps the oldest month in the log although it is due. */
  waitsFor(month: Month): Promise<'hold' | 'stream' | 'problem' | null>
  /** Why the last attempt failed; null when it did not. */
  problem(): string | null
}

export function createRetention(ctx: Context, log: EventLog, { neededFrom }: RetentionParts): Retention {
  const { shutdown } = ctx
  const { days } = ctx.config.logRetention
  let problem: { text: string; at: number } | null = null

  async function waitsFor(month: Month) {
    if (await findHold(ctx.db)) return 'hold' as const
    const needed = await neededFrom()
    const last = await lastPositionOf(ctx, month)
    if (needed !== null && last !== null && needed <= last) return 'stream' as const
    return problem === null ? null : ('problem' as const)
  }

  async function dropNext(days: number): Promise<boolean> {
    const month = monthsOf(await partitionNames(ctx))[0]
    if (!month || dueAt(month, days) > ctx.clock()) return false
    const waits = await waitsFor(month)
    if (waits === 'hold' || waits === 'stream') return false
    const closed = await closeMonth(ctx, log.keys, month)
    return closed !== null && dropMonth(ctx, log, month, closed)
  }

  async function run(): Promise<void> {
    if (days === null || (problem !== null && Date.now() - problem.at < againMs)) return
    try {
      while ((await dropNext(days)) && !shutdown.aborted) problem = null
      problem = null
    } catch (error) {
      const text =
        error instanceof MonthProblem
          ? error.message
          : 'A month could not be archived or dropped; see the log of the server.'
      problem = { text, at: Date.now() }
      throw error
    }
  }

  const failed = 'a month of the activity log could not be dropped; it will be tried again'
  const ticker = createTicker({ log: ctx.log, shutdown, everyMs, failed, atStart: true }, run)
  return { ...ticker, waitsFor, problem: () => problem?.text ?? null }
}

/** Partitions of the log by their names. */
export async function partitionNames({ db }: Pick<Context, 'db'>): Promise<string[]> {
  const { rows } = await sql<{ name: string }>`
    select c.relname as name from pg_inherits i join pg_class c on c.oid = i.inhrelid
    where i.inhparent = 'events'::regclass`.execute(db)
  return rows.map(({ name }) => name)
}

/** null: the month has no entry, or left the log just now. */
async function lastPositionOf({ db }: Pick<Context, 'db'>, { end }: Month): Promise<number | null> {
  const { from } = partitionOf(new Date(end - 1))
  // Not from the table of the month: another process may be dropping it.
  const { last } = await db
    .selectFrom('events')
    .select((select) => select.fn.max('position').as('last'))
    .where('logged_at', '>=', new Date(from))
    .where('logged_at', '<', new Date(end))
    .executeTakeFirstOrThrow()
  return last === null ? null : Number(last)
}
