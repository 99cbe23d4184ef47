import { z } from 'zod'
import { failureReasons } from '../outcome.ts'
import { maxCountedDeliveries, type StatsWindow, statsWindows } from '../stats-window.ts'
import { timestamp } from './list.ts'

const latency = z.number().nullable().describe('Milliseconds of the last attempt; null without one')

export const webhookStatsQuery = z.strictObject({
  window: z.enum(Object.keys(statsWindows) as [StatsWindow, ...StatsWindow[]]).default('day'),
})

/** How a webhook has been doing. Tests are left out. */
export const webhookStats = z
  .object({
    window: z.enum(Object.keys(statsWindows) as [StatsWindow, ...StatsWindow[]]),
    from: timestamp,
    to: timestamp,
    complete: z
      .boolean()
      .describe(`False when there were more than ${maxCountedDeliveries} deliveries; the newest are counted`),
    total: z.int(),
    succeeded: z.int(),
    failed: z.int(),
    skipped: z.int(),
    p50_ms: latency,
    p95_ms: latency,
    points: z
      .array(
        z.object({ at: timestamp, succeeded: z.int(), failed: z.int(), p50_ms: latency, p95_ms: latency }),
      )
      .describe('One for each part of the window, the oldest first, also where nothing happened'),
    failures: z
      .array(
        z.object({
          failure_reason: z.enum(failureReasons),
          count: z.int(),
          last_delivery_id: z.string(),
          last_at: timestamp,
        }),
      )
      .describe('The most frequent first'),
  })
  .meta({ id: 'WebhookStats' })

export type WebhookStats = z.infer<typeof webhookStats>
