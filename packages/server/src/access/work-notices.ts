/** Who is told what about a request, written down with the move. */
import type { NoticeKind } from '@keyhook/contract/notice-words.ts'
import type { AppSetup } from '../apps/app-store.ts'
import { nameOf, type UserRow } from '../apps/people.ts'
import type { NewNotice } from '../notices/notice-orders.ts'
import { permissionsOf } from './request-plans.ts'
import type { RequestRow } from './request-store.ts'

type About = {
  request: RequestRow
  setup: AppSetup
  target: Pick<UserRow, 'given_name' | 'family_name' | 'email'>
}
type More = {
  permissionIds?: readonly string[]
  reason?: string | null | undefined
  when?: Date | null
  link?: string
}

/** A notice about a request, to a user, a group, the app admins of an app, or the administrators. */
export function noticeAbout(
  { request, setup, target }: About,
  kind: NoticeKind,
  to: string,
  { permissionIds = request.state.permissionIds, reason = null, when = null, link }: More = {},
): NewNotice {
  return {
    kind,
    to,
    appId: setup.app.id,
    requestId: request.id,
    data: {
      app: setup.app.name,
      who: nameOf(target),
      what: permissionsOf(setup, permissionIds)
        .map(({ label }) => label)
        .join(', '),
      when: when?.toISOString() ?? null,
      reason,
      link: link ?? `/requests/${request.id}`,
    },
  }
}

/** To the person who asked, and to the one it was for. */
export function noticeToBoth(about: About, kind: NoticeKind, more: More = {}): NewNotice[] {
  const { requester_id, target_user_id } = about.request
  return [...new Set([requester_id, target_user_id])].map((id) => noticeAbout(about, kind, id, more))
}
