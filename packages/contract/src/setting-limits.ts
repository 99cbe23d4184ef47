/** Limits and defaults of a webhook's settings. Without the schema library, so that the console can use them. */

/** How many deliveries of one webhook may be under way at a time. */
export const concurrencyLimits = { min: 1, max: 64, default: 32 } as const
/** How long a delivery may wait for a free place, in milliseconds. */
export const maxWaitLimits = { min: 0, max: 60_000, default: 5_000 } as const
/** How long a late answer may take, in seconds. */
export const callbackDeadlineLimits = { min: 60, max: 2_592_000, default: 86_400 } as const
/** How long the old key still signs after a rotation, in seconds. */
export const overlapLimits = { min: 0, max: 2_592_000, default: 86_400 } as const
/** The longest condition, in characters. */
export const maxConditionLength = 4_096

/** What a retry policy is unless it is said otherwise. */
export const defaultRetryPolicy = { max_attempts: 3, first_delay_ms: 250, max_delay_ms: 5_000 } as const

/** What a circuit breaker is unless it is said otherwise. */
export const defaultCircuitBreaker = {
  failure_share: 0.5,
  minimum_calls: 10,
  window_seconds: 60,
  pause_seconds: 30,
} as const

/** How the events of the activity log are streamed to a SIEM webhook. */
export const streamLimits = {
  batch_events: { min: 1, max: 1_000 },
  batch_wait_ms: { min: 0, max: 60_000 },
  batch_bytes: { min: 1_024, max: 16_777_216 },
  lag_alert_seconds: { min: 60, max: 604_800 },
  /** Entries in the list of event types. */
  event_types: 200,
} as const

/** What the stream of a SIEM webhook is unless it is said otherwise. */
export const streamDefaults = {
  format: 'lumos',
  batch_events: 1,
  batch_wait_ms: 1_000,
  batch_bytes: 1_000_000,
  gzip: false,
  strict_order: false,
  event_types: null,
  lag_alert_seconds: 900,
  heartbeat: false,
  start: 'now',
} as const

/** What a new webhook has unless it is said otherwise. */
export const settingDefaults = {
  certificate_authority: null,
  v1a_signature: false,
  retry_policy: null,
  concurrency_limit: concurrencyLimits.default,
  max_wait_ms: maxWaitLimits.default,
  circuit_breaker: defaultCircuitBreaker,
  condition: null,
  callback_deadline_seconds: null,
  delivery_per_permission: false,
  stream: null,
} as const
