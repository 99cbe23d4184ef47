/** When a delivery may be sent again by hand, and when that could do something twice. */
import type { FailureReason } from '@keyhook/contract/outcome.ts'
import type { DeliveryRow } from './delivery-store.ts'

/** Failures before the first byte of the payload left, so that the receiver cannot have acted on it. */
export const reasonsBeforeSending: readonly FailureReason[] = [
  'address_blocked',
  'tls',
  'webhook_disabled',
  'circuit_open',
  'auth_failed',
  'condition_failed',
]

type Ended = Pick<DeliveryRow, 'status' | 'test' | 'webhook_id'>

/** Why it cannot be sent again, in a sentence; null when it can. */
export function whyNotRetryable({ status, webhook_id }: Ended): string | null {
  if (webhook_id === null) return 'It was the test of a webhook that was not saved: test that webhook again.'
  if (status === 'skipped') return 'It was skipped because the condition of the webhook was false.'
  if (status === 'succeeded' || status === 'failed') return null
  return 'It has not ended yet: wait for its outcome.'
}

/**
 * Why sending it again could do something twice, in a sentence; null when it cannot. `mayHaveArrived`: by this sending or
 * an earlier one.
 */
export function repeatWarning({ status, test }: Ended, mayHaveArrived: boolean): string | null {
  if (test) return null
  if (status === 'succeeded') {
    return 'This delivery succeeded: the receiver has acted on it and may do so a second time.'
  }
  if (!mayHaveArrived) return null
  return 'The receiver may have got this delivery: unless it remembers webhook-id, it may act on it a second time.'
}
