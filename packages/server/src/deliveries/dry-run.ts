import type { DryRunRead } from '@keyhook/contract/api/delivery.ts'
import type { Context } from '../context.ts'
import type { Webhook } from '../webhooks/webhook.ts'
import type { CallbackTokens } from './callback-token.ts'
import { intentOf } from './delivery-intent.ts'
import { attemptHeaders, traceparentFor } from './delivery-request.ts'
import { contentOf } from './entries-payload.ts'
import { type GateParts, lookThroughGate } from './gate.ts'
import { redactionFor } from './redaction.ts'

export type DryRunParts = GateParts & { callbackTokens: CallbackTokens }

/** What an invoke would send, or why it would send nothing. Nothing is sent, and nothing recorded. */
export function dryRun(
  ctx: Context,
  parts: DryRunParts,
  webhook: Webhook,
  payload: Readonly<Record<string, unknown>>,
): DryRunRead {
  const intent = intentOf(
    ctx,
    { target: webhook, webhookId: webhook.id, payload, test: false },
    parts.callbackTokens,
  )
  const { passes, explanation } = lookThroughGate(parts, webhook, intent.payload)
  const headers = attemptHeaders(
    webhook,
    intent.id,
    intent.payload,
    ctx.clock(),
    traceparentFor(undefined),
    contentOf(null),
  )
  return {
    dry_run: true,
    would_send: passes,
    explanation,
    request: {
      method: 'POST',
      url: webhook.endpointUrl,
      headers: redactionFor(webhook, [])
        .requestHeaders(headers)
        .map(([name, value]) => ({ name, value })),
      body: Buffer.from(intent.payload).toString(),
    },
  }
}
