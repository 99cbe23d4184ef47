import type { LogRetentionRead } from '@keyhook/contract/api/log-retention.ts'
import { sql } from 'kysely'
import type { Context } from '../context.ts'
import { findHold } from './legal-hold.ts'
import { partitionNames, type Retention } from './retention.ts'
import { dueAt, monthsOf } from './retention-plan.ts'

/** Where the retention stands. */
export async function readRetention(ctx: Context, retention: Retention): Promise<LogRetentionRead> {
  const { days, archiveDir } = ctx.config.logRetention
  const head = await ctx.db
    .selectFrom('log_head')
    .select(['position', 'first_position'])
    .executeTakeFirstOrThrow()
  const first = await ctx.db
    .selectFrom('events')
    .select(['position', 'logged_at'])
    .orderBy('position')
    .limit(1)
    .executeTakeFirst()
  return {
    days,
    archived: archiveDir !== null,
    first: first ? { position: Number(first.position), logged_at: first.logged_at.toISOString() } : null,
    entries: Number(head.position) - Number(head.first_position) + 1,
    bytes: await bytesOf(ctx),
    hold: await findHold(ctx.db),
    next: days === null ? null : await nextMonth(ctx, retention, days),
    problem: retention.problem(),
  }
}

async function nextMonth(
  ctx: Context,
  retention: Retention,
  days: number,
): Promise<LogRetentionRead['next']> {
  const [month] = monthsOf(await partitionNames(ctx))
  if (!month) return null
  return {
    month: month.month,
    at: new Date(dueAt(month, days)).toISOString(),
    waits_for: await retention.waitsFor(month),
  }
}

async function bytesOf({ db }: Context): Promise<number> {
  const { rows } = await sql<{ bytes: string | null }>`
    select sum(pg_total_relation_size(inhrelid)) as bytes from pg_inherits
    where inhparent = 'events'::regclass`.execute(db)
  return Number(rows[0]?.bytes ?? 0)
}
