import { webhookTypes } from '@keyhook/contract/webhook-type.ts'
import { oneOf, text } from '../components/search-params.ts'

/** What the address of the Webhooks page may say. */
export function webhookSearch(raw: Record<string, unknown>) {
  return { type: oneOf(raw, 'type', webhookTypes), cursor: text(raw, 'cursor') }
}
