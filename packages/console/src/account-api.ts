import type { MeRead } from '@keyhook/contract/api/access.ts'
import type { InvitationRead, PasswordChange } from '@keyhook/contract/api/invitation.ts'
import { base, post } from './api.ts'

/** Getting in, and the own account. */
export const accountActions = {
  invitationRead: (token: string) => post<InvitationRead>(`${base}/invitations/read`, { token }),
  /** Success signs in. */
  invitationAccept: (token: string, password: string) =>
    post<MeRead>(`${base}/invitations/accept`, { token, password }),
  passwordChange: (change: PasswordChange) => post<unknown>(`${base}/me/password`, change),
}
