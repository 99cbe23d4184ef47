/** The life of an access request. The members of the metadata are published; `delivery_id` and `text` are ours. */
import { z } from 'zod'
import type { EventType } from '../event-types.ts'
import { describer, type EventDescription, people, things } from './describe.ts'

/** Of every event about an access request; each member is null where it does not apply. */
export const requestMetadata = z.strictObject({
  access_length: z.number().int().nullable().describe('Seconds; null: without an end'),
  appstore_request_metadata: z.strictObject({ id: z.string(), status: z.string() }),
  business_justification: z.string().nullable(),
  deprovisioned_through_direct_integration: z.boolean().nullable(),
  error_message: z.string().nullable().describe('Why it failed, in the words of a receiver or a person'),
  itsm_ticket_link: z.string().nullable(),
  operation_trigger: z.enum(['USER', 'SYSTEM']),
  permissions: z.array(z.strictObject({ label: z.string(), value: z.string() })),
  reason_for_preapproval: z.string().nullable(),
  success_message: z.string().nullable().describe('What a receiver or a person said'),
  delivery_id: z.string().nullable().describe('The delivery that answered'),
  text: z.string().nullable().describe('In a sentence, where the type does not say it'),
})

const describe = describer('requests', [things.request, things.app, things.ada])

const usual = {
  access_length: 43_200,
  appstore_request_metadata: { id: things.request.target_data.id, status: 'active' },
  business_justification: 'Needed for the quarterly close',
  deprovisioned_through_direct_integration: false,
  error_message: null,
  itsm_ticket_link: null,
  operation_trigger: 'SYSTEM',
  permissions: [{ label: 'Billing: read only', value: 'billing_read' }],
  reason_for_preapproval: null,
  success_message: null,
  delivery_id: null,
  text: null,
} as const satisfies z.output<typeof requestMetadata>

type Status = 'validating' | 'pre_approving' | 'awaiting_approval' | 'provisioning' | 'rejected' | 'denied'
type More = Partial<Omit<z.output<typeof requestMetadata>, 'appstore_request_metadata'>> & {
  status?: Status | 'awaiting_confirmation' | 'deprovisioning' | 'awaiting_removal' | 'ended' | 'cancelled'
  failed?: boolean
}

/** Done by Keyhook itself, unless `who` did it. */
function of(
  when: string,
  { status = 'provisioning', failed = false, ...more }: More,
  who?: typeof people.ada | typeof people.grace,
): EventDescription {
  return describe({
    when,
    metadata: requestMetadata,
    example: {
      actor: who ?? people.system,
      outcome: failed ? 'FAILED' : 'SUCCEEDED',
      metadata: {
        ...usual,
        ...more,
        appstore_request_metadata: { ...usual.appstore_request_metadata, status },
        operation_trigger: who ? 'USER' : 'SYSTEM',
      },
    },
  })
}

const delivery_id = things.delivery.target_data.id
const { ada, grace } = people

