/**
 * Sends payloads to webhooks and records what came of it. The intent is committed before the first byte leaves and the
 * outcome before the caller is answered, so a crash in between is always seen and never sends twice by itself.
 */
import { failedOutcome } from '@keyhook/contract/failure.ts'
import type { Context } from '../context.ts'
import type { Actor } from '../events/event.ts'
import type { IdempotencyKey } from '../http/idempotency.ts'
import type { Webhook, WebhookTarget } from '../webhooks/webhook.ts'
import { type Bookkeeping, createBookkeeping } from './bookkeeping.ts'
import type { CallbackTokens } from './callback-token.ts'
import { type Claim, claimEnded } from './delivery-claims.ts'
import { deliveryEnded } from './delivery-events.ts'
import { attemptRow, endedRow, intentOf, mayAnswerLater } from './delivery-intent.ts'
import { createDeliveryMetrics } from './delivery-metrics.ts'
import {
  type AttemptRow,
  attemptsOf,
  type DeliveryOutcome,
  type DeliveryRow,
  endUnsent,
  type FinishedAttempt,
  findDelivery,
  type Intent,
  insertEnded,
} from './delivery-store.ts'
import { createDeliveryWrites } from './delivery-writes.ts'
import { contentOf } from './entries-payload.ts'
import { type GateParts, gate } from './gate.ts'
import { type Sending, type SendParts, send } from './send.ts'

export type DeliverRequest = {
  /** Of the delivery, when whoever asks has to know it before; a new one otherwise. */
  id?: string
  payload: Readonly<Record<string, unknown>>
  /** The caller's W3C trace context. */
  traceparent: string | undefined
  /** The caller's own limit in milliseconds, beside that of the webhook. */
  patienceMs: number | null
  /** null: without one. */
  idempotencyKey: IdempotencyKey | null
  /** Who asked for it. */
  actor: Actor
} & (
  | { test: false; target: Webhook; webhookId: string }
  // null: the webhook is not saved.
  | { test: true; target: WebhookTarget; webhookId: string | null }
)

export type Delivered = { delivery: DeliveryRow; attempts: AttemptRow[] }

export type ResendOptions = {
  /** Whether a failure may be followed by another attempt as the webhook's retry policy says. */
  readonly retries: boolean
  /** Whether the caller holds a place of the webhook for it (see circuit/slots.ts). */
  readonly holdsPlace: boolean
  readonly actor: Actor
}

export type Dispatcher = {
  /**
   * Sends it, or records why it is not sent. null: the idempotency key is taken, and nothing was done. Rejects only when
   * it could not be recorded.
   */
  deliver(request: DeliverRequest): Promise<Delivered | null>
  /**
   * Takes an ended delivery to send it again; null when it is not ended, or someone else was faster. Throws 503 when
   * nothing may be sent.
   */
  claim(deliveryId: string): Promise<Claim | null>
  /** Sends a delivery again that was claimed for this (see delivery-claims.ts). */
  resend(claim: Claim, webhook: Webhook, options: ResendOptions): Promise<Delivered>
  /** Outcomes that could not be stored yet. */
  unrecorded(): number
  /** The secrets that sign a delivery in flight; null when there is none of this id. */
  signingSecretsOf(deliveryId: string): readonly Uint8Array[] | null
  /** Says that a stream sends this delivery, so that its secrets are known too; returns how to say that it is over. */
  sending(deliveryId: string, target: WebhookTarget): () => void
}

export type DispatcherParts = SendParts & GateParts & { callbackTokens: CallbackTokens }

