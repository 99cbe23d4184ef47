/** Webhooks, their deliveries and their circuits. Never a secret: header names, places, and that a value is another one. */
import { z } from 'zod'
import type { EventType } from '../event-types.ts'
import { failureReasons } from '../outcome.ts'
import { webhookTypes } from '../webhook-type.ts'
import {
  created,
  describer,
  type EventDescription,
  facts,
  noMetadata,
  people,
  things,
  time,
} from './describe.ts'

const describe = describer('webhooks', [things.webhook])
const { system, key } = people

const deliveryEnd = z.strictObject({
  delivery_id: z.string(),
  webhook_id: z.string().nullable().describe('null: the webhook is not saved'),
  webhook_name: z.string(),
  webhook_type: z.enum(webhookTypes),
  status: z.enum(['succeeded', 'failed', 'skipped']),
  decision: z.boolean().nullable(),
  failure_reason: z.enum(failureReasons).nullable(),
  attempts: z.number().int().min(0),
  duration_ms: z.number().nullable().describe('Of the last attempt; null: nothing was sent'),
})

const { id: webhook_id, name: webhook_name, webhook_type } = things.webhook.target_data
const end = {
  delivery_id: things.delivery.target_data.id,
  webhook_id,
  webhook_name,
  webhook_type,
  status: 'succeeded',
  decision: true,
  failure_reason: null,
  attempts: 1,
  duration_ms: 31.2,
} as const
const said = {
  name: webhook_name,
  endpoint_url: 'https://hooks.example.com/billing?…',
  headers: ['x-api-key'],
  time_limit_ms: 15_000,
  enabled: true,
  authentication: { type: 'bearer' },
}

export const webhookEvents = {
  ADMIN_CREATED_WEBHOOK: describe({
    when: 'A webhook is made.',
    metadata: created,
    example: { metadata: { before: null, after: said } },
  }),
  ADMIN_UPDATED_WEBHOOK: describe({
    when: 'A webhook is changed. `secrets_changed` has the places of secrets that have another value.',
    metadata: z.strictObject({ before: facts, after: facts, secrets_changed: z.array(z.string()) }),
    example: {
      metadata: {
        before: { time_limit_ms: 15_000 },
        after: { time_limit_ms: 5_000 },
        secrets_changed: ['headers/x-api-key'],
      },
    },
  }),
  ADMIN_ENABLED_WEBHOOK: describe({
    when: 'A webhook is enabled.',
    metadata: noMetadata,
    example: { metadata: {} },
  }),
  ADMIN_DISABLED_WEBHOOK: describe({
    when: 'A webhook is disabled.',
    metadata: noMetadata,
    example: { metadata: {} },
  }),
  ADMIN_DELETED_WEBHOOK: describe({
    when: 'A webhook is deleted, and its secrets are forgotten.',
    metadata: z.strictObject({ before: facts, after: z.null() }),
    example: { metadata: { before: said, after: null } },
  }),
  ADMIN_ROTATED_SIGNING_SECRET: describe({
    when: 'The signing secret of a webhook is replaced.',
    metadata: z.strictObject({ overlap_seconds: z.number(), key_pair_rotated: z.boolean() }),
    example: { metadata: { overlap_seconds: 86_400, key_pair_rotated: false } },
  }),
  ADMIN_TESTED_WEBHOOK: describe({
    when: 'A test of a webhook, saved or not, or of a simulation has ended.',
    metadata: deliveryEnd,
    example: {
      targets: [things.webhook, things.delivery],
      outcome: 'FAILED',
      metadata: { ...end, status: 'failed', decision: null, failure_reason: 'missing_response' },
    },
  }),
  ADMIN_RETRIED_DELIVERIES: describe({
    when: 'All failed deliveries that a filter finds are queued to be sent again.',
    metadata: z.strictObject({
      queued: z.number().int().min(1),
      filter: z.strictObject({
        webhook_id: z.string().nullable(),
        webhook_type: z.enum(webhookTypes).nullable(),
        failure_reason: z.enum(failureReasons).nullable(),
        from: time.nullable(),
        to: time.nullable(),
      }),
    }),
    example: {
      targets: [],
      metadata: {
        queued: 12,
        filter: { webhook_id, webhook_type: null, failure_reason: 'timeout', from: null, to: null },
      },
    },
  }),
  WEBHOOK_DELIVERY_ENDED: describe({
    when:
      'A delivery has ended: of an invoke, of an access request, sent again, by a late answer, or left behind by a dead ' +
      'process. Deliveries of SIEM webhooks have no entries, for they would never come to an end.',
    metadata: deliveryEnd,
    example: { actor: key, targets: [things.webhook, things.delivery], metadata: end },
  }),
  WEBHOOK_CIRCUIT_OPENED: describe({
    when: 'The circuit breaker of a webhook opens, because too many calls failed.',
    metadata: z.strictObject({
      calls: z.number().int(),
      failures: z.number().int(),
      last_failure_reason: z.enum(failureReasons),
      next_probe_at: time,
    }),
    example: {
      actor: system,
      metadata: {
        calls: 10,
        failures: 8,
        last_failure_reason: 'timeout',
        next_probe_at: '2026-07-18T09:25:01.125Z',
      },
    },
  }),
  WEBHOOK_CIRCUIT_CLOSED: describe({
    when: 'The circuit breaker of a webhook closes: by a probe that went well, or by hand.',
    metadata: z.strictObject({ open_since: time, by: z.enum(['probe', 'hand']) }),
    example: { actor: system, metadata: { open_since: '2026-07-18T09:24:31.125Z', by: 'probe' } },
  }),
} as const satisfies Partial<Record<EventType, EventDescription>>