export const requestEvents = {
  APP_STORE_CREATE_ACCESS_REQUEST: of('Somebody asks for access.', { status: 'validating' }, ada),
  APP_STORE_INLINE_WEBHOOK_REQUEST_VALIDATION_FOR_ACCESS_REQUEST: of(
    'A request validation webhook has answered, failed, or was skipped because of its condition.',
    { status: 'validating', delivery_id, text: 'The webhook said yes.' },
  ),
  APP_STORE_INLINE_WEBHOOK_PRE_APPROVAL_FOR_ACCESS_REQUEST: of(
    'A pre-approval webhook has answered, failed, or was skipped because of its condition.',
    {
      status: 'pre_approving',
      failed: true,
      delivery_id,
      error_message: 'Not on the list',
      text: 'The webhook said no.',
    },
  ),
  APP_STORE_PRE_APPROVE_ACCESS_REQUEST: of('A pre-approval rule held, so that nobody has to approve.', {
    reason_for_preapproval: 'Finance may read',
  }),
  APP_STORE_PRE_APPROVAL_RULE_DID_NOT_HOLD: of('A pre-approval rule was tried and did not hold.', {
    status: 'pre_approving',
    text: '“Finance reads”: a webhook said no.',
  }),
  APP_STORE_EXTEND_ACCESS: of('Access got a later end.', {}),
  APP_STORE_REQUEST_EXTENSION: of('Somebody asks for a later end of access.', { status: 'validating' }, ada),
  APP_STORE_ACCESS_EXPIRES_SOON: of('Access is about to end, and the person was told.', {
    text: 'It ends on 2026-07-19.',
  }),
  APP_STORE_REPLAN_APPROVERS: of('Other people are asked, because approvers left or roles changed.', {
    status: 'awaiting_approval',
  }),
  APP_STORE_REMIND_APPROVERS: of('Approvers who have not decided are reminded.', {
    status: 'awaiting_approval',
  }),
  APP_STORE_ASK_FOR_APPROVAL: of('A step of the approval begins, and its approvers are asked.', {
    status: 'awaiting_approval',
    text: 'Manager',
  }),
  APP_STORE_APPROVE_ACCESS_REQUEST: of('An approver says yes.', { status: 'awaiting_approval' }, grace),
  APP_STORE_DENY_ACCESS_REQUEST: of(
    'An approver says no, and the request is over.',
    { status: 'denied', failed: true, error_message: 'Ask for read only' },
    grace,
  ),
  APP_STORE_REJECT_ACCESS_REQUEST: of('Validation said no or failed, and the request is over.', {
    status: 'rejected',
    failed: true,
    error_message: 'Contractors may not have this',
  }),
  APP_STORE_CANCEL_ACCESS_REQUEST: of(
    'The request is cancelled by who asked, or because it cannot go on.',
    { status: 'cancelled' },
    ada,
  ),
  APP_STORE_ESCALATE_APPROVAL: of('Nobody decided in time, and others are asked.', {
    status: 'awaiting_approval',
  }),
  APP_STORE_AUTOMATIC_PROVISIONING_FOR_ACCESS_REQUEST: of('Access is given.', {}),
  APP_STORE_INLINE_WEBHOOK_PROVISIONING_FOR_ACCESS_REQUEST: of(
    'A provisioning webhook has answered, failed, or was skipped because of its condition.',
    { delivery_id, success_message: 'Added to billing-readers', text: 'The webhook said yes.' },
  ),
  APP_STORE_ASK_FOR_MANUAL_PROVISIONING: of('Somebody is asked to give access by hand.', {
    status: 'awaiting_confirmation',
  }),
  APP_STORE_MANUAL_CONFIRM_PROVISIONING_FOR_ACCESS_REQUEST: of(
    'Somebody says that they gave the access.',
    { status: 'awaiting_confirmation' },
    grace,
  ),
  APP_STORE_MANUAL_DENY_PROVISIONING_FOR_ACCESS_REQUEST: of(
    'Somebody says that the access cannot be given.',
    { status: 'awaiting_confirmation', failed: true },
    grace,
  ),
  APP_STORE_START_DEPROVISIONING: of('Access begins to end, whatever the reason.', {
    status: 'deprovisioning',
  }),
  APP_STORE_INLINE_WEBHOOK_DEPROVISIONING_FOR_ACCESS_REQUEST: of(
    'A deprovisioning webhook has answered, failed, or was skipped because of its condition.',
    {
      status: 'deprovisioning',
      failed: true,
      delivery_id,
      error_message: 'The webhook failed (timeout).',
      text: 'The webhook failed (timeout).',
    },
  ),
  APP_STORE_ASK_FOR_MANUAL_DEPROVISIONING: of('Somebody is asked to take access away by hand.', {
    status: 'awaiting_removal',
  }),
  APP_STORE_MANUAL_CONFIRM_DEPROVISIONING_FOR_ACCESS_REQUEST: of(
    'Somebody says that they took the access away.',
    { status: 'awaiting_removal' },
    grace,
  ),
  APP_STORE_MANUAL_DENY_DEPROVISIONING_FOR_ACCESS_REQUEST: of(
    'Somebody says that the access cannot be taken away.',
    { status: 'awaiting_removal', failed: true },
    grace,
  ),
  APP_STORE_SEND_AGAIN: of(
    'Somebody sends a provisioning or deprovisioning to its webhook again.',
    {},
    grace,
  ),
  APP_STORE_EDIT_PERMISSIONS_ON_REQUEST: of(
    'An approver takes permissions out of the request.',
    { status: 'awaiting_approval', text: 'Without Billing: write.' },
    grace,
  ),
  APP_STORE_EDIT_ACCESS_LENGTH_ON_REQUEST: of(
    'An approver changes how long the access is for.',
    { status: 'awaiting_approval', access_length: 3_600 },
    grace,
  ),
} as const satisfies Partial<Record<EventType, EventDescription>>
