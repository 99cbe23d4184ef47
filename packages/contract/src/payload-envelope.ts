import { z } from 'zod'
import { type WebhookType, webhookTypes } from './webhook-type.ts'

/** The members that the sender adds to every inline payload. */
export const payloadEnvelope = z.looseObject({
  webhook_type: z.enum(webhookTypes),
  delivery_id: z.string(),
  test: z.boolean().describe('True: the receiver must do nothing for real'),
  sent_at: z.iso.datetime(),
})

export type PayloadEnvelope = {
  readonly webhook_type: WebhookType
  readonly delivery_id: string
  readonly test: boolean
  /** RFC 3339, UTC, milliseconds. */
  readonly sent_at: string
}

/**
 * A payload as it is sent: the envelope's members where the caller did not set them. With `overrideTest` the
 * caller's `test` gives way to the envelope's, so that no edited payload makes a test look like a real call. Of a payload
 * that was sent before, a test keeps neither the id and the time nor the address for late answers: it is a delivery of its
 * own, and what is posted there would answer the other one.
 * A `siem` payload keeps its published shape, and only a test gets `test: true`.
 * The result is a new object; values are the same ones, so numbers kept by `parseJsonExactly` stay exact.
 */
export function addEnvelope(
  payload: Readonly<Record<string, unknown>>,
  envelope: PayloadEnvelope,
  { overrideTest }: { readonly overrideTest: boolean },
): Record<string, unknown> {
  // Spreading defines members instead of assigning them: an own `__proto__` of the payload stays data.
  const sent: Record<string, unknown> = { ...payload }
  if (envelope.webhook_type === 'siem') {
    if (envelope.test) sent.test = true
    return sent
  }
  const { webhook_type, delivery_id, test, sent_at } = envelope
  for (const [name, value] of Object.entries({ webhook_type, delivery_id, test, sent_at })) {
    if (!Object.hasOwn(payload, name)) sent[name] = value
  }
  if (!overrideTest) return sent
  if (sent.callback_url !== undefined) sent.callback_url = null
  return { ...sent, delivery_id, sent_at, test }
}
