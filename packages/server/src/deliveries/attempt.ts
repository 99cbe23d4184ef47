/** One attempt: what is sent, the exchange, and what its answer means. */
import { failedOutcome } from '@keyhook/contract/failure.ts'
import type { HttpAnswer, Outcome } from '@keyhook/contract/outcome.ts'
import { wantsCallback } from '@keyhook/contract/read-callback.ts'
import { readOutcome } from '@keyhook/contract/read-outcome.ts'
import type { Context } from '../context.ts'
import type { StoredExchange } from '../db/schema.ts'
import { endsWithConnection } from '../egress/answer-framing.ts'
import type { ExchangeResult } from '../egress/exchange.ts'
import { newId } from '../lib/ids.ts'
import type { WebhookTarget } from '../webhooks/webhook.ts'
import { ownerOf, tlsOf } from '../webhooks/webhook.ts'
import { sealCallbackSecrets } from './callback-store.ts'
import type { HeaderLine } from './delivery-request.ts'
import type { FinishedAttempt } from './delivery-store.ts'
import { type Redaction, redactionFor, secretsOfTarget } from './redaction.ts'

export type AttemptRequest = {
  target: WebhookTarget
  deliveryId: string
  number: number
  headers: readonly HeaderLine[]
  /** Values in the headers that are secret beside those of the webhook: tokens and signatures made for this attempt. */
  secretValues: readonly string[]
  body: Uint8Array
  timeLimitMs: number
  /** Whether the receiver may say that it answers later. */
  mayAnswerLater: boolean
}

export type Attempted = {
  attempt: FinishedAttempt
  /** Of the answer, if one came. */
  httpStatus: number | null
  /** Value of the answer's `retry-after`. */
  retryAfter: string | null
}

/** Sends once. Never throws: whatever happens is the attempt's outcome; null when the answer comes later. */
export async function attemptOnce(ctx: Context, request: AttemptRequest): Promise<Attempted> {
  const { target, headers, body, timeLimitMs } = request
  const tls = tlsOf(target)
  const result = await ctx.egress.exchange({
    url: target.endpointUrl,
    headers,
    body,
    timeLimitMs,
    signal: ctx.shutdown,
    owner: ownerOf(target),
    ...(tls ? { tls } : {}),
  })
  const redaction = redactionFor(target, request.secretValues)
  const outcome = outcomeOf(request, result, redaction)
  const attempt: FinishedAttempt = {
    id: newId('att', result.startedAt),
    deliveryId: request.deliveryId,
    number: request.number,
    startedAt: new Date(result.startedAt),
    durationMs: result.durationMs,
    exchange: storedExchange(target, headers, result, redaction),
    responseBody: result.answer && redaction.body(result.answer.body, result.failure !== null),
    outcome,
    lateAnswerSecrets:
      outcome === null
        ? sealCallbackSecrets(ctx, request.deliveryId, [...secretsOfTarget(target), ...request.secretValues])
        : null,
    finishedAt: new Date(ctx.clock()),
  }
  return {
    attempt,
    httpStatus: result.answer?.status ?? null,
    retryAfter: result.answer?.headers.find(([name]) => name === 'retry-after')?.[1] ?? null,
  }
}

/** A connection that a proxy cut looks the same. */
const noLengthNote =
  'The answer had neither a content-length nor chunks: it was taken to be complete when the connection ended.'

function outcomeOf(request: AttemptRequest, result: ExchangeResult, redaction: Redaction): Outcome | null {
  const { type } = request.target
  const { answer, failure } = result
  // For an event only reception counts: once a 2xx has come, what happens to the body after it changes nothing.
  const received = type === 'siem' && answer !== null && answer.status >= 200 && answer.status < 300
  if (failure && !received) {
    return redactOutcome(failedOutcome(failure.reason, failure.finding, failure.advice), redaction)
  }
  const complete = answer as HttpAnswer
  if (request.mayAnswerLater && wantsCallback(complete)) return null
  const outcome = redactOutcome(readOutcome(type, complete, redaction.text), redaction)
  if (!endsWithConnection(complete)) return outcome
  return { ...outcome, explanation: `${outcome.explanation} ${noLengthNote}`.trimStart() }
}

/** An outcome without secrets that the receiver echoed. */
export function redactOutcome(outcome: Outcome, { text }: Redaction): Outcome {
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
