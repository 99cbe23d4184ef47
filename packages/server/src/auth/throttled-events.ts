/**
 * Events that anybody can cause, without a change: of those that are alike one is appended at once, and then one a minute at
 * most, with how many others there were. So the log tells of each attack, and no attack can fill it.
 */
import type { Context } from '../context.ts'
import type { NewEvent } from '../events/event.ts'
import { appendEvents } from '../events/event-store.ts'
import { createTicker } from '../lib/ticker.ts'

/** What `others` of an event says: so many more like it since the one before were not written. */
export type Throttled = NewEvent & { metadata: Record<string, unknown> }

export type ThrottledEvents = {
  /** Appends the event, or counts it. Never rejects: who is refused is refused also while the log cannot be written. */
  tell(likeness: readonly string[], event: Throttled): Promise<void>
  start(): void
  /** Appends what was counted only. */
  stop(): Promise<void>
}

type Counted = { event: Throttled; at: number; count: number }

const windowMs = 60_000
const sweepEveryMs = 10_000
/** More kinds of events within a minute are counted together. */
const mostKinds = 1_000

export function createThrottledEvents(
  ctx: Pick<Context, 'db' | 'clock' | 'log' | 'shutdown'>,
): ThrottledEvents {
  const windows = new Map<string, { until: number; counted: Counted | null }>()

  async function append(at: number, { metadata, ...event }: Throttled, others: number): Promise<void> {
    try {
      await ctx.db
        .transaction()
        .execute((tx) => appendEvents(tx, at, [{ ...event, metadata: { ...metadata, others } }]))
    } catch (error) {
      ctx.log.warn({ err: error, type: event.type }, 'a refusal could not be written to the log')
    }
  }

  async function sweep(isOver: (until: number) => boolean): Promise<void> {
    for (const [key, { until, counted }] of windows) {
      if (!isOver(until)) continue
      windows.delete(key)
      if (counted) await append(counted.at, counted.event, counted.count - 1)
    }
  }

  const ticker = createTicker(
    { ...ctx, everyMs: sweepEveryMs, failed: 'refusals could not be written to the log' },
    () => sweep((until) => until <= ctx.clock()),
  )

  return {
    async tell(likeness, event) {
      const now = ctx.clock()
      const own = JSON.stringify(likeness)
      const key = windows.has(own) || windows.size < mostKinds ? own : JSON.stringify(likeness.slice(0, 1))
      const window = windows.get(key)
      if (window && now < window.until) {
        window.counted = { event, at: now, count: (window.counted?.count ?? 0) + 1 }
        return
      }
      windows.set(key, { until: now + windowMs, counted: null })
      await append(now, event, window?.counted?.count ?? 0)
    },
    start: ticker.start,
    async stop() {
      await ticker.stop()
      await sweep(() => true)
    },
  }
}
