/** What is written down before a delivery is sent, and how a delivery reads once it has ended. */
import { addEnvelope } from '@keyhook/contract/payload-envelope.ts'
import { webhookTypeTable } from '@keyhook/contract/webhook-type.ts'
import type { Context } from '../context.ts'
import { newId } from '../lib/ids.ts'
import type { WebhookTarget } from '../webhooks/webhook.ts'
import type { CallbackTokens } from './callback-token.ts'
import {
  type AttemptRow,
  type DeliveryOutcome,
  type DeliveryRow,
  type FinishedAttempt,
  failureReasonOf,
  type Intent,
} from './delivery-store.ts'
import { siemTest } from './siem-test.ts'

type IntentParts = {
  readonly id?: string
  readonly target: WebhookTarget
  readonly webhookId: string | null
  readonly payload: Readonly<Record<string, unknown>>
  readonly test: boolean
}

/** A new delivery. Its payload is serialised once: these bytes are signed, sent and stored. */
export function intentOf(
  ctx: Context,
  { target, webhookId, payload, test, ...given }: IntentParts,
  callbacks: CallbackTokens,
): Intent {
  const now = ctx.clock()
  const id = given.id ?? newId('dlv', now)
  const envelope = { webhook_type: target.type, delivery_id: id, test, sent_at: new Date(now).toISOString() }
  const sent = addEnvelope(payload, envelope, { overrideTest: test })
  if (allowsLateAnswers(target)) sent.callback_url = callbackUrl(ctx, callbacks.of(id))
  const siem = target.type === 'siem' ? siemTest(ctx, target, sent) : null
  return {
    id,
    webhook_id: webhookId,
    webhook_name: target.name,
    webhook_type: target.type,
    test,
    payload: siem?.payload ?? Buffer.from(JSON.stringify(sent)),
    process_id: ctx.lease.id,
    entries: siem?.entries ?? null,
  }
}

/** Where the receiver sends a late answer. */
export function callbackUrl(ctx: Context, token: string): string {
  return `${ctx.baseUrl()}/api/v1/callbacks/${token}`
}

export function allowsLateAnswers({ type, settings }: WebhookTarget): boolean {
  return settings.callbackDeadlineSeconds !== null && webhookTypeTable[type].kind === 'inline'
}

/** Whether the receiver of this very payload may answer later: it was told where to. */
export function mayAnswerLater(target: WebhookTarget, intent: Intent, callbacks: CallbackTokens): boolean {
  return allowsLateAnswers(target) && Buffer.from(intent.payload).includes(callbacks.of(intent.id))
}

/** The row of a delivery that has ended, as it was just written. */
export function endedRow(
  intent: Intent,
  outcome: DeliveryOutcome,
  at: Date,
  durationMs: number | null,
): DeliveryRow {
  return {
    ...intent,
    status: outcome.status,
    outcome,
    failure_reason: failureReasonOf(outcome),
    finished_at: at,
    duration_ms: durationMs,
    may_repeat: false,
  }
}

export function attemptRow(attempt: FinishedAttempt): AttemptRow {
  return {
    id: attempt.id,
    delivery_id: attempt.deliveryId,
    number: attempt.number,
    started_at: attempt.startedAt,
    duration_ms: attempt.durationMs,
    exchange: attempt.exchange,
    response_body: attempt.responseBody,
    outcome: attempt.outcome,
  }
}
