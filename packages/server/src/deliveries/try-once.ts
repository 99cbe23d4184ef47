/** One attempt with the endpoint's authentication: what deliveries and streams of events have in common. */
import { promisify } from 'node:util'
import { gzip } from 'node:zlib'
import { failedOutcome } from '@keyhook/contract/failure.ts'
import type { FailedOutcome } from '@keyhook/contract/outcome.ts'
import type { Context } from '../context.ts'
import type { EndpointAuth } from '../endpoint-auth/endpoint-auth.ts'
import { unsendableHeader, type WebhookTarget } from '../webhooks/webhook.ts'
import { type Attempted, attemptOnce } from './attempt.ts'
import { attemptHeaders, type BodyContent } from './delivery-request.ts'

export type Try = {
  target: WebhookTarget
  deliveryId: string
  number: number
  /** What is signed. */
  payload: Uint8Array
  content: BodyContent
  /** The bytes that are sent: the payload, compressed if the content says so. */
  wire: Uint8Array
  timeLimitMs: number
  traceparent: string
  mayAnswerLater: boolean
}

/** `renew` forgets a token that the receiver refused; null when there is none. */
export type Tried =
  | { readonly unsent: FailedOutcome }
  | { readonly unsent: null; readonly attempted: Attempted; readonly renew: (() => void) | null }

const compress = promisify(gzip)

export async function wireBody(payload: Uint8Array, { gzip }: BodyContent): Promise<Uint8Array> {
  return gzip ? compress(payload) : payload
}

/** Sends once, within the time limit. Never throws. */
export async function tryOnce(ctx: Context, endpointAuth: EndpointAuth, attempt: Try): Promise<Tried> {
  const { target, deliveryId, payload, content, wire } = attempt
  const startedAt = performance.now()
  const remainingMs = () => Math.max(1, attempt.timeLimitMs - (performance.now() - startedAt))
  const unsendable = unsendableHeader(target)
  if (unsendable !== null) return { unsent: failedOutcome('protocol', `Nothing was sent: ${unsendable}`) }
  const headers = attemptHeaders(target, deliveryId, payload, ctx.clock(), attempt.traceparent, content)
  const authorized = await endpointAuth.authorize(target.settings.authentication, {
    url: target.endpointUrl,
    body: wire,
    timeLimitMs: remainingMs(),
    signal: ctx.shutdown,
  })
  if (!authorized.ok) return { unsent: failedOutcome('auth_failed', authorized.detail) }
  const attempted = await attemptOnce(ctx, {
    target,
    deliveryId,
    number: attempt.number,
    headers: [...headers, ...authorized.headers],
    secretValues: authorized.secretValues,
    body: wire,
    timeLimitMs: remainingMs(),
    mayAnswerLater: attempt.mayAnswerLater,
  })
  return { unsent: null, attempted, renew: authorized.renew ?? null }
}
