import { z } from 'zod'
import { isJsonObject } from '../json-object.ts'
import { failureReasons } from '../outcome.ts'
import { webhookTypes } from '../webhook-type.ts'
import { moment, pageOf, pageQuery, timestamp } from './list.ts'
import { webhookDraft } from './webhook.ts'

export const deliveryStatuses = [
  'pending',
  'sending',
  'awaiting_callback',
  'skipped',
  'succeeded',
  'failed',
] as const
export type DeliveryStatus = (typeof deliveryStatuses)[number]

/** A response body is stored and shown up to this many bytes; `truncated` says when there was more. */
export const storedBodyBytes = 65_536

/** The largest payload that `invoke` and `test` take, in bytes of the request body. */
export const maxPayloadBytes = 1_048_576

/** A JSON object, passed on as it came. */
export const jsonObject = z
  .custom<Record<string, unknown>>(isJsonObject, 'Must be a JSON object')
  .meta({ type: 'object', additionalProperties: true })

export const outcomeRead = z
  .discriminatedUnion('status', [
    z.object({
      status: z.literal('succeeded'),
      decision: z.boolean().nullable().describe('null only for siem'),
      message: z.string().nullable().describe("The receiver's message, plain text"),
      explanation: z.string().describe('Which rule applied'),
    }),
    z.object({
      status: z.literal('failed'),
      failure_reason: z.enum(failureReasons),
      explanation: z.string().describe('What was found and what to change'),
      docs_url: z.string(),
    }),
    z.object({
      status: z.literal('skipped'),
      explanation: z.string().describe('Why nothing was sent: the condition of the webhook was false'),
    }),
  ])
  .meta({ id: 'Outcome' })

const headerLine = z.object({
  name: z.string(),
  value: z.string().describe('Secrets are masked'),
})

const milliseconds = z.number().nullable()

/** Milliseconds from the start of each phase to its end; null when the phase did not happen. */
export const timingsRead = z.object({
  dns_ms: milliseconds,
  connect_ms: milliseconds,
  tls_ms: milliseconds,
  first_byte_ms: milliseconds.describe('From the request being written to the first byte of the answer'),
  total_ms: z.number(),
})

export const attemptRead = z
  .object({
    id: z.string(),
    number: z.int(),
    started_at: timestamp,
    duration_ms: z.number(),
    request: z.object({
      method: z.literal('POST'),
      url: z.string(),
      headers: z.array(headerLine),
      body: z.string(),
    }),
    response: z
      .object({
        status: z.int(),
        headers: z.array(headerLine),
        body: z.string(),
        body_bytes: z.int().describe('Size of the body that was read'),
        truncated: z
          .boolean()
          .describe(`True when the body was longer than the ${storedBodyBytes} bytes kept`),
      })
      .nullable()
      .describe('null when no answer came'),
    timings: timingsRead,
    outcome: outcomeRead.nullable().describe('null: the receiver said that it answers later'),
  })
  .meta({ id: 'Attempt' })

/** A late answer: when it is due, and what came. */
export const callbackRead = z
  .object({
    deadline_at: timestamp,
    received_at: timestamp.nullable(),
    body: z.string().nullable().describe('What the receiver POSTed to the callback URL'),
  })
  .meta({ id: 'Callback' })

const summary = {
  id: z.string(),
  webhook_id: z.string().nullable().describe('null for the test of an unsaved webhook'),
  webhook_name: z.string(),
  webhook_type: z.enum(webhookTypes),
  test: z.boolean(),
  status: z.enum(deliveryStatuses),
  outcome: outcomeRead.nullable().describe('null until it is known'),
  created_at: timestamp,
  finished_at: timestamp.nullable(),
  duration_ms: z.number().nullable().describe('Of the last attempt'),
  events: z
    .int()
    .nullable()
    .describe('How many events a SIEM delivery carries; null for the others and for tests'),
}

export const deliverySummary = z.object(summary).meta({ id: 'DeliverySummary' })
export const deliveryRead = z
  .object({
    ...summary,
    payload: z.string().describe('The bytes that are signed and sent, as text'),
    callback: callbackRead.nullable().describe('Set once the receiver said that it answers later'),
    attempts: z.array(attemptRead),
  })
  .meta({ id: 'Delivery' })

