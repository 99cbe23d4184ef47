import { z } from 'zod'
import { settingDefaults } from '../setting-limits.ts'
import { webhookTypes } from '../webhook-type.ts'
import {
  authenticationChange,
  authenticationInput,
  authenticationRead,
  certificateAuthorityInput,
  certificateAuthorityRead,
  clientCertificateChange,
  clientCertificateInput,
  clientCertificateRead,
} from './authentication.ts'
import { pageOf, pageQuery, timestamp } from './list.ts'
import { streamChange, streamDraft, streamInput } from './stream.ts'
import { line, paragraph } from './text.ts'
import {
  callbackDeadline,
  circuitBreaker,
  circuitRead,
  concurrencyLimit,
  condition,
  deliveryPerPermission,
  maxWait,
  retryPolicy,
} from './webhook-settings.ts'

/** The whole exchange (connect, headers, body) may take this long. Source: design, how the answer is read. */
export const timeLimitMs = { min: 1_000, max: 60_000, default: 15_000 } as const

/** At most this many custom headers on a webhook. */
export const maxHeaders = 50

const type = z.enum(webhookTypes)
const name = line(100).describe('Name for people, 1 to 100 characters')
const description = paragraph(2_000).nullable().describe('What it is for, up to 2,000 characters')
const endpointUrl = z
  .string()
  .min(1, 'Enter the address that the webhook is POSTed to, for example https://hooks.example.com/keyhook')
  .max(2_048, 'At most 2,048 characters')
  .describe('Where the webhook is POSTed')
const timeLimit = z
  .int('A whole number of milliseconds')
  .min(timeLimitMs.min, 'At least 1000 (1 second)')
  .max(timeLimitMs.max, 'At most 60000 (60 seconds)')
  .describe('Milliseconds for the whole exchange, 1000 to 60000')
const headerName = z.string().min(1, 'Enter a header name').max(256, 'At most 256 characters')
const headerValue = z.string().max(4_096, 'At most 4,096 characters')

/** A custom header as it is written. */
export const headerInput = z.strictObject({ name: headerName, value: headerValue })
/** In a change, an item without `value` keeps the stored value of that name. */
export const headerChange = z.strictObject({ name: headerName, value: headerValue.optional() })
/** A custom header as it is read back: values are write-only. */
export const headerRead = z.object({ name: z.string(), is_set: z.literal(true) })

const signingSecret = z
  .string()
  .describe('`whsec_` and base64 of 24 to 64 bytes (Standard Webhooks). Made for you when absent')

const v1aSignature = z
  .boolean()
  .describe('Sign with Ed25519 (`v1a`) beside HMAC (`v1`); receivers then need only the public key')

/** Settings that have a default; a change may leave each out. */
const settings = {
  certificate_authority: certificateAuthorityInput.nullable(),
  v1a_signature: v1aSignature,
  retry_policy: retryPolicy
    .nullable()
    .describe('Only for an endpoint where the same delivery may arrive twice; null: sent once'),
  concurrency_limit: concurrencyLimit,
  max_wait_ms: maxWait,
  circuit_breaker: circuitBreaker.nullable().describe('null: never pauses'),
  condition: condition.nullable(),
  callback_deadline_seconds: callbackDeadline.nullable(),
  delivery_per_permission: deliveryPerPermission,
}

const settingsCreate = {
  certificate_authority: settings.certificate_authority.default(settingDefaults.certificate_authority),
  v1a_signature: settings.v1a_signature.default(settingDefaults.v1a_signature),
  retry_policy: settings.retry_policy.default(settingDefaults.retry_policy),
  concurrency_limit: settings.concurrency_limit.default(settingDefaults.concurrency_limit),
  max_wait_ms: settings.max_wait_ms.default(settingDefaults.max_wait_ms),
  circuit_breaker: settings.circuit_breaker.default(settingDefaults.circuit_breaker),
  condition: settings.condition.default(settingDefaults.condition),
  callback_deadline_seconds: settings.callback_deadline_seconds.default(
    settingDefaults.callback_deadline_seconds,
  ),
  delivery_per_permission: settings.delivery_per_permission.default(settingDefaults.delivery_per_permission),
}

