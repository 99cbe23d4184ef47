/** Deliveries as Prometheus counts them. Tests are left out: they fail often, and nobody is to be woken by them. */
import { Counter, Histogram } from 'prom-client'
import type { Context } from '../context.ts'
import { addGauge } from '../lib/metrics.ts'
import type { DeliveryRow } from './delivery-store.ts'

export type DeliveryMetrics = {
  /** How a delivery ended in this process, or that its receiver answers later. */
  ended(
    delivery: Pick<DeliveryRow, 'test' | 'webhook_type' | 'status' | 'failure_reason' | 'duration_ms'>,
  ): void
}

const seconds = [0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60]

export function createDeliveryMetrics(ctx: Context): DeliveryMetrics {
  const registers = [ctx.metrics]
  const count = new Counter({
    name: 'keyhook_deliveries_total',
    help: 'Deliveries that ended, by type of the webhook, status and failure reason',
    labelNames: ['type', 'status', 'failure_reason'],
    registers,
  })
  const duration = new Histogram({
    name: 'keyhook_delivery_duration_seconds',
    help: 'How long deliveries took that were sent',
    labelNames: ['type', 'status'],
    buckets: seconds,
    registers,
  })
  addGauge(ctx, {
    name: 'keyhook_deliveries_unfinished',
    help: 'Deliveries that have not ended: waiting for their turn, being sent, waiting for a callback',
    labels: ['status'],
    async read() {
      const rows = await ctx.db
        .selectFrom('deliveries')
        .select(['status', (select) => select.fn.countAll<string>().as('count')])
        .where('finished_at', 'is', null)
        .groupBy('status')
        .execute()
      const counts = new Map(rows.map(({ status, count }) => [status, Number(count)]))
      return (['pending', 'sending', 'awaiting_callback'] as const).map((status) => ({
        labels: { status },
        value: counts.get(status) ?? 0,
      }))
    },
  })
  return {
    ended({ test, webhook_type: type, status, failure_reason, duration_ms }) {
      if (test) return
      count.inc({ type, status, failure_reason: failure_reason ?? '' })
      if (duration_ms !== null) duration.observe({ type, status }, duration_ms / 1_000)
    },
  }
}
