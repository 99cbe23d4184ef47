import type { AppRead, PermissionRead } from '@keyhook/contract/api/app.ts'
import type { EventPage } from '@keyhook/contract/api/event.ts'
import type { Page } from '@keyhook/contract/api/list.ts'
import type { Problem } from '@keyhook/contract/api/problem.ts'
import { beforeAll, describe, expect, test } from 'vitest'
import { call, makeUser, makeWebhook } from '../access/support.ts'
import { serviceWithReceiver } from '../support/service-with-receiver.ts'

const { service, receiver } = serviceWithReceiver()
const gone = '0'.repeat(32)
let app: AppRead
let ada: string
let provisioning: string
let at: string

beforeAll(async () => {
  app = await call<AppRead>(service, 'POST', '/apps', { name: 'Ledger' })
  ada = (await makeUser(service)).id
  provisioning = (await makeWebhook(service, 'provisioning', receiver.url)).id
  at = `/apps/${app.id}/permissions`
})

let made = 0
const create = (more: object = {}) => {
  made += 1
  return call<PermissionRead>(service, 'POST', at, { label: `Permission ${made}`, ...more })
}
const wrong = async (method: string, path: string, body: object) => {
  const refused = await service.api<Problem>(method, path, body)
  return [refused.status, ...refused.body.errors.map(({ pointer }) => pointer)]
}

test('a label is enough; the receiver then knows it by the label', async () => {
  const answer = await service.api<PermissionRead>('POST', at, { label: 'Read only' })
  expect(answer.status).toBe(201)
  expect(answer.headers.get('location')).toBe(`/api/v1${at}/${answer.body.id}`)
  expect(answer.body).toMatchObject({
    app_id: app.id,
    value: 'Read only',
    source: 'MANUAL',
    description: null,
    approvers: null,
    webhooks: { request_validation: null, provisioning: null, deprovisioning: null },
  })
})

test('everything that can be said is kept, changed and told in the log', async () => {
  const said = {
    label: 'Write',
    value: 'ledger:write',
    source: 'OKTA',
    description: 'Books',
    approvers: [{ type: 'named', principal_ids: [ada], mode: 'any' }],
    webhooks: {
      request_validation: null,
      provisioning: { webhook_id: provisioning, failure_policy: 'task' },
      deprovisioning: null,
    },
  }
  const permission = await create(said)
  expect(permission).toMatchObject(said)
  const path = `${at}/${permission.id}`
  expect(await call(service, 'GET', path)).toEqual(permission)

  const changed = await service.api<PermissionRead>('PATCH', path, {
    description: null,
    approvers: null,
    webhooks: { provisioning: null },
  })
  expect(changed.headers.get('etag')).toBe('"2"')
  expect(changed.body).toMatchObject({ label: 'Write', description: null, approvers: null })
  expect(changed.body.webhooks.provisioning).toBeNull()

  const { data } = await call<EventPage>(service, 'GET', `/events?target_id=${permission.id}`)
  expect(data.map(({ event }) => event.event_type)).toEqual([
    'ADMIN_UPDATED_PERMISSION',
    'ADMIN_CREATED_PERMISSION',
  ])
  expect(data[0]?.event.event_metadata).toMatchObject({
    before: { description: 'Books', approvers: said.approvers },
    after: { description: null, approvers: null },
  })
  expect(data[0]?.event.targets.map(({ target_type }) => target_type)).toEqual(['APP', 'PERMISSION'])
})

describe('refused, with the member', () => {
  test.each<[string, () => object, string]>([
    ['no label', () => ({ label: ' ' }), '/label'],
    ['a label with a line break', () => ({ label: 'a\nb' }), '/label'],
    ['a value of 501 characters', () => ({ value: 'x'.repeat(501) }), '/value'],
    ['a source that does not exist', () => ({ source: 'SAP' }), '/source'],
    ['a member that does not exist', () => ({ colour: 'red' }), '/colour'],
    [
      'an approver who is not there',
      () => ({ approvers: [{ type: 'named', principal_ids: [`grp_${gone}`] }] }),
      '/approvers/0/principal_ids/0',
    ],
    [
      'a webhook that is not there',
      () => ({ webhooks: { provisioning: { webhook_id: `wh_${gone}` } } }),
      '/webhooks/provisioning/webhook_id',
    ],
    [
      'a webhook of another type',
      () => ({ webhooks: { deprovisioning: { webhook_id: provisioning } } }),
      '/webhooks/deprovisioning/webhook_id',
    ],
  ])('%s', async (_what, more, pointer) => {
    expect(await wrong('POST', at, { label: 'Wrong', ...more() })).toEqual([422, pointer])
    const { id } = await create()
    expect(await wrong('PATCH', `${at}/${id}`, more())).toEqual([422, pointer])
  })

  test('a label that the app has already, in any case of letters', async () => {
    const { id } = await create({ label: 'Twice' })
    expect(await wrong('POST', at, { label: 'TWICE' })).toEqual([422, '/label'])
    const other = await create()
    expect(await wrong('PATCH', `${at}/${other.id}`, { label: 'twice' })).toEqual([422, '/label'])
    await call(service, 'DELETE', `${at}/${id}`)
    expect((await create({ label: 'Twice' })).label).toBe('Twice')
  })
})

test('what somebody else has changed is neither changed nor archived', async () => {
  const { id } = await create()
  const stale = { headers: { 'if-match': '"1"' } }
  await call(service, 'PATCH', `${at}/${id}`, { label: 'Changed once' }, stale)
  expect((await service.api('PATCH', `${at}/${id}`, { label: 'Twice' }, stale)).status).toBe(412)
  expect((await service.api('DELETE', `${at}/${id}`, undefined, stale)).status).toBe(412)
})

test('they are listed page by page, the newest first, without those that were archived', async () => {
  const other = await call<AppRead>(service, 'POST', '/apps', { name: 'Other' })
  const path = `/apps/${other.id}/permissions`
  const ids: string[] = []
  for (const label of ['a', 'b', 'c', 'd'])
    ids.unshift((await call<PermissionRead>(service, 'POST', path, { label })).id)
  await call(service, 'DELETE', `${path}/${ids[1]}`)
  const first = await call<Page<PermissionRead>>(service, 'GET', `${path}?limit=2`)
  const second = await call<Page<PermissionRead>>(
    service,
    'GET',
    `${path}?limit=2&cursor=${first.next_cursor}`,
  )
  const seen = [...first.data, ...second.data].map(({ id }) => id)
  expect(seen).toEqual([ids[0], ids[2], ids[3]])
  expect(second.next_cursor).toBeNull()
})

test('a permission of another app is not there, nor is one that was archived', async () => {
  const other = await call<AppRead>(service, 'POST', '/apps', { name: 'Another' })
  const { id } = await create()
  for (const method of ['GET', 'PATCH', 'DELETE']) {
    const body = method === 'PATCH' ? {} : undefined
    expect((await service.api(method, `/apps/${other.id}/permissions/${id}`, body)).status).toBe(404)
  }
  await call(service, 'DELETE', `${at}/${id}`)
  expect((await service.api('GET', `${at}/${id}`)).status).toBe(404)
  expect((await service.api('DELETE', `${at}/${id}`)).status).toBe(404)
})
