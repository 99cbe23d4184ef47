/** How a webhook is called: limits, retries, circuit breaker, condition, late answers. */
import { z } from 'zod'
import {
  callbackDeadlineLimits,
  concurrencyLimits,
  defaultCircuitBreaker,
  defaultRetryPolicy,
  maxConditionLength,
  maxWaitLimits,
  overlapLimits,
} from '../setting-limits.ts'
import { timestamp } from './list.ts'
import { atMostCharacters } from './text.ts'

const whole = (min: number, max: number, unit: string) =>
  z.int(`A whole number of ${unit}`).min(min, `At least ${min}`).max(max, `At most ${max}`)

export const concurrencyLimit = whole(concurrencyLimits.min, concurrencyLimits.max, 'deliveries').describe(
  'Deliveries of this webhook under way at a time; more wait for a free place',
)

export const maxWait = whole(maxWaitLimits.min, maxWaitLimits.max, 'milliseconds').describe(
  'Milliseconds that a delivery may wait for a free place; the wait counts in the time limit',
)

export const retryPolicy = z
  .strictObject({
    max_attempts: whole(2, 10, 'attempts')
      .default(defaultRetryPolicy.max_attempts)
      .describe('The first one included'),
    first_delay_ms: whole(50, 60_000, 'milliseconds')
      .default(defaultRetryPolicy.first_delay_ms)
      .describe('The longest pause before the second attempt; doubles from attempt to attempt'),
    max_delay_ms: whole(50, 60_000, 'milliseconds')
      .default(defaultRetryPolicy.max_delay_ms)
      .describe('The longest pause of all'),
  })
  .refine((policy) => policy.first_delay_ms <= policy.max_delay_ms, {
    path: ['max_delay_ms'],
    message: 'Must not be shorter than first_delay_ms',
  })
  .meta({ id: 'RetryPolicy' })

export const circuitBreaker = z
  .strictObject({
    failure_share: z
      .number('A number from 0.1 to 1, for example 0.5')
      .min(0.1, 'At least 0.1')
      .max(1, 'At most 1')
      .default(defaultCircuitBreaker.failure_share)
      .describe('Opens when this share of the calls in the window failed'),
    minimum_calls: whole(1, 1_000, 'calls')
      .default(defaultCircuitBreaker.minimum_calls)
      .describe('Fewer calls in the window never open it'),
    window_seconds: whole(10, 3_600, 'seconds').default(defaultCircuitBreaker.window_seconds),
    pause_seconds: whole(1, 3_600, 'seconds')
      .default(defaultCircuitBreaker.pause_seconds)
      .describe('From opening to the first probe; doubles with each probe that fails, up to 10 minutes'),
  })
  .meta({ id: 'CircuitBreaker' })

export const condition = z
  .string()
  .min(1, 'Enter a CEL expression, for example payload.access_length == null')
  .max(maxConditionLength, atMostCharacters(maxConditionLength))
  .describe('CEL over `payload`; when it is false, the delivery is skipped')

export const callbackDeadline = whole(
  callbackDeadlineLimits.min,
  callbackDeadlineLimits.max,
  'seconds',
).describe('The receiver may answer 202 `{"callback": true}` and give its answer this much later')

export const deliveryPerPermission = z
  .boolean()
  .describe('Provisioning and deprovisioning: each permission of a request is a delivery of its own')

/** What of a circuit breaker people and programs see. */
export const circuitRead = z
  .object({
    state: z.enum(['closed', 'open', 'half_open']),
    since: timestamp.nullable().describe('When it opened'),
    reason: z.string().nullable().describe('Why it opened, in a sentence'),
    next_probe_at: timestamp
      .nullable()
      .describe('When one delivery is let through to see how the endpoint is'),
  })
  .meta({ id: 'Circuit' })

export const rotateSigningSecret = z
  .strictObject({
    overlap_seconds: whole(overlapLimits.min, overlapLimits.max, 'seconds')
      .default(overlapLimits.default)
      .describe('For so long both the old and the new key sign'),
    signing_secret: z
      .string()
      .optional()
      .describe('`whsec_` and base64 of 24 to 64 bytes. Made for you when absent'),
  })
  .meta({ id: 'RotateSigningSecret' })

export type RetryPolicySetting = z.infer<typeof retryPolicy>
export type CircuitBreakerSetting = z.infer<typeof circuitBreaker>
export type CircuitRead = z.infer<typeof circuitRead>

/** Of all live webhooks with `v1a`, also the keys on their way out. */
export const publicKeys = z
  .object({
    keys: z.array(
      z.object({
        webhook_id: z.string(),
        public_key: z.string().describe('`whpk_` and base64 of 32 bytes'),
        retires_at: timestamp.nullable().describe('It does not sign after this; null: the current key'),
      }),
    ),
  })
  .meta({ id: 'PublicKeys' })
