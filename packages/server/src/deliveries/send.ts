/**
 * Sending a delivery whose intent is committed: a free place, the endpoint's authentication, one attempt or, where the
 * webhook allows it, several, all within one time limit.
 */
import { setTimeout as sleep } from 'node:timers/promises'
import { failedOutcome } from '@keyhook/contract/failure.ts'
import type { FailedOutcome } from '@keyhook/contract/outcome.ts'
import { isRetryable, nextDelay, parseRetryAfter } from '@keyhook/contract/retry-policy.ts'
import type { Admission, Circuits } from '../circuit/circuits.ts'
import type { Slots } from '../circuit/slots.ts'
import type { Context } from '../context.ts'
import type { EndpointAuth } from '../endpoint-auth/endpoint-auth.ts'
import type { WebhookTarget } from '../webhooks/webhook.ts'
import type { Attempted } from './attempt.ts'
import { type BodyContent, traceparentFor } from './delivery-request.ts'
import type { FinishedAttempt } from './delivery-store.ts'
import { tryOnce, wireBody } from './try-once.ts'

export type Sending = {
  deliveryId: string
  target: WebhookTarget
  /** null: not saved, so that no others share its places. */
  webhookId: string | null
  payload: Uint8Array
  content: BodyContent
  /** Of the next attempt; more than 1 when it is sent again. */
  firstNumber: number
  /** Milliseconds for everything. */
  timeLimitMs: number
  traceparent: string | undefined
  /** How the circuit breaker let it through; null: it is not asked and not told. */
  admission: Admission | null
  /** Whether the caller holds a place of the webhook already. */
  holdsPlace: boolean
  /** Whether a failure may be followed by another attempt as the retry policy says. */
  retries: boolean
  mayAnswerLater: boolean
}

/** How it ended. `last` is not recorded yet; `unsent` means that no further attempt could be made, and why. */
export type Ending =
  | { readonly last: FinishedAttempt; readonly unsent: null }
  | { readonly last: null; readonly unsent: FailedOutcome }

export type SendParts = { endpointAuth: EndpointAuth; slots: Slots; circuits: Circuits }

/** A retry that could run for less than this is not begun. */
const shortestAttemptMs = 250

/** `record` commits an attempt that is followed by another. Rejects only when that cannot be done. */
export async function send(
  ctx: Context,
  parts: SendParts,
  sending: Sending,
  record: (attempt: FinishedAttempt) => Promise<void>,
): Promise<Ending> {
  const startedAt = performance.now()
  const remainingMs = () => sending.timeLimitMs - (performance.now() - startedAt)
  const place = await takePlace(ctx, parts, sending)
  if (typeof place !== 'function') return { last: null, unsent: place }
  try {
    return await attempts(ctx, parts, sending, remainingMs, record)
  } finally {
    place()
  }
}

async function attempts(
  ctx: Context,
  { endpointAuth, circuits }: SendParts,
  sending: Sending,
  remainingMs: () => number,
  record: (attempt: FinishedAttempt) => Promise<void>,
): Promise<Ending> {
  const { target, deliveryId, payload, admission } = sending
  const traceparent = traceparentFor(sending.traceparent)
  const wire = await wireBody(payload, sending.content)
  let renewed = false
  for (let made = 1; ; made++) {
    const timeLimitMs = Math.max(1, remainingMs())
    const tried = await tryOnce(ctx, endpointAuth, {
      target,
      deliveryId,
      number: sending.firstNumber + made - 1,
      payload,
      content: sending.content,
      wire,
      timeLimitMs,
      traceparent,
      mayAnswerLater: sending.mayAnswerLater,
    })
    if (tried.unsent) return { last: null, unsent: tried.unsent }
    const { attempted, renew } = tried
    const { attempt, httpStatus } = attempted
    if (admission && saysSomething(target, attempted, timeLimitMs)) {
      circuits.record(admission, attempt.outcome, httpStatus)
    }
    if (httpStatus === 401 && !renewed && renew) {
      // The receiver refused the token, so it did nothing: a new one is worth one more attempt.
      renew()
      renewed = true
    } else {
      const pauseMs = sending.retries ? pauseBefore(target, made, attempted, ctx.clock()) : null
      if (pauseMs === null || pauseMs + shortestAttemptMs > remainingMs())
        return { last: attempt, unsent: null }
      await sleep(pauseMs, undefined, { signal: ctx.shutdown }).catch(() => {})
      if (ctx.shutdown.aborted) return { last: attempt, unsent: null }
    }
    await record(attempt)
  }
}

/** A timeout tells of the endpoint only when that had most of its time: waiting in line or a hurried caller took the rest. */
function saysSomething({ timeLimitMs }: WebhookTarget, { attempt }: Attempted, hadMs: number): boolean {
  const timedOut = attempt.outcome?.status === 'failed' && attempt.outcome.failure_reason === 'timeout'
  return !timedOut || hadMs >= timeLimitMs / 2
}

/** Milliseconds until the next attempt; null: there is none. */
function pauseBefore(
  { settings }: WebhookTarget,
  made: number,
  { attempt, httpStatus, retryAfter }: Attempted,
  now: number,
): number | null {
  const { retryPolicy } = settings
  const { outcome } = attempt
  if (retryPolicy === null || outcome?.status !== 'failed' || !isRetryable(outcome, httpStatus)) return null
  return nextDelay(retryPolicy, made, {
    random: Math.random,
    retryAfterMs: retryAfter === null ? null : parseRetryAfter(retryAfter, now),
  })
}

/** How to give the place back, or why there was none. */
async function takePlace(
  ctx: Context,
  { slots }: SendParts,
  { webhookId, holdsPlace, target, timeLimitMs }: Sending,
): Promise<(() => void) | FailedOutcome> {
  if (webhookId === null || holdsPlace) return () => {}
  const { concurrencyLimit, maxWaitMs } = target.settings
  const place = await slots.acquire(webhookId, {
    limit: concurrencyLimit,
    maxWaitMs: Math.min(maxWaitMs, timeLimitMs),
    signal: ctx.shutdown,
  })
  if (!('refused' in place)) return place.release
  if (place.refused === 'aborted') {
    return failedOutcome('interrupted', 'The server stopped before this delivery was sent. Nothing was sent.')
  }
  return failedOutcome(
    'timeout',
    `Nothing was sent: ${concurrencyLimit} deliveries of this webhook were under way, and none of them ended within ${Math.round(place.waitedMs)} ms.`,
    'Let the receiver answer sooner, or raise the concurrency limit or the longest wait of this webhook.',
  )
}
