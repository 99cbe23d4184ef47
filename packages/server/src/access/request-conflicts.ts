/** Moves that are not possible, as callers are told of them. */
import { ProblemError } from '../lib/problem-error.ts'
import type { IllegalMove } from './request-state.ts'
import type { RequestRow } from './request-store.ts'

/** What can be done with a request in each status. */
export const allowedIn: Readonly<Record<RequestRow['status'], readonly string[]>> = {
  validating: ['cancel'],
  rejected: [],
  pre_approving: ['cancel'],
  awaiting_approval: ['approve', 'deny', 'cancel'],
  denied: [],
  provisioning: [],
  awaiting_confirmation: ['complete_task', 'send_again', 'cancel'],
  active: ['revoke', 'extend'],
  deprovisioning: [],
  awaiting_removal: ['complete_task', 'send_again'],
  ended: [],
  cancelled: [],
}

export function illegal({ message, status }: IllegalMove): ProblemError {
  const allowed = allowedIn[status]
  const can =
    allowed.length === 0 ? 'Nothing can be done with it any more.' : `Allowed now: ${allowed.join(', ')}.`
  return new ProblemError('request_state_conflict', `${message} The request is ${status}. ${can}`, {
    state: { status, allowed: [...allowed] },
  })
}

/** Somebody asks for what is asked for or held already. */
export function alreadyRequested(label: string, requestId: string): ProblemError {
  return new ProblemError(
    'already_requested',
    `“${label}” is requested or held already: see request ${requestId}.`,
    {
      headers: { link: `</api/v1/access-requests/${requestId}>; rel="related"` },
      accessRequestId: requestId,
    },
  )
}
