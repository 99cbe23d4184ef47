/** Sends one batch of a stream, once, and says what it was worth. */
import type { Outcome } from '@keyhook/contract/outcome.ts'
import { parseRetryAfter } from '@keyhook/contract/retry-policy.ts'
import type { SiemEntry } from '@keyhook/contract/siem/formats.ts'
import type { Context } from '../context.ts'
import type { StoredEntries } from '../db/schema.ts'
import type { PlannedBatch } from '../db/stream-schema.ts'
import type { Dispatcher } from '../deliveries/deliver.ts'
import { traceparentFor } from '../deliveries/delivery-request.ts'
import type { FinishedAttempt } from '../deliveries/delivery-store.ts'
import { contentOf, formatEntries } from '../deliveries/entries-payload.ts'
import { type Tried, tryOnce, wireBody } from '../deliveries/try-once.ts'
import type { EndpointAuth } from '../endpoint-auth/endpoint-auth.ts'
import { streamOf } from '../webhooks/stream-settings.ts'
import type { Webhook } from '../webhooks/webhook.ts'
import { isRefusal, type Verdict, type VerdictRules, verdictOf } from './stream-verdict.ts'

/** A batch after a try: with what is now known of it. */
export type SentBatch = {
  readonly batch: PlannedBatch
  readonly verdict: Verdict
  readonly stored: StoredEntries
  /** null when nothing was sent: it is too large for one POST, or there is no token for the endpoint. */
  readonly attempt: FinishedAttempt | null
  readonly outcome: Outcome | null
  readonly httpStatus: number | null
  readonly retryAfterMs: number | null
}

export type SendParts = { endpointAuth: EndpointAuth; dispatcher: Pick<Dispatcher, 'sending'> }

export async function sendBatch(
  ctx: Context,
  { endpointAuth, dispatcher }: SendParts,
  webhook: Webhook,
  { batch, entries, rules }: { batch: PlannedBatch; entries: readonly SiemEntry[]; rules: VerdictRules },
): Promise<SentBatch> {
  const { format, gzip, batch_bytes } = streamOf(webhook.settings)
  const { body, contentType } = formatEntries(ctx, format, entries)
  const stored = { format, content_type: contentType, gzip, runs: batch.runs, count: batch.count }
  const unsent = { stored, attempt: null, httpStatus: null, retryAfterMs: null }
  if (body.length > batch_bytes && batch.count > 1)
    return { ...unsent, batch, verdict: 'split', outcome: null }
  const content = contentOf(stored)
  const wire = await wireBody(body, content)
  const made = { ...batch, attempts: batch.attempts + 1 }
  const once = () =>
    tryOnce(ctx, endpointAuth, {
      target: webhook,
      deliveryId: batch.id,
      number: made.attempts,
      payload: body,
      content,
      wire,
      timeLimitMs: webhook.timeLimitMs,
      traceparent: traceparentFor(undefined),
      mayAnswerLater: false,
    })
  const over = dispatcher.sending(batch.id, webhook)
  const tried = await withFreshToken(once).finally(over)
  if (tried.unsent) return { ...unsent, batch, verdict: 'later', outcome: tried.unsent }
  const { attempt, httpStatus, retryAfter } = tried.attempted
  // Only inline webhooks answer later.
  const outcome = attempt.outcome as Outcome
  const refusals = batch.refusals + (isRefusal(outcome, httpStatus) ? 1 : 0)
  return {
    batch: { ...made, refusals },
    verdict: verdictOf({ outcome, httpStatus, count: batch.count, suspect: batch.suspect, refusals }, rules),
    stored,
    attempt,
    outcome,
    httpStatus,
    retryAfterMs: retryAfter === null ? null : parseRetryAfter(retryAfter, ctx.clock()),
  }
}

/** Tries; when the token was refused, renews it once, and what comes of that counts. */
async function withFreshToken(once: () => Promise<Tried>): Promise<Tried> {
  const tried = await once()
  if (tried.unsent !== null || tried.attempted.httpStatus !== 401 || !tried.renew) return tried
  tried.renew()
  return once()
}
