/** What an attempt to send events means for the stream. Pure. */
import type { Outcome } from '@keyhook/contract/outcome.ts'
import type { RetryPolicy } from '@keyhook/contract/retry-policy.ts'

/**
 * - `taken`: the receiver has the events.
 * - `later`: the receiver is not there, or not ready, or does not know us: nothing is wrong with the events, so they are sent
 *   again until it takes them.
 * - `again`: the receiver refused what was in it; it is tried a few times more.
 * - `split`: too large, or refused: smaller ones may go through, and show which event it is.
 * - `set_aside`: one event that is always refused; the stream goes on without it.
 */
export type Verdict = 'taken' | 'later' | 'again' | 'split' | 'set_aside'

/** Statuses that speak of the address, of who is asking, or of the moment, and never of an event. Source: RFC 9110, RFC 6585. */
const aboutTheEndpoint: readonly number[] = [401, 402, 403, 404, 405, 407, 408, 410, 421, 423, 425, 426, 429]
/** So many events in a row that were refused, and none that was taken: then it is not the events. */
const tooManyInARow = 20

export type Tried = {
  readonly outcome: Outcome
  readonly httpStatus: number | null
  /** Events in the batch. */
  readonly count: number
  /** How often it was refused, this time included if it was. */
  readonly refusals: number
  readonly suspect: boolean
}

export type VerdictRules = {
  /** Tries before an event that is refused is set aside. */
  readonly maxAttempts: number
  readonly strictOrder: boolean
  /** Events set aside since the last one that was taken. */
  readonly refusedInARow: number
}

/** Whether the answer says that something is wrong with what was sent. */
export function isRefusal(outcome: Outcome, httpStatus: number | null): boolean {
  if (outcome.status !== 'failed' || outcome.failure_reason !== 'http_status' || httpStatus === null)
    return false
  return httpStatus >= 400 && httpStatus < 500 && !aboutTheEndpoint.includes(httpStatus)
}

export function verdictOf(tried: Tried, rules: VerdictRules): Verdict {
  const { outcome, httpStatus, count, refusals, suspect } = tried
  if (outcome.status === 'succeeded') return 'taken'
  if (!isRefusal(outcome, httpStatus)) return 'later'
  if (httpStatus === 413 && count > 1) return 'split'
  if (count > 1) return suspect || refusals >= rules.maxAttempts ? 'split' : 'again'
  if (rules.strictOrder || rules.refusedInARow >= tooManyInARow) return 'later'
  return refusals >= rules.maxAttempts || httpStatus === 413 ? 'set_aside' : 'again'
}

/** A dead endpoint is asked at least this often, so that a stream goes on soon after it is back. Milliseconds. */
const longestPauseMs = 60_000
/** What the receiver asks for by `retry-after` is honoured up to this. Milliseconds. */
const longestAskedMs = 3_600_000
/** The share of the time without a success that the next pause is long. */
const pauseShare = 0.25

/**
 * Milliseconds until the next try when nothing has got through for `failingMs`; with jitter, `random` from 0 to 1. It grows
 * with that time and not with the number of tries: a few failures in a row of a receiver that takes every second POST
 * are no reason to stand still.
 */
export function pauseAfter(
  { first_delay_ms }: Pick<RetryPolicy, 'first_delay_ms'>,
  failingMs: number,
  { random, retryAfterMs }: { random: () => number; retryAfterMs: number | null },
): number {
  const longest = Math.min(longestPauseMs, Math.max(first_delay_ms, failingMs * pauseShare))
  const pause = longest * (0.5 + random() / 2)
  return retryAfterMs === null ? pause : Math.max(pause, Math.min(retryAfterMs, longestAskedMs))
}
