/** Grants that a move gives or makes longer. */
import { newId } from '../lib/ids.ts'
import { warnAt } from './expiry-warning.ts'
import type { RequestEvent } from './request-state.ts'
import { tell, type Work } from './work.ts'
import { noticeAbout } from './work-notices.ts'

export function grant(work: Work, permissionIds: readonly string[]): RequestEvent[] {
  const { request, now, target, writes } = work
  for (const permissionId of permissionIds) {
    writes.grants.push({
      id: newId('grt', now),
      request_id: request.id,
      app_id: request.app_id,
      permission_id: permissionId,
      user_id: request.target_user_id,
      status: 'active',
      granted_at: new Date(now),
      ...endOf(work),
      ended_at: null,
      end_reason: null,
      last_used_at: null,
      inactivity_notice_at: null,
      inactivity_removal_at: null,
    })
  }
  const { expires_at: when } = endOf(work)
  writes.notices.push(
    noticeAbout(work, 'access_given', request.target_user_id, { permissionIds, when, link: '/my-access' }),
  )
  if (request.requester_id !== request.target_user_id)
    writes.notices.push(
      noticeAbout(work, 'access_given_to_other', request.requester_id, { permissionIds, when }),
    )
  tell(work, 'APP_STORE_AUTOMATIC_PROVISIONING_FOR_ACCESS_REQUEST', { permissionIds })
  // Deactivated while it was under way: what was given is taken back.
  return target.status === 'active' ? [] : [{ type: 'removal_started', permissionIds, reason: 'offboarding' }]
}

export function extendGrants(work: Work): void {
  const { request, writes } = work
  const { permissionIds } = request.state
  const active = work.grants.filter(
    (held) => held.status === 'active' && permissionIds.includes(held.permission_id),
  )
  if (active.length === 0) {
    tell(work, 'APP_STORE_EXTEND_ACCESS', {
      text: 'The access had ended meanwhile, so it was not made longer.',
      outcome: 'FAILED',
    })
    return
  }
  const { expires_at: expiresAt, warn_at: warn } = endOf(work)
  writes.extensions.push({ grantIds: active.map(({ id }) => id), expiresAt, warnAt: warn })
  writes.notices.push(
    noticeAbout(work, 'access_extended', request.target_user_id, { when: expiresAt, link: '/my-access' }),
  )
  tell(work, 'APP_STORE_EXTEND_ACCESS')
}

/** Counted from now. */
function endOf({ request, now }: Work): { expires_at: Date | null; warn_at: Date | null } {
  const { accessLengthSeconds } = request.state
  if (accessLengthSeconds === null) return { expires_at: null, warn_at: null }
  const end = now + accessLengthSeconds * 1000
  return { expires_at: new Date(end), warn_at: warnAt(now, end) }
}
