/** What goes over the wire: the bytes of the payload and the headers of one attempt. Pure but for random trace ids. */
import { sign } from '@keyhook/contract/signature.ts'
import type { FastifyRequest } from 'fastify'
import { pooledRandomBytes } from '../lib/random-pool.ts'
import { version } from '../lib/version.ts'
import type { WebhookTarget } from '../webhooks/webhook.ts'

/** Says which members the payload has; raised only when one would change its meaning, which we do not do lightly. */
const payloadVersion = '1'

export type HeaderLine = readonly [name: string, value: string]

/** What the bytes of the body are. */
export type BodyContent = { readonly type: string; readonly gzip: boolean }

/**
 * The headers of one attempt in the order they are sent: ours, then the custom ones. `webhook-id` is the delivery id
 * and stays the same on every attempt; the time and with it the signature do not (Standard Webhooks). `payload` is what
 * is signed: the body before it is compressed, as receivers see it behind their server.
 */
export function attemptHeaders(
  target: Pick<WebhookTarget, 'type' | 'headers' | 'signingKeys'>,
  deliveryId: string,
  payload: Uint8Array,
  now: number,
  traceparent: string,
  content: BodyContent,
): HeaderLine[] {
  const seconds = Math.floor(now / 1000)
  return [
    ['content-type', content.type],
    ...(content.gzip ? [['content-encoding', 'gzip'] as const] : []),
    ['accept', 'application/json'],
    // An encoded answer would let a small one grow large; it is not offered and not read.
    ['accept-encoding', 'identity'],
    ['user-agent', `keyhook/${version}`],
    ['webhook-id', deliveryId],
    ['webhook-timestamp', String(seconds)],
    ['webhook-signature', sign(target.signingKeys, deliveryId, seconds, payload)],
    ['keyhook-webhook-type', target.type],
    ['keyhook-payload-version', payloadVersion],
    ['traceparent', traceparent],
    ...target.headers.map(({ name, value }) => [name, value] as const),
  ]
}

/** The trace context that a caller sent. */
export function traceOf(request: FastifyRequest): string | undefined {
  const header = request.headers.traceparent
  return typeof header === 'string' ? header : undefined
}

/** A W3C trace context: the caller's trace goes on, else a new one begins; the span is always ours. */
export function traceparentFor(incoming: string | undefined): string {
  const match = /^00-([0-9a-f]{32})-[0-9a-f]{16}-([0-9a-f]{2})$/.exec(incoming ?? '')
  const known = match?.[1] && !/^0+$/.test(match[1]) ? match : null
  return `00-${known?.[1] ?? randomHex(16)}-${randomHex(8)}-${known?.[2] ?? '01'}`
}

const randomHex = (bytes: number) => Buffer.from(pooledRandomBytes(bytes)).toString('hex')
