import type { GroupRead } from '@keyhook/contract/api/group.ts'
import type { Problem } from '@keyhook/contract/api/problem.ts'
import type { UserDetail, UserRead } from '@keyhook/contract/api/user.ts'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { startTestService, type TestService } from '../support/harness.ts'
import { makeUser } from '../support/person.ts'
import { eventsAbout } from './events-about.ts'

let service: TestService
let ann: UserDetail
let ben: UserDetail
beforeAll(async () => {
  service = await startTestService()
  ann = await makeUser(service, 'ann@example.com', { given_name: 'Ann' })
  ben = await makeUser(service, 'ben@example.com', { given_name: 'Ben' })
})
afterAll(() => service.stop())

const make = async (name: string) => {
  const made = await service.api<GroupRead>('POST', '/groups', { name })
  expect(made.status, made.text).toBe(201)
  return made.body
}
const put = (group: string, user: string) => service.api('PUT', `/groups/${group}/members/${user}`)
const remove = (group: string, user: string) => service.api('DELETE', `/groups/${group}/members/${user}`)
const members = async (group: string, query = '') =>
  (
    await service.api<{ data: UserRead[]; next_cursor: string | null }>(
      'GET',
      `/groups/${group}/members${query}`,
    )
  ).body

describe('a group', () => {
  test('is made, read, listed, renamed and deleted', async () => {
    const made = await service.api<GroupRead>('POST', '/groups', { name: ' Finance ', description: 'Money' })
    const { id } = made.body
    expect(made.headers.get('location')).toBe(`/api/v1/groups/${id}`)
    expect(made.body).toMatchObject({
      name: 'Finance',
      description: 'Money',
      source: 'manual',
      member_count: 0,
    })
    const listed = await service.api<{ data: GroupRead[] }>('GET', '/groups?q=FINAN')
    expect(listed.body.data).toEqual([made.body])
    const changed = await service.api('PATCH', `/groups/${id}`, { name: 'Accounts', description: null })
    expect(changed.body).toMatchObject({ name: 'Accounts', description: null })
    expect((await service.api('GET', `/groups/${id}`)).body).toEqual(changed.body)
    expect((await service.api('DELETE', `/groups/${id}`)).status).toBe(204)
    expect((await service.api('GET', `/groups/${id}`)).status).toBe(404)
    expect((await eventsAbout(service, id)).map(({ type }) => type)).toEqual([
      'DIRECTORY_CREATED_GROUP',
      'DIRECTORY_UPDATED_GROUP',
      'DIRECTORY_DELETED_GROUP',
    ])
  })

  test('has its own name, in whatever letter case', async () => {
    const { id } = await make('Sales')
    await make('Service')
    expect(await service.api('POST', '/groups', { name: 'sales' })).toMatchObject({
      status: 409,
      body: { code: 'group_exists', errors: [{ pointer: '/name' }] },
    })
    const renamed = await service.api('PATCH', `/groups/${id}`, { name: 'SERVICE' })
    expect(renamed).toMatchObject({ status: 409, body: { code: 'group_exists' } })
    expect((await service.api('PATCH', `/groups/${id}`, { name: 'SALES' })).status).toBe(200)
  })

  test.each<[string, object, string]>([
    ['no name', { name: '' }, '/name'],
    ['a name of two lines', { name: 'a\nb' }, '/name'],
    ['a name without end', { name: 'x'.repeat(201) }, '/name'],
    ['an unknown member', { name: 'x', members: [] }, '/members'],
  ])('with %s is refused by name', async (_what, body, pointer) => {
    const refused = await service.api<Problem>('POST', '/groups', body)
    expect(refused.status).toBe(422)
    expect(refused.body.errors.map((error) => error.pointer)).toEqual([pointer])
  })

  test('that was changed meanwhile is neither changed nor deleted', async () => {
    const { id } = await make('Changed')
    await service.api('PATCH', `/groups/${id}`, { description: 'new' })
    const headers = { 'if-match': '"1"' }
    for (const method of ['PATCH', 'DELETE'])
      expect(
        await service.api(method, `/groups/${id}`, method === 'PATCH' ? { name: 'Old' } : undefined, {
          headers,
        }),
      ).toMatchObject({ status: 412, body: { code: 'precondition_failed' } })
  })

  test('that is not there is not found', async () => {
    for (const [method, path, body] of [
      ['GET', '/groups/grp_0'],
      ['PATCH', '/groups/grp_0', {}],
      ['DELETE', '/groups/grp_0'],
      ['GET', '/groups/grp_0/members'],
      ['PUT', `/groups/grp_0/members/${ann.id}`],
      ['DELETE', `/groups/grp_0/members/${ann.id}`],
    ] as const)
      expect(await service.api(method, path, body)).toMatchObject({
        status: 404,
        body: { code: 'not_found' },
      })
  })
})

