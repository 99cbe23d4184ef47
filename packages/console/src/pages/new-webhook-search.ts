import { webhookTypes } from '@keyhook/contract/webhook-type.ts'
import { oneOf, text } from '../components/search-params.ts'

/** A new webhook: its type once chosen, the address that the sandbox gave, the webhook it is a copy of. */
export function newWebhookSearch(raw: Record<string, unknown>) {
  return {
    type: oneOf(raw, 'type', webhookTypes),
    endpoint_url: text(raw, 'endpoint_url'),
    from: text(raw, 'from'),
  }
}
