/**
 * What a stream sends next: reads the log ahead, fills batches, and keeps the entries of what is planned in memory.
 */
import type { StreamSettings } from '@keyhook/contract/api/stream.ts'
import type { SiemEntry } from '@keyhook/contract/siem/formats.ts'
import type { Conditions } from '../conditions/conditions.ts'
import type { Context } from '../context.ts'
import type { PlannedBatch } from '../db/stream-schema.ts'
import { findEntries } from '../events/event-list.ts'
import { readEvent } from '../events/event-store.ts'
import { newId } from '../lib/ids.ts'
import { streamOf } from '../webhooks/stream-settings.ts'
import type { Webhook } from '../webhooks/webhook.ts'
import { firstWindow, planBatches, positionBefore, positionsOf, windowSize } from './stream-plan.ts'
import { type ReadAhead, readAhead, wantedBy } from './stream-reader.ts'
import type { StreamProgress } from './stream-store.ts'

export type StreamPlanner = {
  /**
   * Plans on from `before` until a window waits behind the one that is sent first, if there is so much; `next` is `before`
   * when there is nothing, and then `pauseMs` says when to look again, null: when woken.
   */
  planAhead(
    webhook: Webhook,
    before: StreamProgress,
  ): Promise<{ next: StreamProgress; pauseMs: number | null }>
  /** Begins to read what comes behind `after` while something else is done, when there is more than was planned. */
  readOn(webhook: Webhook, after: number): void
  /** What was read may have been chosen by a filter that is another now. */
  readAnew(): void
  /** Of what was planned before a start, or did not fit in memory. */
  fetchEntries(planned: readonly PlannedBatch[]): Promise<void>
  entriesOf(batch: PlannedBatch): SiemEntry[]
  /** Its entries are not needed any more. */
  forget(batch: PlannedBatch): void
  newDeliveryId(): string
}

/** Entries looked at in one read while few of them are wanted. */
const leastRead = 500

/** `until`: the last position of a replay; null: without an end. */
export function createStreamPlanner(
  ctx: Context,
  conditions: Conditions,
  until: number | null,
): StreamPlanner {
  const entries = new Map<number, SiemEntry>()
  /** Read while a window is being sent, when there is more than fits in one. */
  let ahead: Promise<ReadAhead> | null = null
  let hasMore = false
  let partialSince: number | null = null

  const newDeliveryId = () => newId('dlv', ctx.clock())

  async function planAhead(
    webhook: Webhook,
    before: StreamProgress,
  ): Promise<{ next: StreamProgress; pauseMs: number | null }> {
    let next = before
    for (;;) {
      const following = await nextWindow(webhook, next.windowEnd)
      if (typeof following !== 'object' || following === null) return { next, pauseMs: following }
      const planned = [...next.planned, ...following.planned]
      const { windowEnd } = following
      next = { ...next, planned, windowEnd, position: positionBefore(planned, windowEnd) }
      const one = firstWindow(planned).length === planned.length
      // A window in which nothing was wanted is written before the next is read.
      if (!one || following.planned.length === 0 || !(hasMore || ahead)) return { next, pauseMs: 0 }
    }
  }

  /** What is planned behind `after`; a number or null: not yet. */
  async function nextWindow(
    webhook: Webhook,
    after: number,
  ): Promise<Pick<StreamProgress, 'planned' | 'windowEnd'> | number | null> {
    const stream = streamOf(webhook.settings)
    const { wanted, end, more } = await (ahead ?? read(webhook, stream, after))
    ahead = null
    hasMore = more
    const whole = wanted.length - (wanted.length % stream.batch_events)
    let taken = wanted
    if (until === null && whole < wanted.length) {
      // What does not fill a batch waits for others; not longer than it may, nor when it would hold up the reading.
      if (whole > 0) taken = wanted.slice(0, whole)
      else if (!more) {
        partialSince ??= performance.now()
        const leftMs = stream.batch_wait_ms - (performance.now() - partialSince)
        if (leftMs > 0) return leftMs
      }
    }
    const most = windowSize(webhook.settings).posts * stream.batch_events
    if (taken.length > most) {
      taken = wanted.slice(0, most)
      ahead = Promise.resolve({ wanted: wanted.slice(most), end, more })
    }
    if (taken.length === 0 && end === after) return null
    partialSince = null
    for (const entry of taken) entries.set(entry.position, entry)
    const windowEnd = taken.length < wanted.length ? (taken.at(-1)?.position ?? end) : end
    const planned = planBatches(
      taken.map(({ position }) => position),
      { size: stream.batch_events, window: windowEnd },
      newDeliveryId,
    )
    return { planned, windowEnd }
  }

  function read(webhook: Webhook, stream: StreamSettings, after: number): Promise<ReadAhead> {
    const { posts } = windowSize(webhook.settings)
    const isWanted = wantedBy(conditions, stream, webhook.settings)
    const limit = Math.max(leastRead, posts * stream.batch_events)
    return readAhead(ctx, { after, until, limit }, isWanted)
  }

  return {
    planAhead,
    readOn(webhook, after) {
      if (!hasMore || ahead) return
      ahead = read(webhook, streamOf(webhook.settings), after)
      // Whoever asks for it learns of a failure.
      ahead.catch(() => {})
    },
    readAnew() {
      ahead = null
    },
    async fetchEntries(planned) {
      const missing = planned.flatMap(({ runs }) => runs.filter(([first]) => !entries.has(first)))
      if (missing.length === 0) return
      for (const entry of await findEntries(ctx, missing))
        entries.set(Number(entry.position), readEvent(entry))
    },
    entriesOf: ({ runs }) => positionsOf(runs).flatMap((position) => entries.get(position) ?? []),
    forget({ runs }) {
      for (const position of positionsOf(runs)) entries.delete(position)
    },
    newDeliveryId,
  }
}
