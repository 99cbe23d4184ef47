import type { WebhookStats } from '@keyhook/contract/api/webhook-stats.ts'
import type { FailureReason } from '@keyhook/contract/outcome.ts'
import { maxCountedDeliveries, type StatsWindow, statsWindows } from '@keyhook/contract/stats-window.ts'
import { sql } from 'kysely'
import type { Context } from '../context.ts'
import { firstIdAt, timeOfId } from '../lib/ids.ts'

type Group = {
  /** Index of the point; null: all of them. */
  point: number | null
  total: string
  succeeded: string
  failed: string
  skipped: string
  p50: number | null
  p95: number | null
}

/** Counts and latencies of a webhook's real deliveries, in one pass over its part of the index. */
export async function webhookStatsOf(
  ctx: Context,
  webhookId: string,
  window: StatsWindow,
): Promise<WebhookStats> {
  const { lengthMs, pointMs } = statsWindows[window]
  const points = lengthMs / pointMs
  // Points begin at round times, so that they do not move from one look to the next.
  const to = (Math.floor(ctx.clock() / pointMs) + 1) * pointMs
  const from = to - lengthMs
  const counted = sql`select id, status, failure_reason, duration_ms from deliveries
    where webhook_id = ${webhookId} and id >= ${firstIdAt('dlv', from)} and not test
    order by id desc limit ${maxCountedDeliveries}`
  // Ids begin with their time in hex.
  const point = sql`((('x' || substr(id, 5, 12))::bit(48)::bigint - ${from}::bigint) / ${pointMs}::bigint)::integer`
  const [groups, failures] = await Promise.all([
    sql<Group>`with counted as (${counted}), placed as (select *, ${point} as point from counted)
      select point, count(*) as total,
        count(*) filter (where status = 'succeeded') as succeeded,
        count(*) filter (where status = 'failed') as failed,
        count(*) filter (where status = 'skipped') as skipped,
        percentile_cont(0.5) within group (order by duration_ms) as p50,
        percentile_cont(0.95) within group (order by duration_ms) as p95
      from placed group by grouping sets ((), (point))`.execute(ctx.db),
    sql<{ failure_reason: FailureReason; count: string; last: string }>`with counted as (${counted})
      select failure_reason, count(*) as count, max(id) as last from counted
      where failure_reason is not null group by failure_reason order by count(*) desc`.execute(ctx.db),
  ])
  const byPoint = new Map(groups.rows.map((group) => [group.point, group]))
  const all = byPoint.get(null)
  const total = Number(all?.total ?? 0)
  return {
    window,
    from: new Date(from).toISOString(),
    to: new Date(to).toISOString(),
    complete: total < maxCountedDeliveries,
    total,
    succeeded: Number(all?.succeeded ?? 0),
    failed: Number(all?.failed ?? 0),
    skipped: Number(all?.skipped ?? 0),
    p50_ms: all?.p50 ?? null,
    p95_ms: all?.p95 ?? null,
    points: Array.from({ length: points }, (_, index) => {
      const group = byPoint.get(index)
      return {
        at: new Date(from + index * pointMs).toISOString(),
        succeeded: Number(group?.succeeded ?? 0),
        failed: Number(group?.failed ?? 0),
        p50_ms: group?.p50 ?? null,
        p95_ms: group?.p95 ?? null,
      }
    }),
    failures: failures.rows.map((row) => ({
      failure_reason: row.failure_reason,
      count: Number(row.count),
      last_delivery_id: row.last,
      last_at: timeOfId(row.last).toISOString(),
    })),
  }
}
