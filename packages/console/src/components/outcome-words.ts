import type { DeliverySummary } from '@keyhook/contract/api/delivery.ts'
import { failureLabels } from '@keyhook/contract/failure.ts'
import type { WebhookType } from '@keyhook/contract/webhook-type.ts'
import type { Tone } from '../ui/pill.tsx'

/** What a decision means, for people; `true` first. */
const decisionWords: Readonly<Record<WebhookType, readonly [yes: string, no: string]>> = {
  request_validation: ['Valid', 'Refused'],
  pre_approval: ['Pre-approved', 'Left to approvers'],
  provisioning: ['Provisioned', 'Not provisioned'],
  deprovisioning: ['Deprovisioned', 'Not deprovisioned'],
  siem: ['Received', 'Received'],
}

const waitingWords: Readonly<Record<string, string>> = {
  pending: 'Pending',
  sending: 'Sending',
  awaiting_callback: 'Awaiting callback',
  skipped: 'Skipped',
}

export type OutcomeWords = { readonly tone: Tone; readonly words: string }

/** The status of a delivery as one to three words and a tone. */
export function outcomeWords(
  delivery: Pick<DeliverySummary, 'status' | 'outcome' | 'webhook_type'>,
): OutcomeWords {
  const { outcome, status } = delivery
  if (outcome === null) return { tone: 'busy', words: waitingWords[status] ?? status }
  if (outcome.status === 'skipped') return { tone: 'quiet', words: 'Skipped' }
  if (outcome.status === 'failed') return { tone: 'bad', words: failureLabels[outcome.failure_reason] }
  const [yes, no] = decisionWords[delivery.webhook_type]
  return outcome.decision === false ? { tone: 'warn', words: no } : { tone: 'good', words: yes }
}
