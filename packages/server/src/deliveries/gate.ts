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
export function gate(parts: GateParts, webhook: Webhook, payload: Uint8Array): Passage {
  const bySettings = refusedBySettings(parts, webhook, payload)
  if (bySettings) return { refused: bySettings, admission: null }
  const { circuitBreaker } = webhook.settings
  if (circuitBreaker === null) return { refused: null, admission: null }
  const admission = parts.circuits.admit(webhook.id, circuitBreaker)
  if ('refused' in admission)
    return { refused: failedOutcome('circuit_open', admission.refused), admission: null }
  return { refused: null, admission }
}

/** What `gate` would say to a delivery, without letting one through: a circuit that waits for its probe stays so. */
export function lookThroughGate(
  parts: GateParts,
  webhook: Webhook,
  payload: Uint8Array,
): { readonly passes: boolean; readonly explanation: string } {
  const bySettings = refusedBySettings(parts, webhook, payload)
  if (bySettings) return { passes: false, explanation: bySettings.explanation }
  const { condition, circuitBreaker } = webhook.settings
  const ready = `The webhook is enabled, ${condition === null ? 'has no condition' : 'its condition holds'}`
  if (circuitBreaker === null)
    return { passes: true, explanation: `${ready}, and it has no circuit breaker.` }
  const circuit = parts.circuits.look(webhook.id)
  if ('refused' in circuit) return { passes: false, explanation: circuit.refused }
  return {
    passes: true,
    explanation:
      circuit.admits === 'probe'
        ? `${ready}, and its circuit is half open: the next delivery finds out whether the endpoint works again.`
        : `${ready}, and its circuit is closed.`,
  }
}

/** Disabled, or its condition does not hold; null when neither. */
function refusedBySettings(
  { conditions }: GateParts,
  { enabled, settings }: Webhook,
  payload: Uint8Array,
): DeliveryOutcome | null {
  if (!enabled) return failedOutcome('webhook_disabled', 'The webhook is disabled, so nothing was sent.')
  return settings.condition === null ? null : askCondition(conditions, settings.condition, payload)
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
