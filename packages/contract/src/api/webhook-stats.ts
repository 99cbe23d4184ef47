import { z } from 'zod'
import { failureReasons } from '../outcome.ts'
import { timestamp } from './list.ts'

/** How far back, and how long each point is, in milliseconds. */
export const statsWindows = {
  hour: { lengthMs: 3_600_000, pointMs: 60_000 },
  day: { lengthMs: 86_400_000, pointMs: 1_800_000 },
  week: { lengthMs: 604_800_000, pointMs: 10_800_000 },
} as const
export type StatsWindow = keyof typeof statsWindows

/** At most so many deliveries are counted, the newest ones. */
export const maxCountedDeliveries = 50_000

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