export function createDispatcher(ctx: Context, parts: DispatcherParts): Dispatcher {
  const writes = createDeliveryWrites(ctx.db)
  const bookkeeping: Bookkeeping = createBookkeeping(ctx)
  const metrics = createDeliveryMetrics(ctx)
  const inFlight = new Map<string, WebhookTarget>()

  async function deliver(request: DeliverRequest): Promise<Delivered | null> {
    const { target, idempotencyKey, patienceMs, actor } = request
    const intent = intentOf(ctx, request, parts.callbackTokens)
    const { refused, admission } = request.test
      ? { refused: null, admission: null }
      : gate(parts, request.target, intent.payload)
    if (refused) {
      const recorded = await bookkeeping.begin(intent.id, () =>
        insertEnded(ctx, intent, refused, idempotencyKey, actor),
      )
      return recorded ? notSent(ctx, intent, refused) : null
    }
    try {
      const begun = await bookkeeping.begin(intent.id, () => begin(intent, idempotencyKey))
      if (!begun) return null
      return await sendAndFinish(intent, actor, {
        deliveryId: intent.id,
        target,
        webhookId: request.test ? null : request.webhookId,
        payload: intent.payload,
        content: contentOf(intent.entries),
        firstNumber: 1,
        timeLimitMs: Math.min(target.timeLimitMs, patienceMs ?? target.timeLimitMs),
        traceparent: request.traceparent,
        admission,
        holdsPlace: false,
        retries: !request.test,
        mayAnswerLater: mayAnswerLater(target, intent, parts.callbackTokens),
      })
    } finally {
      if (admission) parts.circuits.release(admission)
    }
  }

  function begin(intent: Intent, key: IdempotencyKey | null): Promise<boolean> {
    if (key === null) return writes.begin(intent).then(() => true)
    return writes.beginKeyed({ intent, ...key })
  }

  async function sendAndFinish(intent: Intent, actor: Actor, sending: Sending): Promise<Delivered> {
    const over = inFlightAs(intent.id, sending.target)
    const earlier: FinishedAttempt[] = []
    try {
      const ending = await send(ctx, parts, sending, async (attempt) => {
        earlier.push(attempt)
        logAttempt(ctx, intent, attempt)
        await bookkeeping.commit(intent.id, () => writes.record(attempt))
      })
      if (ending.last === null) {
        const recorded = await bookkeeping.commit(intent.id, () =>
          endUnsent(ctx, intent.id, ending.unsent, actor),
        )
        if (!recorded || sending.firstNumber > 1 || earlier.length > 0) return await asRecorded(intent.id)
        return notSent(ctx, intent, ending.unsent)
      }
      const { last } = ending
      logAttempt(ctx, intent, last)
      const later = last.outcome === null
      const recorded = await bookkeeping.commit(intent.id, () =>
        later
          ? writes.awaitCallback(last, lateAnswerDeadline(ctx, sending.target))
          : writes.finish({ attempt: last, event: eventOf(intent, last, actor) }),
      )
      // Ended by another process that took this one for dead, sent again, or late: what is recorded is what is told.
      if (!recorded || last.outcome === null || sending.firstNumber > 1) return await asRecorded(intent.id)
      return {
        delivery: endedRow(intent, last.outcome, last.finishedAt, last.durationMs),
        attempts: [...earlier, last].map(attemptRow),
      }
    } finally {
      over()
    }
  }

  function inFlightAs(id: string, target: WebhookTarget): () => void {
    inFlight.set(id, target)
    return () => void inFlight.delete(id)
  }

  async function asRecorded(id: string): Promise<Delivered> {
    const delivery = await findDelivery(ctx, id)
    if (!delivery) throw new Error(`delivery ${id} is gone`)
    return { delivery, attempts: await attemptsOf(ctx, id) }
  }

  return {
    async deliver(request) {
      const delivered = await deliver(request)
      if (delivered) metrics.ended(delivered.delivery)
      return delivered
    },
    claim: (id) => bookkeeping.begin(id, () => claimEnded(ctx, id)),
    async resend({ intent, nextNumber }, webhook, { retries, holdsPlace, actor }) {
      if (intent.payload.length === 0) {
        const gone = 'Its events have left the activity log since, so they cannot be sent again.'
        await endUnsent(ctx, intent.id, failedOutcome('interrupted', gone), actor)
        return asRecorded(intent.id)
      }
      const delivered = await sendAndFinish(intent, actor, {
        deliveryId: intent.id,
        target: webhook,
        webhookId: webhook.id,
        payload: intent.payload,
        content: contentOf(intent.entries),
        firstNumber: nextNumber,
        timeLimitMs: webhook.timeLimitMs,
        traceparent: undefined,
        // Sent again by hand: what comes of it says nothing about how the endpoint is doing.
        admission: null,
        holdsPlace,
        retries,
        mayAnswerLater: mayAnswerLater(webhook, intent, parts.callbackTokens),
      })
      metrics.ended(delivered.delivery)
      return delivered
    },
    unrecorded: bookkeeping.unrecorded,
    sending: inFlightAs,
    signingSecretsOf: (id) => inFlight.get(id)?.signingKeys.secrets ?? null,
  }
}

function lateAnswerDeadline(ctx: Context, { settings }: WebhookTarget): Date {
  return new Date(ctx.clock() + (settings.callbackDeadlineSeconds ?? 0) * 1000)
}

/** What the log tells of a delivery that ends with this attempt. */
function eventOf(intent: Intent, { outcome, number, durationMs }: FinishedAttempt, actor: Actor) {
  return (
    outcome && deliveryEnded({ ...intent, duration_ms: durationMs }, { outcome, attempts: number, actor })
  )
}

function notSent(ctx: Context, intent: Intent, outcome: DeliveryOutcome): Delivered {
  return { delivery: endedRow(intent, outcome, new Date(ctx.clock()), null), attempts: [] }
}

/** The one line of an attempt: ids and what was decided, nothing that was sent or came back. */
function logAttempt(ctx: Context, intent: Intent, { number, durationMs, outcome }: FinishedAttempt): void {
  ctx.log.info(
    {
      delivery_id: intent.id,
      webhook_id: intent.webhook_id,
      webhook_type: intent.webhook_type,
      test: intent.test,
      attempt: number,
      duration_ms: Math.round(durationMs),
      status: outcome?.status ?? 'awaiting_callback',
      ...(outcome?.status === 'failed'
        ? { failure_reason: outcome.failure_reason }
        : { decision: outcome?.decision }),
    },
    'delivery.attempted',
  )
}
