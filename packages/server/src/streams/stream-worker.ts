/**
 * Sends one stream: reads ahead, plans a window, sends it, writes down what came of it and what is sent next, and goes on.
 * What is planned is committed before it is sent; how far the stream is, with the deliveries that got it there. Where there
 * is more than one window to send, the next one is planned beforehand, so that it is sent while that is being written.
 */
import { defaultRetryPolicy } from '@keyhook/contract/setting-limits.ts'
import type { Conditions } from '../conditions/conditions.ts'
import type { Context } from '../context.ts'
import type { PlannedBatch } from '../db/stream-schema.ts'
import { inParallel } from '../lib/ticker.ts'
import { streamOf } from '../webhooks/stream-settings.ts'
import type { Webhook } from '../webhooks/webhook.ts'
import type { WebhookCache } from '../webhooks/webhook-cache.ts'
import { firstWindow, positionBefore, splitBatch, windowSize } from './stream-plan.ts'
import { createStreamPlanner } from './stream-planner.ts'
import { progressAfter } from './stream-progress.ts'
import { type SendParts, type SentBatch, sendBatch } from './stream-send.ts'
import {
  removeStream,
  StreamLost,
  type StreamProgress,
  type StreamRow,
  savePlan,
  saveRound,
} from './stream-store.ts'
import { pauseAfter } from './stream-verdict.ts'

export type WorkerParts = SendParts & { webhooks: WebhookCache; conditions: Conditions }

export type StreamWorker = {
  /** There may be new entries. */
  wake(): void
  /** Ends the pause after a failure: the webhook was changed, or a person says so. */
  tryNow(): void
  /** Whether it may send. */
  setPaused(paused: boolean): void
  /** Ends after the round that is under way. */
  stop(): Promise<void>
  /** It sends no more: a replay that is through, or another process has the stream. */
  readonly ended: boolean
}

/** Pause after the database failed, in milliseconds. */
const databasePauseMs = 1_000

