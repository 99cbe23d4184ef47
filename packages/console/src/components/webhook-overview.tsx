import type { WebhookRead } from '@keyhook/contract/api/webhook.ts'
import type { WebhookStats } from '@keyhook/contract/api/webhook-stats.ts'
import { failureLabels } from '@keyhook/contract/failure.ts'
import type { StatsWindow } from '@keyhook/contract/stats-window.ts'
import { Anchor, SegmentedControl } from '@mantine/core'
import { lazy, Suspense } from 'react'
import { api } from '../api.ts'
import { pb } from '../path-builder.ts'
import { useRead } from '../query.ts'
import { Card } from '../ui/card.tsx'
import { TextLink } from '../ui/links.tsx'
import { Numbers } from '../ui/numbers.tsx'
import { milliseconds, Time } from '../ui/time.tsx'
import { CircuitNotice } from './circuit-notice.tsx'
import classes from './webhook-overview.module.css'

// The chart library is large; it comes only where there is something to draw.
const StatsCharts = lazy(() =>
  import('./stats-charts.tsx').then((module) => ({ default: module.StatsCharts })),
)

const refreshMs = 10_000
const windows: { value: StatsWindow; label: string }[] = [
  { value: 'hour', label: 'Hour' },
  { value: 'day', label: 'Day' },
  { value: 'week', label: 'Week' },
]

type Props = { webhook: WebhookRead; window: StatsWindow; setWindow: (window: StatsWindow) => void }

/** How the webhook has been doing: circuit breaker, success rate, latencies, failures by reason. */
export function WebhookOverview({ webhook, window, setWindow }: Props) {
  const stats = useRead(api.webhookStats(webhook.id, window), refreshMs)
  return (
    <div className={classes.stack}>
      <CircuitNotice webhook={webhook} />
      <Card
        title="Real deliveries"
        aside={
          <SegmentedControl
            size="xs"
            aria-label="How far back"
            data={windows}
            value={window}
            onChange={(value) => setWindow(value as StatsWindow)}
          />
        }
      >
        {stats.total === 0 ? (
          <p className={classes.empty}>
            {webhook.type === 'siem'
              ? 'No delivery in this time. Tests are not counted.'
              : 'No delivery in this time. Tests are not counted; invoke the webhook, and it shows here.'}
          </p>
        ) : (
          <>
            <Totals stats={stats} />
            <Suspense fallback={<p className={classes.empty}>Drawing…</p>}>
              <StatsCharts stats={stats} />
            </Suspense>
          </>
        )}
      </Card>
      {stats.failures.length > 0 && <Failures webhookId={webhook.id} stats={stats} />}
    </div>
  )
}

function Totals({ stats }: { stats: WebhookStats }) {
  const { total, succeeded, failed, skipped, p50_ms, p95_ms } = stats
  const ended = succeeded + failed
  const items = [
    ['Success rate', ended === 0 ? '–' : `${Math.round((succeeded / ended) * 1_000) / 10} %`],
    [stats.complete ? 'Deliveries' : 'Deliveries, the newest', total.toLocaleString()],
    ['Failed', failed.toLocaleString()],
    ['Skipped', skipped.toLocaleString()],
    ['Median time', p50_ms === null ? '–' : milliseconds(p50_ms)],
    ['95 % within', p95_ms === null ? '–' : milliseconds(p95_ms)],
  ] as const
  return (
    <div className={classes.totals}>
      <Numbers items={items} />
    </div>
  )
}

function Failures({ webhookId, stats }: { webhookId: string; stats: WebhookStats }) {
  return (
    <Card title="Failures by reason">
      <ul className={classes.failures}>
        {stats.failures.map(({ failure_reason, count, last_delivery_id, last_at }) => (
          <li key={failure_reason}>
            <span className={classes.count}>{count}</span>
            <TextLink to={pb.deliveries()} search={{ webhook_id: webhookId, failure_reason }}>
              {failureLabels[failure_reason]}
            </TextLink>
            <span className={classes.quiet}>
              last <TextLink to={pb.delivery(last_delivery_id)}>{<Time value={last_at} />}</TextLink>,{' '}
              <Anchor href={`/docs/protocol#${failure_reason}`} inherit>
                what it means
              </Anchor>
            </span>
          </li>
        ))}
      </ul>
    </Card>
  )
}
