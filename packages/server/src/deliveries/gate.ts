/** What is decided before anything is sent: disabled, condition, circuit breaker. Tests do not come here. */
import { failedOutcome } from '@keyhook/contract/failure.ts'
import type { Admission, Circuits } from '../circuit/circuits.ts'
import type { Conditions } from '../conditions/conditions.ts'
import type { Webhook } from '../webhooks/webhook.ts'
import type { DeliveryOutcome } from './delivery-store.ts'

export type Passage =
  | { readonly refused: DeliveryOutcome; readonly admission: null }
  | { readonly refused: null; readonly admission: Admission | null }

export type GateParts = { conditions: Conditions; circuits: Circuits }

/** `payload` as it would be sent. An admission must be given back. */
export function gate({ conditions, circuits }: GateParts, webhook: Webhook, payload: Uint8Array): Passage {
  const { settings } = webhook
  if (!webhook.enabled) {
    return refused(failedOutcome('webhook_disabled', 'The webhook is disabled, so nothing was sent.'))
  }
  if (settings.condition !== null) {
    const outcome = askCondition(conditions, settings.condition, payload)
    if (outcome) return refused(outcome)
  }
  if (settings.circuitBreaker === null) return { refused: null, admission: null }
  const admission = circuits.admit(webhook.id, settings.circuitBreaker)
  if ('refused' in admission) return refused(failedOutcome('circuit_open', admission.refused))
  return { refused: null, admission }
}

/** null when it holds. */
function askCondition(conditions: Conditions, text: string, payload: Uint8Array): DeliveryOutcome | null {
  const evaluated = conditions.evaluate(text, JSON.parse(Buffer.from(payload).toString()))
  if (!evaluated.ok) {
    return failedOutcome(
      'condition_failed',
      `Nothing was sent: the condition could not be evaluated. ${evaluated.detail}`,
    )
  }
  if (evaluated.holds) return null
  return {
    status: 'skipped',
    explanation: `Nothing was sent: the condition \`${text}\` is false for this payload.`,
  }
}

function refused(outcome: DeliveryOutcome): Passage {
  return { refused: outcome, admission: null }
}
