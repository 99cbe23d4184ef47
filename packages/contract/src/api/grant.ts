import { z } from 'zod'
import { endReasons, grantStatuses } from '../access-words.ts'
import { accessLengthSeconds, personRead } from './access-parts.ts'
import { pageOf, pageQuery, timestamp } from './list.ts'
import { paragraph } from './text.ts'

const ref = z.object({ id: z.string(), name: z.string() })

/** Access that was provisioned. */
export const grantRead = z
  .object({
    id: z.string(),
    access_request_id: z.string(),
    app: ref.extend({ icon: z.string().nullable() }),
    permission: z.object({ id: z.string(), label: z.string(), value: z.string() }),
    user: personRead,
    status: z.enum(grantStatuses),
    granted_at: timestamp,
    expires_at: timestamp.nullable(),
    ended_at: timestamp.nullable(),
    end_reason: z.enum(endReasons).nullable(),
    last_used_at: timestamp.nullable(),
    inactivity_notice_at: timestamp
      .nullable()
      .describe('When the person was told that it is not used; null: it is, or nobody asks'),
    inactivity_removal_at: timestamp.nullable().describe('When it is removed unless it is used before'),
  })
  .meta({ id: 'Grant' })

export const grantPage = pageOf(grantRead)
export const grantListQuery = z.strictObject({
  ...pageQuery,
  user_id: z.string().max(100).optional(),
  app_id: z.string().max(100).optional(),
  permission_id: z.string().max(100).optional(),
  status: z.enum(grantStatuses).optional(),
  mine: z.enum(['true', 'false']).default('false').describe('Only those of the caller'),
})

export const grantRevoke = z
  .strictObject({ reason: paragraph(2_000).refine((text) => text.trim() !== '', 'Say why') })
  .meta({ id: 'GrantRevoke' })

export const grantExtend = z
  .strictObject({
    access_length_seconds: accessLengthSeconds.describe('From now on'),
    business_justification: paragraph(2_000).default(''),
  })
  .meta({ id: 'GrantExtend' })

export type GrantRead = z.infer<typeof grantRead>
