/** How far a stream is after a round. Pure. */
import type { StreamFailure } from '../db/stream-schema.ts'
import type { SentBatch } from './stream-send.ts'
import type { StreamProgress } from './stream-store.ts'

/** The rate tells of about so much time, in milliseconds. */
const rateWindowMs = 10_000

/** All but what is planned next. `now` in epoch milliseconds; `tookMs`: the duration of the round. */
export function progressAfter(
  now: number,
  before: StreamProgress,
  sent: readonly SentBatch[],
  tookMs: number,
): StreamProgress {
  const taken = sent.filter(({ verdict }) => verdict === 'taken')
  const failed = sent.find(({ verdict }) => verdict === 'later' || verdict === 'again')
  const setAside = sent.filter(({ verdict }) => verdict === 'set_aside').length
  const events = taken.reduce((sum, { batch }) => sum + batch.count, 0)
  const at = new Date(now)
  return {
    ...before,
    sentEvents: before.sentEvents + events,
    rate: rateAfter(before.rate, events, tookMs),
    refusedInARow: taken.length > 0 ? 0 : before.refusedInARow + setAside,
    lastSuccessAt: taken.length > 0 ? at : before.lastSuccessAt,
    // Only when nothing gets through: some that are sent again are no reason to worry.
    failingSince: taken.length > 0 || !failed ? null : (before.failingSince ?? at),
    lastFailure: failed ? failureOf(failed, at) : before.lastFailure,
  }
}

function failureOf({ outcome, httpStatus, batch }: SentBatch, at: Date): StreamFailure {
  return {
    at: at.toISOString(),
    explanation: outcome?.explanation ?? '',
    http_status: httpStatus,
    refused_access:
      httpStatus === 401 || (outcome?.status === 'failed' && outcome.failure_reason === 'auth_failed'),
    delivery_id: batch.id,
  }
}

/** A mean that forgets: what a round of `tookMs` milliseconds adds to what was known. */
function rateAfter(rate: number, events: number, tookMs: number): number {
  const share = 1 - Math.exp(-Math.max(1, tookMs) / rateWindowMs)
  const measured = (events * 1_000) / Math.max(1, tookMs)
  return rate === 0 ? measured : rate + share * (measured - rate)
}
