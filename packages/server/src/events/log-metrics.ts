/** The activity log as Prometheus sees it. */
import type { Context } from '../context.ts'
import { addGauge } from '../lib/metrics.ts'
import { oldestWaiting } from './log-health.ts'

export function addLogMetrics(ctx: Context): void {
  const { db } = ctx
  addGauge(ctx, {
    name: 'keyhook_log_entries',
    help: 'Entries that the activity log has ever had: grows by one for each event that is logged',
    async read() {
      const { position } = await db.selectFrom('log_head').select('position').executeTakeFirstOrThrow()
      return [{ value: Number(position) }]
    },
  })
  addGauge(ctx, {
    name: 'keyhook_log_inbox_entries',
    help: 'Events that have no place in the activity log yet',
    async read() {
      const { count } = await db
        .selectFrom('event_inbox')
        .select((select) => select.fn.countAll<string>().as('count'))
        .executeTakeFirstOrThrow()
      return [{ value: Number(count) }]
    },
  })
  addGauge(ctx, {
    name: 'keyhook_log_lag_seconds',
    help: 'How long the oldest event has been waiting for its place in the activity log; 0: none waits',
    async read() {
      const oldest = await oldestWaiting(ctx)
      const ms = oldest === null ? 0 : Math.max(0, ctx.clock() - oldest.getTime())
      return [{ value: ms / 1_000 }]
    },
  })
}
