/**
 * The circuit breaker of one webhook, pure: closed while the endpoint works, open after too many failures, half open while
 * one delivery finds out how it is. Source: M. Nygard, "Release It!"; the window of outcomes as in resilience4j.
 */
import type { CircuitBreakerSetting } from '@keyhook/contract/api/webhook-settings.ts'
import type { FailureReason, Outcome } from '@keyhook/contract/outcome.ts'

/** Calls of one tenth of the window. */
type Bucket = { readonly startedAt: number; readonly calls: number; readonly failures: number }

export type ClosedCircuit = { readonly kind: 'closed'; readonly buckets: readonly Bucket[] }

/** Plain data, so that it can be stored. Times in epoch milliseconds. */
export type OpenCircuit = {
  readonly kind: 'open'
  readonly since: number
  /** What opened it. */
  readonly calls: number
  readonly failures: number
  readonly lastReason: FailureReason
  /** Until the next probe; doubles with each one that fails. */
  readonly pauseMs: number
  readonly probeAt: number
  /** When the probe under way began; null without one. */
  readonly probingSince: number | null
}

export type Circuit = ClosedCircuit | OpenCircuit

export const closedCircuit: ClosedCircuit = { kind: 'closed', buckets: [] }

const bucketsPerWindow = 10
const longestPauseMs = 10 * 60_000
/** A probe that says nothing for this long is lost with its process; the next one may go. */
const probeLostAfterMs = 90_000

/** What the failures of an endpoint say about it, rather than about our configuration or one payload. */
const signsOfIllness: readonly FailureReason[] = ['timeout', 'connection', 'tls', 'protocol']

/**
 * Whether an attempt counts as a failure of the endpoint. A 4xx, an unreadable answer or a `false` come from a receiver
 * that is alive; 429 and 5xx from one that needs a rest. null: it does not count at all, as nothing reached the endpoint.
 */
export function judge(outcome: Outcome | null, httpStatus: number | null): 'good' | 'bad' | null {
  if (outcome?.status !== 'failed') return 'good'
  const { failure_reason } = outcome
  if (signsOfIllness.includes(failure_reason)) return 'bad'
  if (failure_reason === 'http_status') return httpStatus === 429 || (httpStatus ?? 0) >= 500 ? 'bad' : 'good'
  return httpStatus === null ? null : 'good'
}

/** Whether a delivery may go: as usual, as the probe, or not before `probeAt`. */
export function admits(circuit: Circuit, now: number): 'normal' | 'probe' | 'refused' {
  if (circuit.kind === 'closed') return 'normal'
  const probing = circuit.probingSince !== null && now - circuit.probingSince < probeLostAfterMs
  return !probing && now >= circuit.probeAt ? 'probe' : 'refused'
}

/** The circuit once a probe is under way. */
export function probing(circuit: OpenCircuit, now: number): OpenCircuit {
  return { ...circuit, probingSince: now }
}

/** The circuit once a probe ended without saying anything. */
export function probeGone(circuit: Circuit): Circuit {
  return circuit.kind === 'open' ? { ...circuit, probingSince: null } : circuit
}

/**
 * After a probe: closed when it went well, else open for twice as long, up to ten minutes or the pause of the settings
 * where that is longer. A probe whose failure was told already (it tried again) does not double the pause once more.
 */
export function afterProbe(circuit: OpenCircuit, verdict: 'good' | 'bad', now: number): Circuit {
  if (verdict === 'good') return closedCircuit
  if (circuit.probingSince === null) return circuit
  const pauseMs = Math.max(circuit.pauseMs, Math.min(circuit.pauseMs * 2, longestPauseMs))
  return { ...circuit, pauseMs, probeAt: now + pauseMs, probingSince: null }
}

/** After a usual call: opens when the share of failures in the window is reached. */
export function afterCall(
  circuit: ClosedCircuit,
  settings: CircuitBreakerSetting,
  verdict: 'good' | 'bad',
  reason: FailureReason | null,
  now: number,
): Circuit {
  const windowMs = settings.window_seconds * 1000
  const bucketMs = windowMs / bucketsPerWindow
  const startedAt = Math.floor(now / bucketMs) * bucketMs
  const recent = circuit.buckets.filter(
    (bucket) => bucket.startedAt > now - windowMs && bucket.startedAt <= now,
  )
  const current = recent.find((bucket) => bucket.startedAt === startedAt) ?? {
    startedAt,
    calls: 0,
    failures: 0,
  }
  const counted = {
    startedAt,
    calls: current.calls + 1,
    failures: current.failures + (verdict === 'bad' ? 1 : 0),
  }
  const buckets = [...recent.filter((bucket) => bucket !== current), counted]
  const calls = buckets.reduce((sum, bucket) => sum + bucket.calls, 0)
  const failures = buckets.reduce((sum, bucket) => sum + bucket.failures, 0)
  const opens =
    verdict === 'bad' && calls >= settings.minimum_calls && failures / calls >= settings.failure_share
  if (!opens) return { kind: 'closed', buckets }
  const pauseMs = settings.pause_seconds * 1000
  return {
    kind: 'open',
    since: now,
    calls,
    failures,
    lastReason: reason ?? 'connection',
    pauseMs,
    probeAt: now + pauseMs,
    probingSince: null,
  }
}
