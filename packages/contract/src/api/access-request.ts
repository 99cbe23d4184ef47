import { z } from 'zod'
import { requestStatuses } from '../access-words.ts'
import { failureReasons } from '../outcome.ts'
import { accessLengthSeconds, idOf, personRead } from './access-parts.ts'
import { grantRead } from './grant.ts'
import { pageOf, pageQuery, timestamp } from './list.ts'
import { taskRead } from './task.ts'
import { paragraph } from './text.ts'

export const longestJustification = 2_000

const answer = z.union([z.string(), z.number(), z.boolean(), z.array(z.string()), z.null()])

/** What `POST /access-requests` takes. */
export const accessRequestCreate = z
  .strictObject({
    app_id: idOf('app'),
    permission_ids: z
      .array(idOf('perm'))
      .min(1, 'Choose at least one permission')
      .max(50)
      .refine((ids) => new Set(ids).size === ids.length, 'Each permission once'),
    requester_id: idOf('usr').optional().describe('Who asks. A program must name them; a person is it'),
    target_user_id: idOf('usr').optional().describe('For whom; left out: for the requester'),
    business_justification: paragraph(longestJustification).default(''),
    access_length_seconds: accessLengthSeconds.default(null).describe('null: without an end'),
    custom_fields: z
      .record(z.string().max(200), answer)
      .refine((all) => Object.keys(all).length <= 100, 'At most 100')
      .default({})
      .describe('Answers to the intake fields by their label'),
  })
  .meta({ id: 'AccessRequestCreate' })

export const timelineEntry = z
  .object({
    at: timestamp,
    event_id: z.string(),
    event_type: z.string(),
    text: z.string().describe('What happened, in a sentence'),
    message: z.string().nullable().describe('What a receiver or a person said, as plain text'),
    outcome: z.enum(['SUCCEEDED', 'FAILED']),
    actor: z.string(),
    delivery_id: z.string().nullable(),
  })
  .meta({ id: 'TimelineEntry' })

const permissionRef = z.object({ id: z.string(), label: z.string(), value: z.string() })
const appRef = z.object({ id: z.string(), name: z.string(), icon: z.string().nullable() })

const summary = {
  id: z.string(),
  status: z.enum(requestStatuses),
  app: appRef,
  permissions: z.array(permissionRef),
  requester: personRead,
  target_user: personRead,
  extension: z.boolean().describe('It makes access longer that is there already'),
  access_length_seconds: z.number().nullable(),
  waiting_for: z.string().nullable().describe('Who has to act, in words; null when nobody has to'),
  created_at: timestamp,
  updated_at: timestamp,
}

export const accessRequestSummary = z.object(summary).meta({ id: 'AccessRequestSummary' })

export const accessRequestRead = z
  .object({
    ...summary,
    business_justification: z.string(),
    custom_fields: z.record(z.string(), answer).nullable(),
    rejection: z
      .object({
        message: z.string().describe("The receiver's own words when it gave some, as plain text"),
        failure_reason: z.enum(failureReasons).nullable(),
      })
      .nullable(),
    denial: z.object({ reason: z.string(), by: z.string() }).nullable(),
    pre_approved_by: z.object({ rule_id: z.string(), name: z.string() }).nullable(),
    extends_grant_ids: z.array(z.string()).describe('For an extension: the grants that it makes longer'),
    expires_at: timestamp.nullable(),
    timeline: z.array(timelineEntry),
    grants: z.array(grantRead),
    tasks: z.array(taskRead),
    allowed: z
      .array(z.enum(['approve', 'deny', 'cancel', 'request_again']))
      .describe('What the caller may do now'),
  })
  .meta({ id: 'AccessRequest' })

export const accessRequestPage = pageOf(accessRequestSummary)
export const accessRequestListQuery = z.strictObject({
  ...pageQuery,
  status: z.enum(requestStatuses).optional(),
  app_id: z.string().max(100).optional(),
  user_id: z.string().max(100).optional().describe('Requester or target user'),
  mine: z.enum(['true', 'false']).default('false').describe('Only those by or for the caller'),
})

/** Approving may give less than was asked for. */
export const accessRequestApprove = z
  .strictObject({
    comment: paragraph(2_000).nullable().default(null),
    permission_ids: z.array(idOf('perm')).min(1).max(50).optional().describe('Some of those requested'),
    access_length_seconds: accessLengthSeconds.optional(),
  })
  .nullish()
  .meta({ id: 'AccessRequestApprove' })

export const accessRequestDeny = z
  .strictObject({ reason: paragraph(2_000).refine((text) => text.trim() !== '', 'Say why') })
  .meta({ id: 'AccessRequestDeny' })

export type AccessRequestCreate = z.infer<typeof accessRequestCreate>
export type AccessRequestRead = z.infer<typeof accessRequestRead>
export type AccessRequestSummary = z.infer<typeof accessRequestSummary>
export type TimelineEntry = z.infer<typeof timelineEntry>
