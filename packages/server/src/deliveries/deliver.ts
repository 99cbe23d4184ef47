/**
 * Sends one payload to one webhook and records what came of it. The intent is committed before the first byte leaves
 * and the outcome before the caller is answered, so a crash in between is always seen and never sends twice.
 */
import { storedBodyBytes } from '@keyhook/contract/api/delivery.ts'
import { failedOutcome } from '@keyhook/contract/failure.ts'
import type { HttpAnswer, Outcome } from '@keyhook/contract/outcome.ts'
import { addEnvelope } from '@keyhook/contract/payload-envelope.ts'
import { readOutcome } from '@keyhook/contract/read-outcome.ts'
import type { Context } from '../context.ts'
import type { StoredExchange } from '../db/schema.ts'
import type { ExchangeResult } from '../egress/exchange.ts'
import { newId } from '../lib/ids.ts'
import type { WebhookTarget } from '../webhooks/webhook.ts'
import { createBookkeeping } from './bookkeeping.ts'
import { attemptHeaders, type HeaderLine, traceparentFor } from './delivery-request.ts'
import {
  type AttemptRow,
  attemptsOf,
  createDeliveryWrites,
  type DeliveryRow,
  type FinishedAttempt,
  findDelivery,
  type Intent,
  insertEnded,
} from './delivery-store.ts'
import { type Redaction, redactionFor } from './redaction.ts'

export type DeliverRequest = {
  target: WebhookTarget
  /** null: the webhook is not saved. */
  webhookId: string | null
  payload: Readonly<Record<string, unknown>>
  test: boolean
  /** The caller's W3C trace context. */
  traceparent: string | undefined
}

export type Delivered = { delivery: DeliveryRow; attempts: AttemptRow[] }

export type Dispatcher = {
  /** Sends it. Rejects only when it could not be recorded. */
  deliver(request: DeliverRequest): Promise<Delivered>
  /** Records that it was not sent, and why. */
  refuse(request: DeliverRequest, outcome: Outcome): Promise<Delivered>
  /** Outcomes that could not be stored yet. */
  unrecorded(): number
  /** The secrets that sign a delivery in flight; null when there is none of this id. */
  signingSecretsOf(deliveryId: string): readonly Uint8Array[] | null
}

export function createDispatcher(ctx: Context): Dispatcher {
  const bookkeeping = createBookkeeping(ctx, createDeliveryWrites(ctx.db))
  const inFlight = new Map<string, WebhookTarget>()

  async function deliver(request: DeliverRequest): Promise<Delivered> {
    const { target } = request
    const intent = intentOf(ctx, request)
    await bookkeeping.begin(intent)
    inFlight.set(intent.id, target)
    try {
      const attempt = await attemptOnce(ctx, target, intent, request.traceparent)
      const recorded = await bookkeeping.finish(attempt)
      logAttempt(ctx, intent, attempt, recorded)
      return recorded ? deliveredAs(intent, attempt) : await asRecorded(ctx, intent.id)
    } finally {
      inFlight.delete(intent.id)
    }
  }

  return {
    deliver,
    async refuse(request, outcome) {
      const intent = intentOf(ctx, request)
      await insertEnded(ctx, intent, outcome)
      return { delivery: ended(intent, outcome, new Date(ctx.clock()), null), attempts: [] }
    },
    unrecorded: bookkeeping.unrecorded,
    signingSecretsOf: (id) => inFlight.get(id)?.signingSecrets ?? null,
  }
}

function intentOf(ctx: Context, { target, webhookId, payload, test }: DeliverRequest): Intent {
  const now = ctx.clock()
  const id = newId('dlv', now)
  const envelope = { webhook_type: target.type, delivery_id: id, test, sent_at: new Date(now).toISOString() }
  return {
    id,
    webhook_id: webhookId,
    webhook_name: target.name,
    webhook_type: target.type,
    test,
    // Serialised once: these bytes are signed, sent and stored.
    payload: Buffer.from(JSON.stringify(addEnvelope(payload, envelope, { overrideTest: test }))),
    process_id: ctx.lease.id,
  }
}

