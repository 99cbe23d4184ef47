import type { MeRead } from '@keyhook/contract/api/access.ts'
import type { InvitationRead, PasswordChange } from '@keyhook/contract/api/invitation.ts'
import type { NoticePreferencesChange, NoticePreferencesRead } from '@keyhook/contract/api/notice.ts'
import { base, post, read } from './api.ts'
import { call } from './http.ts'

/** The own account. */
export const accountApi = {
  noticePreferences: () => read<NoticePreferencesRead>('/me/notice-preferences'),
}

/** Getting in, and changing the own account. */
export const accountActions = {
  invitationRead: (token: string) => post<InvitationRead>(`${base}/invitations/read`, { token }),
  /** Success signs in. */
  invitationAccept: (token: string, password: string) =>
    post<MeRead>(`${base}/invitations/accept`, { token, password }),
  passwordChange: (change: PasswordChange) => post<unknown>(`${base}/me/password`, change),
  noticePreferencesChange: async (change: NoticePreferencesChange) => {
    const path = base + accountApi.noticePreferences().path
    return (await call<NoticePreferencesRead>(path, { method: 'PATCH', body: change })).body
  },
}
