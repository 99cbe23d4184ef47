/** Grants, written down in the transaction of the move that gives them or makes them longer. */

import { newId } from '../lib/ids.ts'
import { warnAt } from './expiry-warning.ts'
import type { RequestEvent } from './request-state.ts'
import { tell, type Work } from './work.ts'
import { noticeAbout } from './work-notices.ts'

export async function grant(work: Work, permissionIds: readonly string[]): Promise<RequestEvent[]> {
  const { tx, request, now, target } = work
  const { accessLengthSeconds } = request.state
  await tx
    .insertInto('grants')
    .values(
      permissionIds.map((permissionId) => ({
        id: newId('grt', now),
        request_id: request.id,
        app_id: request.app_id,
        permission_id: permissionId,
        user_id: request.target_user_id,
        status: 'active' as const,
        granted_at: new Date(now),
        expires_at: accessLengthSeconds === null ? null : new Date(now + accessLengthSeconds * 1000),
        ended_at: null,
        end_reason: null,
        last_used_at: null,
        warn_at: accessLengthSeconds === null ? null : warnAt(now, now + accessLengthSeconds * 1000),
        inactivity_notice_at: null,
        inactivity_removal_at: null,
      })),
    )
    .execute()
  const when = accessLengthSeconds === null ? null : new Date(now + accessLengthSeconds * 1000)
  work.notices.push(
    noticeAbout(work, 'access_given', request.target_user_id, { permissionIds, when, link: '/my-access' }),
  )
  if (request.requester_id !== request.target_user_id)
    work.notices.push(
      noticeAbout(work, 'access_given_to_other', request.requester_id, { permissionIds, when }),
    )
  tell(work, 'APP_STORE_AUTOMATIC_PROVISIONING_FOR_ACCESS_REQUEST', { permissionIds })
  // Deactivated while it was under way: what was given is taken back.
  return target.status === 'active' ? [] : [{ type: 'removal_started', permissionIds, reason: 'offboarding' }]
}

export async function extendGrants(work: Work): Promise<void> {
  const { tx, request, now } = work
  const { accessLengthSeconds, permissionIds } = request.state
  await tx
    .updateTable('grants')
    .set({
      expires_at: accessLengthSeconds === null ? null : new Date(now + accessLengthSeconds * 1000),
      warn_at: accessLengthSeconds === null ? null : warnAt(now, now + accessLengthSeconds * 1000),
    })
    .where('id', 'in', [...request.extends_grant_ids, ''])
    .where('permission_id', 'in', [...permissionIds])
    .where('status', '=', 'active')
    .execute()
  const when = accessLengthSeconds === null ? null : new Date(now + accessLengthSeconds * 1000)
  work.notices.push(
    noticeAbout(work, 'access_extended', request.target_user_id, { when, link: '/my-access' }),
  )
  tell(work, 'APP_STORE_EXTEND_ACCESS')
}
