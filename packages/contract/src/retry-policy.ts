/** When a failed delivery is sent again, and after which pause. Pure. */
import { parseHttpDate } from './http-date.ts'
import type { FailedOutcome, FailureReason } from './outcome.ts'

/** Delays in milliseconds; `max_attempts` counts the first one. */
export type RetryPolicy = {
  readonly max_attempts: number
  readonly first_delay_ms: number
  readonly max_delay_ms: number
}

/** Failures of the way to the receiver; what it answered cannot be mended by asking again. */
const passing: readonly FailureReason[] = ['timeout', 'connection']
/** Answers that say "not now". Source: RFC 9110 and RFC 6585; Standard Webhooks names 429, 502, 503 and 504. */
const passingStatuses: readonly number[] = [408, 425, 429, 500, 502, 503, 504]

/**
 * Whether sending it again could go better. Never for an answer that was read and is wrong, a redirect, a refused
 * address or a certificate: those stay as they are until someone changes them. Never for `interrupted` either: the
 * process that would try again is gone, and whether the receiver acted is not known.
 */
export function isRetryable({ failure_reason }: FailedOutcome, httpStatus: number | null): boolean {
  if (failure_reason === 'http_status') return httpStatus !== null && passingStatuses.includes(httpStatus)
  return passing.includes(failure_reason)
}

/** The longest pause before the attempt after `made` attempts, in milliseconds. */
export function longestDelay({ first_delay_ms, max_delay_ms }: RetryPolicy, made: number): number {
  return Math.min(max_delay_ms, first_delay_ms * 2 ** (made - 1))
}

/**
 * Milliseconds to wait after `made` attempts; null when there is no further one. Exponential with full jitter: anywhere
 * between nothing and the longest pause, so that many callers do not come back together. What the receiver asks for by
 * `retry-after` is honoured up to the longest pause of the policy, and is then the least.
 * Source: AWS Architecture Blog, "Exponential Backoff And Jitter".
 */
export function nextDelay(
  policy: RetryPolicy,
  made: number,
  { random, retryAfterMs }: { random: () => number; retryAfterMs: number | null },
): number | null {
  if (made >= policy.max_attempts) return null
  const jittered = random() * longestDelay(policy, made)
  if (retryAfterMs === null) return jittered
  return Math.max(jittered, Math.min(retryAfterMs, policy.max_delay_ms))
}

/**
 * Milliseconds from `now` that a `retry-after` (RFC 9110, 10.2.3) asks for: seconds or an HTTP date; 0 for a date in the
 * past, Infinity for more seconds than a number holds. null for what is neither.
 */
export function parseRetryAfter(value: string, now: number): number | null {
  const text = value.trim()
  if (/^\d+$/.test(text)) return Number(text) * 1000
  const at = parseHttpDate(text, now)
  return at === null ? null : Math.max(0, at - now)
}

/**
 * "3 attempts over at most 750 ms, or 10 s when the receiver asks for longer pauses": how many, and how long the pauses can
 * be together, without and with `retry-after`. `limitMs`: what all attempts have together; null for streams of events, which
 * have a time limit for each.
 */
export function describeRetryPolicy(policy: RetryPolicy, limitMs: number | null): string {
  let total = 0
  for (let made = 1; made < policy.max_attempts; made++) total += longestDelay(policy, made)
  const asked = (policy.max_attempts - 1) * policy.max_delay_ms
  if (limitMs !== null && total >= limitMs) {
    const fitting = attemptsWithin(policy, limitMs)
    const limit = describeDuration(limitMs)
    return `Up to ${policy.max_attempts} attempts within ${limit}; ${fitting} when the pauses are the longest`
  }
  const usual = `${policy.max_attempts} attempts over at most ${describeDuration(total)}`
  if (asked <= total) return usual
  return limitMs !== null && asked >= limitMs
    ? `${usual}; fewer within ${describeDuration(limitMs)} when the receiver asks for longer pauses`
    : `${usual}, or ${describeDuration(asked)} when the receiver asks for longer pauses`
}

/** How many attempts begin within a time when each pause is the longest and no attempt takes any time. */
function attemptsWithin(policy: RetryPolicy, limitMs: number): number {
  let spent = 0
  for (let made = 1; made < policy.max_attempts; made++) {
    spent += longestDelay(policy, made)
    if (spent >= limitMs) return made
  }
  return policy.max_attempts
}

/** 750 ms, 5 s, 1 min 30 s, 31 min, 2 h 5 min; rounded up, so that "at most" stays true. */
export function describeDuration(ms: number): string {
  if (ms <= 999) return `${Math.ceil(ms)} ms`
  const tenths = Math.ceil(ms / 100)
  if (tenths < 600) return `${tenths / 10} s`
  const seconds = Math.ceil(ms / 1_000)
  if (seconds < 600) return inTwo(seconds, 'min', 's')
  const minutes = Math.ceil(ms / 60_000)
  return minutes < 60 ? `${minutes} min` : inTwo(minutes, 'h', 'min')
}

/** 90 as "1 min 30 s": sixty of the small unit make one of the large. */
function inTwo(count: number, large: string, small: string): string {
  const rest = count % 60
  return `${Math.floor(count / 60)} ${large}${rest === 0 ? '' : ` ${rest} ${small}`}`
}