export const webhookCreate = z
  .strictObject({
    type,
    name,
    description: description.default(null),
    endpoint_url: endpointUrl,
    headers: z.array(headerInput).max(maxHeaders, `At most ${maxHeaders} headers`).default([]),
    time_limit_ms: timeLimit.default(timeLimitMs.default),
    enabled: z.boolean().default(true),
    authentication: authenticationInput.default({ type: 'none' }),
    client_certificate: clientCertificateInput.nullable().default(null),
    ...settingsCreate,
    stream: streamInput.nullable().default(null).describe('Only of a SIEM webhook; null: as usual'),
    signing_secret: signingSecret.optional(),
  })
  .meta({ id: 'WebhookCreate' })

/** In a form or a change each may be left out, which keeps what is stored. */
const settingsChange = {
  authentication: authenticationChange.nullable().optional(),
  client_certificate: clientCertificateChange.nullable().optional(),
  certificate_authority: settings.certificate_authority.optional(),
  v1a_signature: settings.v1a_signature.nullable().optional(),
  retry_policy: settings.retry_policy.optional(),
  concurrency_limit: settings.concurrency_limit.nullable().optional(),
  max_wait_ms: settings.max_wait_ms.nullable().optional(),
  circuit_breaker: settings.circuit_breaker.optional(),
  condition: settings.condition.optional(),
  callback_deadline_seconds: settings.callback_deadline_seconds.optional(),
  delivery_per_permission: settings.delivery_per_permission.nullable().optional(),
}

/** A webhook as a form holds it: what is stored already may be left out, values of headers and settings. */
export const webhookDraft = webhookCreate
  .extend({
    headers: z.array(headerChange).max(maxHeaders, `At most ${maxHeaders} headers`).default([]),
    ...settingsChange,
    stream: streamDraft.nullable().optional(),
  })
  .meta({ id: 'WebhookDraft' })

/** JSON Merge Patch (RFC 7396): absent keeps, null clears. */
export const webhookChange = z
  .strictObject({
    name: name.optional(),
    description: description.optional(),
    endpoint_url: endpointUrl.optional(),
    headers: z.array(headerChange).max(maxHeaders, `At most ${maxHeaders} headers`).nullable().optional(),
    time_limit_ms: timeLimit.nullable().optional(),
    enabled: z.boolean().optional(),
    ...settingsChange,
    stream: streamChange.nullable().optional(),
  })
  .meta({ id: 'WebhookChange' })

export const webhookRead = z
  .object({
    id: z.string(),
    type,
    name: z.string(),
    description: z.string().nullable(),
    endpoint_url: z.string(),
    headers: z.array(headerRead),
    time_limit_ms: z.int(),
    enabled: z.boolean(),
    authentication: authenticationRead,
    client_certificate: clientCertificateRead.nullable(),
    certificate_authority: certificateAuthorityRead.nullable(),
    v1a_signature: z.boolean(),
    retry_policy: retryPolicy.nullable(),
    concurrency_limit: z.int(),
    max_wait_ms: z.int(),
    circuit_breaker: circuitBreaker.nullable(),
    condition: z.string().nullable(),
    callback_deadline_seconds: z.int().nullable(),
    delivery_per_permission: z.boolean(),
    stream: streamInput.nullable().describe('How events are sent; null for inline webhooks'),
    signing: z.object({
      public_key: z.string().nullable().describe('`whpk_…` of the current `v1a` key; null without one'),
      rotating_until: timestamp.nullable().describe('Until then the key before signs too'),
    }),
    circuit: circuitRead,
    recent_deliveries: z
      .array(z.object({ id: z.string(), status: z.string(), test: z.boolean(), created_at: timestamp }))
      .describe('The last ten, newest first'),
    created_at: timestamp,
    updated_at: timestamp,
  })
  .meta({ id: 'Webhook' })

/** The answer to a creation: the only time the signing secret is shown. */
export const webhookCreated = webhookRead
  .extend({ signing_secret: z.string().describe('Shown this once; give it to the receiver') })
  .meta({ id: 'WebhookCreated' })

export const webhookPage = pageOf(webhookRead)
export const webhookListQuery = z.strictObject({ ...pageQuery, type: type.optional() })

export type WebhookCreate = z.infer<typeof webhookCreate>
export type WebhookChange = z.infer<typeof webhookChange>
export type WebhookDraft = z.infer<typeof webhookDraft>
export type WebhookRead = z.infer<typeof webhookRead>
export type WebhookCreated = z.infer<typeof webhookCreated>
export type HeaderInput = z.infer<typeof headerInput>
export type HeaderChange = z.infer<typeof headerChange>