export function createStreamWorker(ctx: Context, parts: WorkerParts, row: StreamRow): StreamWorker {
  const { id } = row
  const until = row.last_position === null ? null : Number(row.last_position)
  let progress: StreamProgress = {
    position: Number(row.position),
    windowEnd: Number(row.window_end),
    planned: row.planned,
    sentEvents: Number(row.sent_events),
    rate: row.rate,
    refusedInARow: row.refused_in_a_row,
    lastSuccessAt: row.last_success_at,
    failingSince: row.failing_since,
    lastFailure: row.last_failure,
  }
  /** As far as the database knows. */
  let committed = progress
  /** What came of a window, on its way to the database while the next one is sent. */
  let saving: Promise<void> | null = null
  const planner = createStreamPlanner(ctx, parts.conditions, until)
  /** Rounds in which nothing was taken. */
  let failures = 0
  let paused = row.paused_at !== null
  let stopped = false
  let lost = false
  let finished = false
  let wakeUp: (() => void) | null = null
  let woken = false
  /** Somebody wants it to go on now, a pause after a failure or not. */
  let urged = false
  let backingOff = false

  /** One step; resolves with the milliseconds until the next, null: when woken. */
  async function step(): Promise<number | null> {
    const webhook = paused ? null : await parts.webhooks.find(row.webhook_id)
    if (!webhook?.enabled) {
      await saved()
      return null
    }
    if (progress.planned.length === 0) {
      await saved()
      const { next, pauseMs } = await planner.planAhead(webhook, progress)
      if (next === progress) return nothingLeft(pauseMs)
      await savePlan(ctx, id, next)
      committed = next
      progress = next
      if (next.planned.length === 0) return 0
    }
    return sendRound(webhook)
  }

  /** Nothing is planned: the end of a replay, else when to look again. */
  function nothingLeft(pauseMs: number | null): number | null {
    if (pauseMs === null && until !== null) finished = true
    return pauseMs
  }

  async function sendRound(webhook: Webhook): Promise<number | null> {
    const stream = streamOf(webhook.settings)
    const window = firstWindow(progress.planned)
    await planner.fetchEntries(window)
    // While the endpoint is down one POST is enough to see whether it is back.
    const round = failures > 0 ? window.slice(0, 1) : window
    const policy = webhook.settings.retryPolicy ?? defaultRetryPolicy
    const rules = {
      maxAttempts: policy.max_attempts,
      strictOrder: stream.strict_order,
      refusedInARow: progress.refusedInARow,
    }
    if (failures === 0) planner.readOn(webhook, progress.windowEnd)
    const startedAt = performance.now()
    const sent: SentBatch[] = new Array(round.length)
    await inParallel(
      [...round.entries()],
      windowSize(webhook.settings).concurrent,
      async ([index, batch]) => {
        sent[index] = await sendBatch(ctx, parts, webhook, {
          batch,
          entries: planner.entriesOf(batch),
          rules,
        })
      },
    )
    const windowLeft = [...stillPlanned(sent), ...window.slice(round.length)]
    const planned = [...windowLeft, ...progress.planned.slice(window.length)]
    const tookSome = sent.some(({ verdict }) => verdict === 'taken')
    const after: StreamProgress = {
      ...progressAfter(ctx.clock(), progress, sent, performance.now() - startedAt),
      planned,
      position: positionBefore(planned, progress.windowEnd),
    }
    const isThrough = windowLeft.length === 0
    // What comes next is written in the same commit.
    const { next, pauseMs } =
      isThrough && !ctx.shutdown.aborted
        ? await planner.planAhead(webhook, after)
        : { next: after, pauseMs: 0 }
    await saved()
    save(webhook, sent, next)
    // A window that is not committed yet is not sent.
    if (!isThrough || planned.length === 0) await saved()
    for (const { batch, verdict } of sent)
      if (verdict === 'taken' || verdict === 'set_aside') planner.forget(batch)
    progress = next
    const moved = tookSome || sent.some(({ verdict }) => verdict === 'split' || verdict === 'set_aside')
    failures = moved ? 0 : failures + 1
    if (isThrough) return next.planned.length === 0 ? nothingLeft(pauseMs) : 0
    if (sent.every(({ verdict }) => verdict === 'taken' || verdict === 'split')) return 0
    backingOff = true
    const retryAfterMs = Math.max(...sent.map((one) => one.retryAfterMs ?? 0))
    const failingMs = next.failingSince === null ? 0 : ctx.clock() - next.failingSince.getTime()
    return pauseAfter(policy, failingMs, {
      random: Math.random,
      retryAfterMs: retryAfterMs > 0 ? retryAfterMs : null,
    })
  }

  function save(webhook: Webhook, sent: readonly SentBatch[], next: StreamProgress): void {
    saving = saveRound(ctx, id, webhook, sent, next).then(() => {
      committed = next
    })
    // Whoever waits for it learns of a failure.
    saving.catch(() => {})
  }

  /** Resolves when what came of the windows until now is committed; rejects when it could not be. */
  async function saved(): Promise<void> {
    const last = saving
    saving = null
    await last
  }

  function stillPlanned(sent: readonly SentBatch[]): PlannedBatch[] {
    return sent.flatMap(({ batch, verdict, httpStatus }) => {
      if (verdict === 'taken' || verdict === 'set_aside') return []
      if (verdict !== 'split') return [batch]
      return splitBatch(batch, planner.newDeliveryId, { suspect: httpStatus !== null && httpStatus !== 413 })
    })
  }

  function rest(ms: number | null): Promise<void> {
    return new Promise((resolve) => {
      // New entries that came during a round do not shorten the pause after its failure.
      if (urged || stopped || (woken && !backingOff)) return resolve()
      const timer = ms === null ? null : setTimeout(done, ms)
      function done() {
        if (timer) clearTimeout(timer)
        wakeUp = null
        resolve()
      }
      wakeUp = done
    })
  }

  async function run(): Promise<void> {
    while (!stopped && !lost && !finished && !ctx.shutdown.aborted) {
      woken = false
      urged = false
      backingOff = false
      const ms = await step().catch(afterFailure)
      if (ms !== 0 && !lost && !finished) await rest(ms)
    }
    await saved().catch(afterFailure)
    if (finished) await removeStream(ctx, id)
  }

  async function afterFailure(error: unknown): Promise<number> {
    await saved().catch(() => {})
    // What is not committed is sent again, under the same ids.
    progress = committed
    planner.readAnew()
    if (error instanceof StreamLost) lost = true
    else if (!ctx.shutdown.aborted)
      ctx.log.warn({ err: error, webhook_id: row.webhook_id }, 'a stream of events could not go on')
    return databasePauseMs
  }

  function goOn(): void {
    woken = true
    wakeUp?.()
  }

  function urge(): void {
    urged = true
    goOn()
  }

  let over = false
  const running = run()
    .catch((error: unknown) => ctx.log.error({ err: error, webhook_id: row.webhook_id }, 'a stream ended'))
    .finally(() => {
      over = true
    })
  return {
    wake() {
      // New entries do not shorten a pause after a failure.
      if (!backingOff) goOn()
    },
    tryNow() {
      failures = 0
      // What was read may have been chosen by a filter that is another now.
      planner.readAnew()
      urge()
    },
    setPaused(now) {
      if (paused === now) return
      paused = now
      failures = 0
      urge()
    },
    async stop() {
      stopped = true
      wakeUp?.()
      await running
    },
    get ended() {
      return over
    },
  }
}
