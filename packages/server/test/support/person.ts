/** Users of the directory who have signed in. */
import type { InvitationCreated } from '@keyhook/contract/api/invitation.ts'
import type { UserDetail } from '@keyhook/contract/api/user.ts'
import { cookieOf } from '../auth/administrator.ts'
import type { ApiOptions, TestService } from './harness.ts'

export const password = 'correct horse battery'

export type Person = { id: string; email: string; cookie: string; as: ApiOptions }
type Api = Pick<TestService, 'api'>

export async function makeUser(
  service: Api,
  email: string,
  more: Record<string, unknown> = {},
): Promise<UserDetail> {
  const made = await service.api<UserDetail>('POST', '/users', { email, ...more })
  if (made.status !== 201) throw new Error(made.text)
  return made.body
}

/** The token of a new invitation. */
export async function invite(service: Api, userId: string): Promise<string> {
  const invited = await service.api<InvitationCreated>('POST', `/users/${userId}/invite`)
  if (invited.status !== 201) throw new Error(invited.text)
  return new URL(invited.body.url).hash.replace('#token=', '')
}

/** Makes a user who has chosen a password; `as` makes a call theirs. */
export async function makePerson(
  service: Api,
  email: string,
  more: Record<string, unknown> = {},
): Promise<Person> {
  const { id } = await makeUser(service, email, more)
  const token = await invite(service, id)
  const accepted = await service.api('POST', '/invitations/accept', { token, password }, { key: null })
  const cookie = cookieOf(accepted)
  return { id, email, cookie, as: { key: null, headers: { cookie } } }
}