async function attemptOnce(
  ctx: Context,
  target: WebhookTarget,
  intent: Intent,
  incomingTrace: string | undefined,
): Promise<FinishedAttempt> {
  const headers = attemptHeaders(
    target,
    intent.id,
    intent.payload,
    ctx.clock(),
    traceparentFor(incomingTrace),
  )
  const result = await ctx.egress.exchange({
    url: target.endpointUrl,
    headers,
    body: intent.payload,
    timeLimitMs: target.timeLimitMs,
    signal: ctx.shutdown,
  })
  const redaction = redactionFor(target)
  return {
    id: newId('att', result.startedAt),
    deliveryId: intent.id,
    number: 1,
    startedAt: new Date(result.startedAt),
    durationMs: result.durationMs,
    exchange: storedExchange(target, headers, result, redaction),
    responseBody: result.answer && redaction.bytes(result.answer.body).subarray(0, storedBodyBytes),
    outcome: redactOutcome(outcomeOf(target, result), redaction),
    finishedAt: new Date(ctx.clock()),
  }
}

function outcomeOf({ type }: WebhookTarget, { answer, failure }: ExchangeResult): Outcome {
  // For an event only reception counts: once a 2xx has come, what happens to the body after it changes nothing.
  const received = type === 'siem' && answer !== null && answer.status >= 200 && answer.status < 300
  if (failure && !received) return failedOutcome(failure.reason, failure.finding, failure.advice)
  return readOutcome(type, answer as HttpAnswer)
}

function redactOutcome(outcome: Outcome, { text }: Redaction): Outcome {
  const explanation = text(outcome.explanation)
  if (outcome.status === 'failed') return { ...outcome, explanation }
  return { ...outcome, explanation, message: outcome.message && text(outcome.message) }
}

function storedExchange(
  target: WebhookTarget,
  headers: readonly HeaderLine[],
  { answer, timings }: ExchangeResult,
  redaction: Redaction,
): StoredExchange {
  return {
    url: target.endpointUrl,
    request_headers: redaction.requestHeaders(headers),
    response: answer && {
      status: answer.status,
      headers: answer.headers.map(([name, value]) => [name, redaction.text(value)]),
      body_bytes: answer.body.length,
    },
    timings,
  }
}

/** Another process took this one for dead and ended the delivery: what is recorded is what the caller is told. */
async function asRecorded(ctx: Context, id: string): Promise<Delivered> {
  const delivery = await findDelivery(ctx, id)
  if (!delivery) throw new Error(`delivery ${id} is gone`)
  return { delivery, attempts: await attemptsOf(ctx, id) }
}

function deliveredAs(intent: Intent, attempt: FinishedAttempt): Delivered {
  const { id, deliveryId, number, startedAt, durationMs, exchange, responseBody, outcome, finishedAt } =
    attempt
  return {
    delivery: ended(intent, outcome, finishedAt, durationMs),
    attempts: [
      {
        id,
        delivery_id: deliveryId,
        number,
        started_at: startedAt,
        duration_ms: durationMs,
        exchange,
        response_body: responseBody,
        outcome,
      },
    ],
  }
}

function ended(intent: Intent, outcome: Outcome, at: Date, durationMs: number | null): DeliveryRow {
  return {
    ...intent,
    status: outcome.status,
    outcome,
    failure_reason: outcome.status === 'failed' ? outcome.failure_reason : null,
    finished_at: at,
    duration_ms: durationMs,
  }
}

/** The one line of an attempt: ids and what was decided, nothing that was sent or came back. */
function logAttempt(
  ctx: Context,
  intent: Intent,
  { number, durationMs, outcome }: FinishedAttempt,
  recorded: boolean,
): void {
  ctx.log.info(
    {
      delivery_id: intent.id,
      webhook_id: intent.webhook_id,
      webhook_type: intent.webhook_type,
      test: intent.test,
      attempt: number,
      duration_ms: Math.round(durationMs),
      status: outcome.status,
      ...(outcome.status === 'failed'
        ? { failure_reason: outcome.failure_reason }
        : { decision: outcome.decision }),
      recorded,
    },
    'delivery.attempted',
  )
}