describe('members', () => {
  test('are added and removed; doing it twice does nothing more', async () => {
    const { id } = await make('Members')
    expect((await put(id, ann.id)).status).toBe(204)
    expect((await put(id, ann.id)).status).toBe(204)
    await put(id, ben.id)
    expect((await members(id)).data.map(({ given_name }) => given_name)).toEqual(['Ben', 'Ann'])
    expect((await service.api<GroupRead>('GET', `/groups/${id}`)).body.member_count).toBe(2)
    const read = await service.api<UserDetail>('GET', `/users/${ann.id}`)
    expect(read.body.groups).toEqual([{ id, name: 'Members' }])
    const of = await service.api<{ data: GroupRead[] }>('GET', `/groups?user_id=${ann.id}`)
    expect(of.body.data.map((group) => group.id)).toEqual([id])
    expect((await remove(id, ann.id)).status).toBe(204)
    expect((await remove(id, ann.id)).status).toBe(204)
    expect((await members(id)).data.map(({ given_name }) => given_name)).toEqual(['Ben'])
    expect((await eventsAbout(service, id)).slice(1).map(({ metadata }) => metadata)).toEqual([
      { members_added: [{ id: ann.id, email: ann.email }] },
      { members_added: [{ id: ben.id, email: ben.email }] },
      { members_removed: [{ id: ann.id, email: ann.email }] },
    ])
  })

  test('are read page by page', async () => {
    const { id } = await make('Pages')
    await put(id, ann.id)
    await put(id, ben.id)
    const first = await members(id, '?limit=1')
    const second = await members(id, `?limit=1&cursor=${first.next_cursor}`)
    expect([...first.data, ...second.data].map(({ given_name }) => given_name)).toEqual(['Ben', 'Ann'])
    expect(second.next_cursor).toBeNull()
  })

  test('must be users', async () => {
    const { id } = await make('Users only')
    expect(await put(id, 'usr_0')).toMatchObject({ status: 404, body: { detail: 'There is no such user.' } })
  })

  test('leave with their group', async () => {
    const { id } = await make('Short')
    await put(id, ann.id)
    await service.api('DELETE', `/groups/${id}`)
    const read = await service.api<UserDetail>('GET', `/users/${ann.id}`)
    expect(read.body.groups.map((group) => group.id)).not.toContain(id)
  })
})

describe('a group in use', () => {
  const step = (id: string) => ({ type: 'named', principal_ids: [id] })

  test.each<[string, (id: string) => object, string]>([
    ['as app admin', (id) => ({ admins: [id] }), 'app admins of Used'],
    ['as approver', (id) => ({ approvers: [step(id)] }), 'approves requests for Used'],
    ['for who sees it', (id) => ({ visible_to: [id] }), 'may request Used'],
  ])('%s is not deleted, and says where', async (what, settings, words) => {
    const { id } = await make(`Used ${what}`)
    const app = await service.api<{ id: string }>('POST', '/apps', { name: 'Used', ...settings(id) })
    expect(app.status, app.text).toBe(201)
    const refused = await service.api<Problem>('DELETE', `/groups/${id}`)
    expect(refused).toMatchObject({ status: 409, body: { code: 'group_in_use' } })
    expect(refused.body.detail).toContain(words)
    const cleared = { admins: [], visible_to: null, approvers: [{ type: 'app_admins' }] }
    expect((await service.api('PATCH', `/apps/${app.body.id}`, cleared)).status).toBe(200)
    expect((await service.api('DELETE', `/groups/${id}`)).status).toBe(204)
  })

  test('by a permission or a rule is not deleted either', async () => {
    const { id } = await make('Deep')
    const app = (await service.api<{ id: string }>('POST', '/apps', { name: 'Holder' })).body
    const permission = await service.api('POST', `/apps/${app.id}/permissions`, {
      label: 'Read',
      approvers: [step(id)],
    })
    expect(permission.status, permission.text).toBe(201)
    const rule = await service.api('POST', `/apps/${app.id}/pre-approval-rules`, {
      name: 'Fast',
      group_ids: [id],
      business_justification: 'Known people',
    })
    expect(rule.status, rule.text).toBe(201)
    const refused = await service.api<Problem>('DELETE', `/groups/${id}`)
    expect(refused.body.detail).toContain('Read of Holder')
    expect(refused.body.detail).toContain('The pre-approval rule Fast of Holder')
  })

  test('to review access is not deleted before the review is over', async () => {
    const { id } = await make('Reviewers')
    await put(id, ben.id)
    const app = (await service.api<{ id: string }>('POST', '/apps', { name: 'Ledger', approvers: [] })).body
    const permission = await service.api<{ id: string }>('POST', `/apps/${app.id}/permissions`, {
      label: 'R',
    })
    const request = await service.api<{ tasks: { id: string }[] }>(
      'POST',
      '/access-requests',
      {
        app_id: app.id,
        permission_ids: [permission.body.id],
        requester_id: ann.id,
        business_justification: 'Books',
      },
      { headers: { prefer: 'wait=20' } },
    )
    const tasks = await service.api<{ data: { id: string }[] }>('GET', '/tasks?status=open')
    for (const task of tasks.body.data)
      await service.api('POST', `/tasks/${task.id}/complete`, { outcome: 'done' })
    expect(request.status, request.text).toBe(201)
    const review = await service.api<{ id: string }>('POST', '/access-reviews', {
      name: 'Spring',
      scope: { app_ids: [app.id] },
      reviewers: { type: 'named', principal_ids: [id] },
      deadline: new Date(Date.now() + 86_400_000).toISOString(),
      default_decision: 'keep',
    })
    expect(review.status, review.text).toBe(201)
    const refused = await service.api<Problem>('DELETE', `/groups/${id}`)
    expect([refused.status, refused.body.code]).toEqual([409, 'group_in_use'])
    expect(refused.body.detail).toBe('It decides in the access review Spring.')
    const cancelled = await service.api('POST', `/access-reviews/${review.body.id}/cancel`, {})
    expect(cancelled.status, cancelled.text).toBe(200)
    expect((await service.api('DELETE', `/groups/${id}`)).status).toBe(204)
  })
})
