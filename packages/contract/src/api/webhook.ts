import { z } from 'zod'
import { webhookTypes } from '../webhook-type.ts'
import { pageOf, pageQuery, timestamp } from './list.ts'
import { line, paragraph } from './text.ts'

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

export const webhookCreate = z
  .strictObject({
    type,
    name,
    description: description.default(null),
    endpoint_url: endpointUrl,
    headers: z.array(headerInput).max(maxHeaders, `At most ${maxHeaders} headers`).default([]),
    time_limit_ms: timeLimit.default(timeLimitMs.default),
    enabled: z.boolean().default(true),
    signing_secret: signingSecret.optional(),
  })
  .meta({ id: 'WebhookCreate' })

/** A webhook as a form holds it: values of headers that are stored already may be left out. */
export const webhookDraft = webhookCreate
  .extend({ headers: z.array(headerChange).max(maxHeaders, `At most ${maxHeaders} headers`).default([]) })
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
