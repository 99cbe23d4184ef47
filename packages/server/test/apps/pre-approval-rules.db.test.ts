import type { AppRead, PermissionRead } from '@keyhook/contract/api/app.ts'
import type { EventPage } from '@keyhook/contract/api/event.ts'
import type { Page } from '@keyhook/contract/api/list.ts'
import type { PreApprovalRuleRead } from '@keyhook/contract/api/pre-approval-rule.ts'
import type { Problem } from '@keyhook/contract/api/problem.ts'
import { beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { call, makeUser, makeWebhook } from '../access/support.ts'
import { serviceWithReceiver } from '../support/service-with-receiver.ts'

const { service, receiver } = serviceWithReceiver()
const gone = '0'.repeat(32)
let ada: string
let left: string
let group: string
let hook: string
let validation: string
let app: AppRead
let permission: string
let at: string

beforeAll(async () => {
  ada = (await makeUser(service)).id
  left = (await makeUser(service)).id
  await call(service, 'PATCH', `/users/${left}`, { status: 'inactive' })
  group = (await call<{ id: string }>(service, 'POST', '/groups', { name: 'On call' })).id
  hook = (await makeWebhook(service, 'pre_approval', receiver.url)).id
  validation = (await makeWebhook(service, 'request_validation', receiver.url)).id
})
beforeEach(async () => {
  app = await call<AppRead>(service, 'POST', '/apps', { name: 'Ledger' })
  at = `/apps/${app.id}/pre-approval-rules`
  permission = (await call<PermissionRead>(service, 'POST', `/apps/${app.id}/permissions`, { label: 'Read' }))
    .id
})

const create = (more: object = {}) => call<PreApprovalRuleRead>(service, 'POST', at, more)
const order = async () => {
  const { data } = await call<Page<PreApprovalRuleRead>>(service, 'GET', at)
  expect(data.map(({ position }) => position)).toEqual(data.map((_rule, index) => index))
  return data.map(({ name }) => name).join('')
}
const wrong = async (method: string, path: string, body: object) => {
  const refused = await service.api<Problem>(method, path, body)
  return [refused.status, ...refused.body.errors.map(({ pointer }) => pointer)]
}

test('everything that can be said is kept, changed and told in the log', async () => {
  const bare = await create()
  expect(bare).toMatchObject({
    name: 'Pre-approval rule',
    enabled: true,
    user_ids: [],
    webhook_ids: [],
    failure_policy: 'ask_approvers',
    position: 0,
  })
  const said = {
    name: 'On call',
    enabled: false,
    user_ids: [ada],
    group_ids: [group],
    permission_ids: [permission],
    condition: 'payload.access_length != null',
    webhook_ids: [hook],
    failure_policy: 'refuse',
    access_length_seconds: 3_600,
    business_justification: 'On call',
  }
  const answer = await service.api<PreApprovalRuleRead>('POST', at, said)
  expect(answer.status).toBe(201)
  const { id } = answer.body
  expect(answer.headers.get('location')).toBe(`/api/v1${at}/${id}`)
  expect(answer.body).toMatchObject({ ...said, app_id: app.id, position: 1 })
  expect(await call(service, 'GET', `${at}/${id}`)).toEqual(answer.body)

  const changed = await service.api<PreApprovalRuleRead>('PATCH', `${at}/${id}`, {
    condition: null,
    webhook_ids: [],
    enabled: true,
  })
  expect(changed.headers.get('etag')).toBe('"2"')
  expect(changed.body).toMatchObject({ ...said, condition: null, webhook_ids: [], enabled: true })
  await call(service, 'DELETE', `${at}/${id}`)
  expect((await service.api('GET', `${at}/${id}`)).status).toBe(404)

  const { data } = await call<EventPage>(service, 'GET', `/events?target_id=${id}`)
  expect(data.map(({ event }) => event.event_type)).toEqual([
    'ADMIN_DELETED_PRE_APPROVAL_RULE',
    'ADMIN_UPDATED_PRE_APPROVAL_RULE',
    'ADMIN_CREATED_PRE_APPROVAL_RULE',
  ])
  expect(data[1]?.event.event_metadata).toMatchObject({
    before: { condition: said.condition, webhook_ids: [hook], enabled: false },
    after: { condition: null, webhook_ids: [], enabled: true },
  })
})

describe('refused, with the member', () => {
  test.each<[string, () => object, string]>([
    ['a user who is not there', () => ({ user_ids: [ada, `usr_${gone}`] }), '/user_ids/1'],
    ['a user who left', () => ({ user_ids: [left] }), '/user_ids/0'],
    ['a group where users are named', () => ({ user_ids: [group] }), '/user_ids/0'],
    ['a group that is not there', () => ({ group_ids: [`grp_${gone}`] }), '/group_ids/0'],
    [
      'a permission that is not there',
      () => ({ permission_ids: [permission, `perm_${gone}`] }),
      '/permission_ids/1',
    ],
    ['a webhook that is not there', () => ({ webhook_ids: [`wh_${gone}`] }), '/webhook_ids/0'],
    ['a webhook of another type', () => ({ webhook_ids: [hook, validation] }), '/webhook_ids/1'],
    ['a condition that is not CEL', () => ({ condition: 'payload.' }), '/condition'],
    ['a condition of nothing', () => ({ condition: ' ' }), '/condition'],
    ['a failure policy that does not exist', () => ({ failure_policy: 'continue' }), '/failure_policy'],
    ['a length of a second', () => ({ access_length_seconds: 1 }), '/access_length_seconds'],
    ['a place before the first', () => ({ position: -1 }), '/position'],
    ['no name', () => ({ name: '' }), '/name'],
    ['a member that does not exist', () => ({ colour: 'red' }), '/colour'],
  ])('%s', async (_what, more, pointer) => {
    expect(await wrong('POST', at, more())).toEqual([422, pointer])
    const { id } = await create()
    expect(await wrong('PATCH', `${at}/${id}`, more())).toEqual([422, pointer])
  })

  test('a permission of another app', async () => {
    const other = await call<AppRead>(service, 'POST', '/apps', { name: 'Other' })
    const { id } = await call<PermissionRead>(service, 'POST', `/apps/${other.id}/permissions`, {
      label: 'Read',
    })
    expect(await wrong('POST', at, { permission_ids: [id] })).toEqual([422, '/permission_ids/0'])
  })
})

describe('order', () => {
  const made = async (names: string) => {
    const ids: Record<string, string> = {}
    for (const name of names) ids[name] = (await create({ name })).id
    return ids
  }

  test('a new rule goes to the end, or where it is put', async () => {
    await made('abc')
    await create({ name: 'x', position: 1 })
    await create({ name: 'y', position: 99 })
    expect(await order()).toBe('axbcy')
  })

  test.each([
    ['a', 2, 'bcad'],
    ['d', 0, 'dabc'],
    ['b', 1, 'abcd'],
    ['a', 99, 'bcda'],
  ])('%s moved to %i', async (name, position, expected) => {
    const ids = await made('abcd')
    const moved = await call<PreApprovalRuleRead>(service, 'PATCH', `${at}/${ids[name]}`, { position })
    expect(moved.position).toBe(Math.min(position, 3))
    expect(await order()).toBe(expected)
  })

  test('a deleted one leaves no gap', async () => {
    const ids = await made('abcd')
    await call(service, 'DELETE', `${at}/${ids.b}`)
    expect(await order()).toBe('acd')
  })

  test('several at the same moment take turns', async () => {
    const ids = await made('abcd')
    const moves = Object.values(ids).map((id, index) =>
      service.api('PATCH', `${at}/${id}`, { position: 3 - index }),
    )
    const added = ['x', 'y'].map((name) => service.api('POST', at, { name, position: 0 }))
    for (const { status } of await Promise.all([...moves, ...added])) expect(status).toBeLessThan(300)
    expect([...(await order())].sort().join('')).toBe('abcdxy')
  })
})

test('what somebody else has changed is neither changed nor deleted', async () => {
  const { id } = await create()
  const stale = { headers: { 'if-match': '"1"' } }
  await call(service, 'PATCH', `${at}/${id}`, { name: 'Once' }, stale)
  expect((await service.api('PATCH', `${at}/${id}`, { name: 'Twice' }, stale)).status).toBe(412)
  expect((await service.api('DELETE', `${at}/${id}`, undefined, stale)).status).toBe(412)
})

test('who was named and left may stay, and so may a permission that was archived', async () => {
  const bob = (await makeUser(service)).id
  const rule = await create({ user_ids: [bob], permission_ids: [permission] })
  await call(service, 'PATCH', `/users/${bob}`, { status: 'inactive' })
  await call(service, 'DELETE', `/apps/${app.id}/permissions/${permission}`)
  const same = { name: 'New', user_ids: [bob], permission_ids: [permission] }
  expect((await service.api('PATCH', `${at}/${rule.id}`, same)).status).toBe(200)
  expect(await wrong('PATCH', `${at}/${rule.id}`, { user_ids: [bob, left] })).toEqual([422, '/user_ids/1'])
})

test('a rule of another app is not there', async () => {
  const { id } = await create()
  const other = await call<AppRead>(service, 'POST', '/apps', { name: 'Other' })
  for (const method of ['GET', 'PATCH', 'DELETE']) {
    const path = `/apps/${other.id}/pre-approval-rules/${id}`
    expect((await service.api(method, path, method === 'PATCH' ? {} : undefined)).status).toBe(404)
  }
})