/** A delivery as it is read by itself. */
export const deliveryDetail = deliveryRead
  .extend({
    access_request_id: z
      .string()
      .nullable()
      .describe('The access request that it was made for; null: for none'),
  })
  .meta({ id: 'DeliveryDetail' })

export const deliveryPage = pageOf(deliverySummary)
export const deliveryListQuery = z.strictObject({
  ...pageQuery,
  webhook_id: z.string().max(100).optional(),
  type: z.enum(webhookTypes).optional(),
  status: z.enum(deliveryStatuses).optional(),
  failure_reason: z.enum(failureReasons).optional(),
  test: z.enum(['true', 'false']).optional().describe('Only tests, or none'),
  from: moment.optional().describe('Created at or after'),
  to: moment.optional().describe('Created before'),
})

/** `payload` absent: the complete example of the webhook's type. */
export const webhookTest = z.strictObject({ payload: jsonObject.optional() }).meta({ id: 'WebhookTest' })
export const unsavedWebhookTest = z
  .strictObject({
    webhook: webhookDraft,
    webhook_id: z
      .string()
      .max(100)
      .optional()
      .describe(
        'The saved webhook that is being edited: its signing secret is used, and header items without a value take its stored values',
      ),
    payload: jsonObject.optional(),
  })
  .meta({ id: 'UnsavedWebhookTest' })
export const webhookInvoke = z
  .strictObject({
    payload: jsonObject,
    dry_run: z
      .boolean()
      .default(false)
      .describe('Send and record nothing; answer with what would be sent, or why nothing would be'),
  })
  .meta({ id: 'WebhookInvoke' })

/** The answer to an invoke with `dry_run: true`. */
export const dryRunRead = z
  .object({
    dry_run: z.literal(true),
    would_send: z.boolean(),
    explanation: z.string().describe('Why it would be sent or not'),
    request: z
      .object({
        method: z.literal('POST'),
        url: z.string(),
        headers: z.array(headerLine),
        body: z.string(),
      })
      .describe('Ids, times and signatures differ in a real delivery'),
  })
  .meta({ id: 'DryRun' })

/** `accept_repeat`: yes, the receiver may do it a second time. */
export const deliveryRetry = z
  .strictObject({ accept_repeat: z.boolean().default(false) })
  .meta({ id: 'DeliveryRetry' })

/** Which failed deliveries to send again. */
export const bulkRetry = z
  .strictObject({
    webhook_id: z.string().max(100).optional(),
    type: z.enum(webhookTypes).optional(),
    failure_reason: z.enum(failureReasons).optional(),
    from: moment.optional().describe('Created at or after'),
    to: moment.optional().describe('Created before'),
    preview: z.boolean().default(false).describe('Only count'),
    accept_repeat: z.boolean().default(false).describe('Also those whose receiver may have acted already'),
  })
  .meta({ id: 'BulkRetry' })

export const bulkRetryRead = z
  .object({
    matching: z.int().describe('Failed deliveries of saved webhooks that the filter finds, tests left out'),
    may_repeat: z.int().describe('Of these: the receiver may have acted on them already'),
    queued: z.int().describe('Now waiting to be sent again; 0 in a preview'),
  })
  .meta({ id: 'BulkRetryResult' })

export type OutcomeRead = z.infer<typeof outcomeRead>
export type AttemptRead = z.infer<typeof attemptRead>
export type DeliverySummary = z.infer<typeof deliverySummary>
export type DeliveryRead = z.infer<typeof deliveryRead>
export type DeliveryDetail = z.infer<typeof deliveryDetail>
export type Timings = z.infer<typeof timingsRead>
export type DryRunRead = z.infer<typeof dryRunRead>
export type CallbackRead = z.infer<typeof callbackRead>
export type BulkRetry = z.infer<typeof bulkRetry>
export type BulkRetryRead = z.infer<typeof bulkRetryRead>
