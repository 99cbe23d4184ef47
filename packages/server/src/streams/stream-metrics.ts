/** The live streams as Prometheus sees them. Read from the database: the same from each process. */
import { sql } from 'kysely'
import type { Context } from '../context.ts'
import { addGauge } from '../lib/metrics.ts'

type Standing = {
  webhook_id: string
  lag_events: string
  oldest_unsent: Date | null
  last_success_at: Date | null
  rate: number
  set_aside: string
}

const gauges: { name: string; help: string; value: (row: Standing, now: number) => number | null }[] = [
  {
    name: 'keyhook_stream_lag_events',
    help: 'Entries of the activity log that a SIEM stream has not dealt with',
    value: ({ lag_events }) => Number(lag_events),
  },
  {
    name: 'keyhook_stream_lag_seconds',
    help: 'Age of the oldest entry that a SIEM stream has not dealt with; 0: none waits',
    value: ({ oldest_unsent }, now) =>
      oldest_unsent === null ? 0 : Math.max(0, now - oldest_unsent.getTime()) / 1_000,
  },
  {
    name: 'keyhook_stream_last_success_timestamp_seconds',
    help: 'When the receiver of a SIEM stream last took events; absent: never',
    value: ({ last_success_at }) => (last_success_at === null ? null : last_success_at.getTime() / 1_000),
  },
  {
    name: 'keyhook_stream_rate_events_per_second',
    help: 'Events that a SIEM stream gets through in a second while it sends',
    value: ({ rate }) => rate,
  },
  {
    name: 'keyhook_stream_set_aside_events',
    help: 'Deliveries of a SIEM stream that its receiver always refused and that were not sent again since',
    value: ({ set_aside }) => Number(set_aside),
  },
]

export function addStreamMetrics(ctx: Context): void {
  for (const { name, help, value } of gauges)
    addGauge(ctx, {
      name,
      help,
      labels: ['webhook_id'],
      async read() {
        const now = ctx.clock()
        return (await standings(ctx)).flatMap((row) => {
          const said = value(row, now)
          return said === null ? [] : [{ value: said, labels: { webhook_id: row.webhook_id } }]
        })
      },
    })
}

async function standings({ db }: Context): Promise<Standing[]> {
  const { rows } = await sql<Standing>`
    select s.webhook_id, greatest(0, (select position from log_head) - s.position) as lag_events, s.last_success_at, s.rate,
      (select logged_at from events e where e.position > s.position order by e.position limit 1) as oldest_unsent,
      (select count(*) from deliveries d
        where d.webhook_id = s.webhook_id and d.status = 'failed' and d.entries is not null and not d.test) as set_aside
    from siem_streams s join webhooks w on w.id = s.webhook_id
    where s.kind = 'live' and w.archived_at is null`.execute(db)
  return rows
}
