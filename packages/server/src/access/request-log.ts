/** Entries of the activity log about a request. Pure. Members of the metadata: design, what is sent. */

import type { AppSetup } from '../apps/app-store.ts'
import type { UserRow } from '../apps/people.ts'
import type { Actor, NewEvent } from '../events/event.ts'
import type { EventType } from '../events/event-types.ts'
import { permissionsOf } from './request-plans.ts'
import type { RequestEvent, Verdict } from './request-state.ts'
import type { RequestRow } from './request-store.ts'

export type Told = {
  request: RequestRow
  setup: AppSetup
  target: Pick<UserRow, 'id' | 'email' | 'given_name' | 'family_name'>
  actor: Actor
}

/** What is known of one entry beyond the request. */
export type Telling = {
  /** In a sentence, where the name of the event does not say it. */
  text?: string | undefined
  /** Words of a receiver or a person. */
  message?: string | null | undefined
  outcome?: 'SUCCEEDED' | 'FAILED' | undefined
  deliveryId?: string | null | undefined
  permissionIds?: readonly string[] | undefined
  reasonForPreApproval?: string | null | undefined
}

export function requestEvent(
  { request, setup, target, actor }: Told,
  type: EventType,
  told: Telling = {},
): NewEvent {
  const outcome = told.outcome ?? 'SUCCEEDED'
  const permissions = permissionsOf(setup, told.permissionIds ?? request.state.permissionIds)
  const { id, email, given_name, family_name } = target
  return {
    type,
    actor,
    outcome,
    targets: [
      { type: 'ACCESS_REQUEST', data: { id: request.id } },
      { type: 'APP', data: { id: setup.app.id, app_id: setup.app.slug, name: setup.app.name } },
      { type: 'USER', data: { id, email, given_name, family_name } },
    ],
    metadata: {
      access_length: request.state.accessLengthSeconds,
      appstore_request_metadata: { id: request.id, status: request.state.status },
      business_justification: request.business_justification,
      deprovisioned_through_direct_integration: false,
      error_message: outcome === 'FAILED' ? (told.message ?? told.text ?? null) : null,
      itsm_ticket_link: null,
      operation_trigger: actor.type === 'SYSTEM' ? 'SYSTEM' : 'USER',
      permissions: permissions.map(({ label, value }) => ({ label, value })),
      reason_for_preapproval: told.reasonForPreApproval ?? null,
      success_message: outcome === 'SUCCEEDED' ? (told.message ?? null) : null,
      delivery_id: told.deliveryId ?? null,
      text: told.text ?? null,
    },
    requestId: request.id,
    appId: setup.app.id,
  }
}

const answerTypes = {
  validation_answered: 'APP_STORE_INLINE_WEBHOOK_REQUEST_VALIDATION_FOR_ACCESS_REQUEST',
  pre_approval_answered: 'APP_STORE_INLINE_WEBHOOK_PRE_APPROVAL_FOR_ACCESS_REQUEST',
  provisioning_answered: 'APP_STORE_INLINE_WEBHOOK_PROVISIONING_FOR_ACCESS_REQUEST',
  deprovisioning_answered: 'APP_STORE_INLINE_WEBHOOK_DEPROVISIONING_FOR_ACCESS_REQUEST',
} as const satisfies Partial<Record<RequestEvent['type'], EventType>>

const verdictTexts: Record<Verdict['kind'], string> = {
  yes: 'The webhook said yes.',
  no: 'The webhook said no.',
  failed: 'The webhook failed.',
  skipped: 'The condition of the webhook did not hold, so it was not asked.',
}

/** How an event of the machine is told, when it is told by itself and not by what follows from it. */
export function tellingOf(event: RequestEvent): { type: EventType; told: Telling } | null {
  switch (event.type) {
    case 'validation_answered':
    case 'pre_approval_answered':
    case 'provisioning_answered':
    case 'deprovisioning_answered': {
      const { kind, message, failureReason, deliveryId } = event.verdict
      const outcome = kind === 'no' || kind === 'failed' ? 'FAILED' : 'SUCCEEDED'
      const text = failureReason ? `The webhook failed (${failureReason}).` : verdictTexts[kind]
      return { type: answerTypes[event.type], told: { text, message, outcome, deliveryId } }
    }
    case 'approved':
      return { type: 'APP_STORE_APPROVE_ACCESS_REQUEST', told: {} }
    case 'denied':
      return { type: 'APP_STORE_DENY_ACCESS_REQUEST', told: { message: event.reason, outcome: 'FAILED' } }
    case 'provisioning_confirmed':
      return event.done
        ? {
            type: 'APP_STORE_MANUAL_CONFIRM_PROVISIONING_FOR_ACCESS_REQUEST',
            told: { permissionIds: event.permissionIds },
          }
        : {
            type: 'APP_STORE_MANUAL_DENY_PROVISIONING_FOR_ACCESS_REQUEST',
            told: { permissionIds: event.permissionIds, outcome: 'FAILED' },
          }
    case 'removal_confirmed':
      return event.done
        ? {
            type: 'APP_STORE_MANUAL_CONFIRM_DEPROVISIONING_FOR_ACCESS_REQUEST',
            told: { permissionIds: event.permissionIds },
          }
        : {
            type: 'APP_STORE_MANUAL_DENY_DEPROVISIONING_FOR_ACCESS_REQUEST',
            told: { permissionIds: event.permissionIds, outcome: 'FAILED' },
          }
    case 'sent_again':
      return { type: 'APP_STORE_SEND_AGAIN', told: { permissionIds: event.permissionIds } }
    case 'removal_started':
      return { type: 'APP_STORE_START_DEPROVISIONING', told: { permissionIds: event.permissionIds } }
    case 'cancelled':
      return { type: 'APP_STORE_CANCEL_ACCESS_REQUEST', told: {} }
    case 'approvers_changed':
      return { type: 'APP_STORE_REPLAN_APPROVERS', told: { text: event.step.fallback ?? undefined } }
    case 'escalated':
      return { type: 'APP_STORE_ESCALATE_APPROVAL', told: {} }
    default:
      return null
  }
}
