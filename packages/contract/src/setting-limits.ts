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
} as const
