import { z } from 'zod'

/** Event types that others published before us and that we use as they are; ours follow the same style. */
export const publishedEventTypes = [
  'APP_STORE_CREATE_ACCESS_REQUEST',
  'APP_STORE_AUTOMATIC_PROVISIONING_FOR_ACCESS_REQUEST',
  'APP_STORE_INLINE_WEBHOOK_PROVISIONING_FOR_ACCESS_REQUEST',
  'APP_STORE_INLINE_WEBHOOK_REQUEST_VALIDATION_FOR_ACCESS_REQUEST',
  'APP_STORE_MANUAL_CONFIRM_PROVISIONING_FOR_ACCESS_REQUEST',
  'APP_STORE_MANUAL_DENY_PROVISIONING_FOR_ACCESS_REQUEST',
  'APP_STORE_MANUAL_CONFIRM_DEPROVISIONING_FOR_ACCESS_REQUEST',
  'APP_STORE_EDIT_PERMISSIONS_ON_REQUEST',
  'APP_STORE_EDIT_ACCESS_LENGTH_ON_REQUEST',
  'ADMIN_UPDATED_APP_ADMINS',
] as const

/** Members of `event_metadata` of an event about an access request; each is null where it does not apply. */
export const requestMetadataKeys = [
  'access_length',
  'appstore_request_metadata',
  'business_justification',
  'deprovisioned_through_direct_integration',
  'error_message',
  'itsm_ticket_link',
  'operation_trigger',
  'permissions',
  'reason_for_preapproval',
  'success_message',
] as const

const actor = z.looseObject({
  actor_type: z.string(),
  actor_data: z.looseObject({ email: z.string(), given_name: z.string(), family_name: z.string() }),
})

const target = z.looseObject({ target_type: z.string(), target_data: z.looseObject({}) })

/** An event of the activity log as a `siem` webhook is sent it. */
export const siemPayload = z.looseObject({
  event: z.looseObject({
    actor,
    event_type: z.string().describe('Upper case with underscores'),
    event_type_user_friendly: z.string(),
    event_began_at: z.iso.datetime(),
    event_hash: z
      .string()
      .regex(/^[0-9a-f]{128}$/)
      .describe('128 hexadecimal digits, the same whenever this event is sent'),
    event_metadata: z.looseObject({}),
    outcome: z.string(),
    targets: z.array(target),
  }),
})

export type SiemPayload = z.infer<typeof siemPayload>
