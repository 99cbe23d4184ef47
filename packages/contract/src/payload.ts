/**
 * What is sent for each webhook type. Objects are loose: members are only ever added, and receivers must
 * ignore those they do not know. Source: design, what is sent.
 */

import { z } from 'zod'
import { endReasons, permissionSources } from './access-words.ts'
import { siemPayload } from './siem-payload.ts'
import type { WebhookType } from './webhook-type.ts'

const time = z.iso.datetime()

const person = z.looseObject({
  id: z.string().optional(),
  email: z.email(),
  given_name: z.string(),
  family_name: z.string(),
  manager_email: z.email().nullable().optional(),
  groups: z.array(z.looseObject({ id: z.string(), name: z.string() })).optional(),
})

const permission = z.looseObject({
  label: z.string(),
  value: z.string(),
  type: z.literal('PERMISSION'),
  source: z.enum(permissionSources),
})

const grant = z.looseObject({
  id: z.string(),
  permission_value: z.string(),
  granted_at: time,
  expires_at: time.nullable(),
})

const inlinePayload = z.looseObject({
  application: z.looseObject({
    app_id: z.string().describe('A readable slug'),
    instance_id: z.string().describe('One installation of the app'),
    user_friendly_label: z.string(),
  }),
  permissions: z.array(permission),
  target_user: person.describe('The person who gets or loses the access'),
  access_length: z
    .int()
    .nonnegative()
    .nullable()
    .describe('Seconds left at the time of sending; null without an end'),
  request_comment: z.string().nullable().describe('The business justification'),
  request_task_url: z.url().nullable(),
  custom_fields: z
    .record(z.string(), z.unknown())
    .nullable()
    .describe('Answers to the intake fields of the app by their label; null when it has none'),
  access_request: z.looseObject({ id: z.string(), requested_at: time }).optional(),
  requester: person.optional().describe('The person who asked; the target user when one asks for oneself'),
  callback_url: z.url().nullable().optional().describe('One-time address for a late answer'),
})

const deprovisioningPayload = inlinePayload.extend({
  grants: z.array(grant).optional().describe('One for each permission of the delivery'),
  reason: z.enum(endReasons).optional(),
})

/** The payload of each type as it is composed, before the envelope is added. */
export const payloadSchemas = {
  request_validation: inlinePayload,
  pre_approval: inlinePayload,
  provisioning: inlinePayload,
  deprovisioning: deprovisioningPayload,
  siem: siemPayload,
} as const satisfies Record<WebhookType, z.ZodType>

export type InlinePayload = z.infer<typeof inlinePayload>
export type DeprovisioningPayload = z.infer<typeof deprovisioningPayload>
