import '@mantine/charts/styles.css'
import type { WebhookStats } from '@keyhook/contract/api/webhook-stats.ts'
import type { StatsWindow } from '@keyhook/contract/stats-window.ts'
import { BarChart, LineChart } from '@mantine/charts'
import classes from './webhook-overview.module.css'

const height = 200
/** Hours and minutes for a day, the day for a week. */
const label: Record<StatsWindow, Intl.DateTimeFormat> = {
  hour: new Intl.DateTimeFormat(undefined, { hour: '2-digit', minute: '2-digit' }),
  day: new Intl.DateTimeFormat(undefined, { hour: '2-digit', minute: '2-digit' }),
  week: new Intl.DateTimeFormat(undefined, { weekday: 'short', hour: '2-digit' }),
}

/** Volume and latency over time. */
export function StatsCharts({ stats }: { stats: WebhookStats }) {
  const format = label[stats.window]
  const data = stats.points.map((point) => ({
    at: format.format(new Date(point.at)),
    Succeeded: point.succeeded,
    Failed: point.failed,
    Median: point.p50_ms === null ? null : Math.round(point.p50_ms),
    '95 %': point.p95_ms === null ? null : Math.round(point.p95_ms),
  }))
  return (
    <div className={classes.charts}>
      <section aria-label="Deliveries over time">
        <h3>Deliveries</h3>
        <BarChart
          h={height}
          data={data}
          dataKey="at"
          type="stacked"
          withLegend
          barProps={{ isAnimationActive: false }}
          series={[
            { name: 'Succeeded', color: 'var(--good)' },
            { name: 'Failed', color: 'var(--bad)' },
          ]}
        />
      </section>
      <section aria-label="Time of the attempts, in milliseconds">
        <h3>Time (ms)</h3>
        <LineChart
          h={height}
          data={data}
          dataKey="at"
          withLegend
          connectNulls={false}
          lineProps={{ isAnimationActive: false }}
          curveType="linear"
          dotProps={{ r: 2 }}
          series={[
            { name: 'Median', color: 'var(--good)' },
            { name: '95 %', color: 'var(--warn)' },
          ]}
        />
      </section>
    </div>
  )
}
