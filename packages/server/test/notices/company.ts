/** Requests of a small company, and what its people were told of them. */
import type { AccessRequestRead } from '@keyhook/contract/api/access-request.ts'
import type { Page } from '@keyhook/contract/api/list.ts'
import type { NoticeRead } from '@keyhook/contract/api/notice.ts'
import { expect } from 'vitest'
import { type App, addApp, addPerson, type Person } from '../reviews/company.ts'
import type { TestService } from '../support/harness.ts'

/** An app whose requests wait for these people or groups. */
export function appApprovedBy(
  service: TestService,
  approvers: readonly { id: string }[],
  more: Record<string, unknown> = {},
): Promise<App> {
  const step = { type: 'named', principal_ids: approvers.map(({ id }) => id), mode: 'any' }
  return addApp(service, 'Ledger', { approvers: [step], ...more })
}

export async function ask(
  service: TestService,
  person: Pick<Person, 'id'>,
  { id, permissionId }: App,
  more: Record<string, unknown> = {},
): Promise<AccessRequestRead> {
  const body = {
    app_id: id,
    permission_ids: [permissionId],
    requester_id: person.id,
    business_justification: 'The quarterly close',
    ...more,
  }
  const made = await service.api<AccessRequestRead>('POST', '/access-requests', body, {
    headers: { prefer: 'wait=20' },
  })
  expect(made.status, made.text).toBe(201)
  return made.body
}

/** Somebody asks for something that somebody else decides. */
export async function asked(service: TestService) {
  const [ann, bob] = [await addPerson(service, 'Ann'), await addPerson(service, 'Bob')]
  return { ann, bob, request: await ask(service, ann, await appApprovedBy(service, [bob])) }
}

export async function noticesOf(
  service: TestService,
  { id }: { id: string },
  query = '',
): Promise<NoticeRead[]> {
  const listed = await service.api<Page<NoticeRead>>('GET', `/notices?user_id=${id}&${query}`)
  expect(listed.status, listed.text).toBe(200)
  return listed.body.data
}
