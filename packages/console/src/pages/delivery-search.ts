import type { DeliveryStatus } from '@keyhook/contract/api/delivery.ts'
import { failureReasons } from '@keyhook/contract/outcome.ts'
import { webhookTypes } from '@keyhook/contract/webhook-type.ts'
import { api } from '../api.ts'
import { oneOf, text } from '../components/search-params.ts'

/** Every status and its name for people. */
export const statusLabels: Readonly<Record<DeliveryStatus, string>> = {
  succeeded: 'Succeeded',
  failed: 'Failed',
  sending: 'Sending',
  pending: 'Pending',
  awaiting_callback: 'Awaiting callback',
  skipped: 'Skipped',
}
const statuses = Object.keys(statusLabels) as DeliveryStatus[]

/** The filters of the delivery list, as the API names them. */
export function deliverySearch(raw: Record<string, unknown>) {
  return {
    webhook_id: text(raw, 'webhook_id'),
    type: oneOf(raw, 'type', webhookTypes),
    status: oneOf(raw, 'status', statuses),
    failure_reason: oneOf(raw, 'failure_reason', failureReasons),
    test: oneOf(raw, 'test', ['true', 'false']),
    from: text(raw, 'from'),
    to: text(raw, 'to'),
    cursor: text(raw, 'cursor'),
  }
}

export type DeliverySearch = ReturnType<typeof deliverySearch>

export function deliveryListOf(search: DeliverySearch) {
  return api.deliveryList({ ...search, limit: 50 })
}
