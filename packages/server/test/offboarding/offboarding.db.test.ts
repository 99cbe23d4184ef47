import type { AccessRequestRead } from '@keyhook/contract/api/access-request.ts'
import type { EventPage } from '@keyhook/contract/api/event.ts'
import type { Page } from '@keyhook/contract/api/list.ts'
import type { OffboardingRead, OffboardingSummary } from '@keyhook/contract/api/offboarding.ts'
import type { Problem } from '@keyhook/contract/api/problem.ts'
import { describe, expect, onTestFinished, test, vi } from 'vitest'
import {
  addApp,
  addGrant,
  addGroup,
  addPerson,
  addWebhook,
  grantNow,
  type Person,
  requestOf,
  sessionOf,
} from '../reviews/company.ts'
import { serviceForTest } from '../support/harness.ts'
import { json, startReceiver } from '../support/receiver.ts'
import { serviceWithReceiver } from '../support/service-with-receiver.ts'

const { service, receiver } = serviceWithReceiver()
const soon = { timeout: 15_000, interval: 100 }

const offboard = (person: Person, options = {}) =>
  service.api<OffboardingRead & Pick<Problem, 'code'>>(
    'POST',
    `/users/${person.id}/offboard`,
    undefined,
    options,
  )
const read = async (id: string) => (await service.api<OffboardingRead>('GET', `/offboardings/${id}`)).body
const setStatus = (person: Person, status: string) => service.api('PATCH', `/users/${person.id}`, { status })
const ofUser = async (person: Person) =>
  (await service.api<Page<OffboardingSummary>>('GET', `/offboardings?user_id=${person.id}`)).body.data
const done = (id: string) => vi.waitFor(async () => expect((await read(id)).status).toBe('done'), soon)

async function automaticApp(name = 'Ledger', more = {}) {
  const provisioning = await addWebhook(service, 'provisioning', receiver.url)
  const deprovisioning = await addWebhook(service, 'deprovisioning', receiver.url)
  return addApp(service, name, { provisioning, deprovisioning, ...more })
}

describe('offboarding', () => {
  test('ends all access of a user, and finishes when the last of it has ended', async () => {
    const ann = await addPerson(service, 'Ann')
    const grants = [
      await addGrant(service, ann, await automaticApp()),
      await addGrant(service, ann, await automaticApp()),
    ]
    const app = await addApp(service, 'By hand')
    const byHand = await addGrant(service, ann, app)
    receiver.received.length = 0
    const begun = await offboard(ann)
    expect([begun.status, begun.headers.get('location')]).toEqual([
      201,
      `/api/v1/offboardings/${begun.body.id}`,
    ])
    expect(begun.body).toMatchObject({ status: 'running', user: { id: ann.id }, progress: { total: 3 } })
    await vi.waitFor(
      async () =>
        expect((await read(begun.body.id)).progress).toEqual({ total: 3, ended: 2, removing: 0, by_hand: 1 }),
      soon,
    )
    for (const grant of grants)
      expect(await grantNow(service, grant)).toMatchObject({ status: 'ended', end_reason: 'offboarding' })
    expect(receiver.received.map(({ body }) => JSON.parse(body.toString()).reason)).toEqual([
      'offboarding',
      'offboarding',
    ])
    const under = await read(begun.body.id)
    const [task] = under.todo
    expect(under.status).toBe('running')
    expect(task).toMatchObject({ kind: 'remove_by_hand', must: true, app_id: app.id })
    expect(under.grants[0]).toMatchObject({ id: byHand.id, open_task_id: task?.task_id })
    await service.api('POST', `/tasks/${task?.task_id}/complete`, {})
    await done(begun.body.id)
    expect(await read(begun.body.id)).toMatchObject({
      progress: { total: 3, ended: 3, removing: 0, by_hand: 0 },
      todo: [],
    })
    const events = await service.api<EventPage>(
      'GET',
      `/events?type=OFFBOARDING_FINISHED&target_id=${ann.id}`,
    )
    expect(events.body.data.length).toBe(1)
    const request = await requestOf(service, byHand.access_request_id)
    expect(request.timeline.map(({ text }) => text)).toContain('Access ends. The person was deactivated.')
  })

  test('begins with every deactivation, and is one at a time', async () => {
    const ann = await addPerson(service, 'Ann')
    const app = await addApp(service, 'By hand')
    await addGrant(service, ann, app)
    expect((await setStatus(ann, 'inactive')).status).toBe(200)
    const [first] = await ofUser(ann)
    const again = await offboard(ann)
    expect([again.status, again.body.id]).toEqual([200, first?.id])
    expect((await ofUser(ann)).length).toBe(1)
    expect(
      (await service.api<Page<unknown>>('GET', '/offboardings?status=running')).body.data,
    ).toContainEqual(expect.objectContaining({ id: first?.id }))
  })

  test('of somebody without access is done at once', async () => {
    const begun = await offboard(await addPerson(service, 'Ann'))
    await done(begun.body.id)
    expect((await read(begun.body.id)).progress.total).toBe(0)
    // Inactive already: what is left is looked at again.
    expect((await offboard(begun.body.user)).status).toBe(201)
  })

  test('cancels what is asked for them, leaves what they asked for others, and says so', async () => {
    const approver = await addPerson(service, 'Approver')
    const approvers = [{ type: 'named', principal_ids: [approver.id] }]
    const app = await automaticApp('Vault', { approvers })
    const [ann, bob] = [await addPerson(service, 'Ann'), await addPerson(service, 'Bob')]
    const ask = async (requester: Person, target: Person) =>
      (
        await service.api<AccessRequestRead>('POST', '/access-requests', {
          app_id: app.id,
          permission_ids: [app.permissionId],
          requester_id: requester.id,
          target_user_id: target.id,
        })
      ).body
    const forAnn = await ask(bob, ann)
    const forBob = await ask(ann, bob)
    const begun = await offboard(ann)
    await done(begun.body.id)
    expect((await requestOf(service, forAnn.id)).status).toBe('cancelled')
    expect((await requestOf(service, forBob.id)).status).toBe('awaiting_approval')
    const after = await read(begun.body.id)
    expect(after.cancelled_requests).toEqual([{ id: forAnn.id, app: { id: app.id, name: 'Vault' } }])
    expect(after.todo).toMatchObject([
      {
        kind: 'open_request',
        must: false,
        access_request_id: forBob.id,
        text: 'Ann Person asked for Vault for Bob Person: it goes on.',
      },
    ])
  })

  test('hands approvals that wait for them to others, and is not done before', async () => {
    const [leaver, admin] = [await addPerson(service, 'Leaver'), await addPerson(service, 'Appadmin')]
    const app = await automaticApp('Vault', {
      admins: [admin],
      approvers: [{ type: 'named', principal_ids: [leaver.id] }],
    })
    const { body: request } = await service.api<AccessRequestRead>('POST', '/access-requests', {
      app_id: app.id,
      permission_ids: [app.permissionId],
      requester_id: (await addPerson(service, 'Bob')).id,
    })
    const begun = await offboard(leaver)
    await done(begun.body.id)
    const open = (await requestOf(service, request.id)).tasks.filter(({ status }) => status === 'open')
    expect(open.map(({ assignees }) => assignees.map(({ id }) => id))).toEqual([[admin.id]])
    expect(open[0]?.fallback).toBe(
      'Those who were named cannot decide: they are not active any more. The app admins decide instead.',
    )
    const asAdmin = await sessionOf(service, admin)
    const approved = await service.api('POST', `/access-requests/${request.id}/approve`, {}, asAdmin)
    expect(approved.status, approved.text).toBe(200)
  })

  test('takes back what is given while it runs', async () => {
    const held: (() => void)[] = []
    const app = await automaticApp()
    const ann = await addPerson(service, 'Ann')
    receiver.answerWith((request, response) => {
      held.push(() => json(200, { response: true })(request, response))
    })
    const { body } = await service.api<AccessRequestRead>('POST', '/access-requests', {
      app_id: app.id,
      permission_ids: [app.permissionId],
      requester_id: ann.id,
    })
    await vi.waitFor(() => expect(held.length).toBe(1), soon)
    const begun = await offboard(ann)
    // It is on its way, so the offboarding waits for it.
    expect((await read(begun.body.id)).status).toBe('running')
    receiver.answerWith(json(200, { response: true }))
    held[0]?.()
    await done(begun.body.id)
    const request = await requestOf(service, body.id)
    expect(request.grants).toMatchObject([{ status: 'ended', end_reason: 'offboarding' }])
  })

  test('is stopped when the user is activated again: what was removed stays removed, the rest stays', async () => {
    const ann = await addPerson(service, 'Ann')
    const automatic = await addGrant(service, ann, await automaticApp())
    const byHand = await addGrant(service, ann, await addApp(service, 'By hand'))
    const begun = await offboard(ann)
    await vi.waitFor(
      async () => expect((await grantNow(service, byHand)).status).toBe('awaiting_removal'),
      soon,
    )
    await vi.waitFor(async () => expect((await grantNow(service, automatic)).status).toBe('ended'), soon)
    expect((await setStatus(ann, 'active')).status).toBe(200)
    expect(await read(begun.body.id)).toMatchObject({ status: 'stopped', todo: [], progress: { total: 2 } })
    // New access is of another time.
    await addGrant(service, ann, await automaticApp())
    expect((await read(begun.body.id)).progress.total).toBe(2)
    expect((await grantNow(service, automatic)).status).toBe('ended')
    const second = await offboard(ann)
    expect([second.status, second.body.id === begun.body.id]).toEqual([201, false])
    expect((await ofUser(ann)).map(({ status }) => status)).toEqual(['running', 'stopped'])
  })
})

describe('what is left for people', () => {
  test('names apps without owner or app admin, managed people, approvals and groups', async () => {
    const ann = await addPerson(service, 'Ann')
    const other = await addPerson(service, 'Other')
    const managed = await addPerson(service, 'Managed', { manager_id: ann.id })
    await addPerson(service, 'Gone', { manager_id: ann.id, status: 'inactive' })
    const group = await addGroup(service, 'Team', [ann])
    const owned = await addApp(service, 'Owned', { owner_id: ann.id })
    const alone = await addApp(service, 'Alone', { admins: [ann] })
    const byGroup = await addApp(service, 'By group', { admins: [group] })
    const shared = await addApp(service, 'Shared', { admins: [ann, other] })
    const approvers = [{ type: 'named', principal_ids: [ann.id] }]
    const approved = await addApp(service, 'Approved', { approvers })
    const begun = await offboard(ann)
    await done(begun.body.id)
    const { todo } = await read(begun.body.id)
    expect(
      todo.map(({ kind, must, app_id, user_id, group_id }) => [kind, must, app_id ?? user_id ?? group_id]),
    ).toEqual([
      ['app_without_owner', true, owned.id],
      ['app_without_admin', true, alone.id],
      ['app_without_admin', true, byGroup.id],
      ['app_admin', false, shared.id],
      ['managed_person', true, managed.id],
      ['approver', false, approved.id],
      ['group', false, group.id],
    ])
    expect(todo.map(({ text }) => text)).toContain('Managed Person has no active manager: choose another.')
  })
})

describe('who may do it', () => {
  test('administrators and programs; to others there is nothing', async () => {
    const [ann, appAdmin] = [await addPerson(service, 'Ann'), await addPerson(service, 'Appadmin')]
    await addGrant(service, ann, await addApp(service, 'Ledger', { admins: [appAdmin] }))
    const root = await addPerson(service, 'Root', { role: 'admin' })
    const asRoot = await sessionOf(service, root)
    const begun = await offboard(ann, asRoot)
    expect([begun.status, begun.body.started_by]).toEqual([201, root.name])
    for (const options of [await sessionOf(service, appAdmin), { key: null }]) {
      const status = 'key' in options && 'headers' in options ? 404 : 401
      for (const path of ['/offboardings', `/offboardings/${begun.body.id}`])
        expect((await service.api('GET', path, undefined, options)).status).toBe(status)
      expect((await offboard(appAdmin, options)).status).toBe(status)
    }
    expect((await offboard(root, asRoot)).body.code).toBe('own_account')
    expect((await service.api('GET', '/offboardings?status=running', undefined, asRoot)).status).toBe(200)
  })

  test('what is not there or cannot be read is told', async () => {
    const nobody = { ...(await addPerson(service, 'Ann')), id: `usr_${'0'.repeat(32)}` }
    expect((await offboard(nobody)).status).toBe(404)
    expect((await service.api('GET', '/offboardings/off_1')).status).toBe(404)
    for (const query of ['status=gone', 'cursor=x', 'limit=1000'])
      expect((await service.api('GET', `/offboardings?${query}`)).status).toBe(422)
    expect((await service.api('POST', `/users/${nobody.id}/offboard`, { fast: true })).status).toBe(422)
  })
})

test('an offboarding that a restart cuts off goes on, and nothing is sent twice', async () => {
  const local = await startReceiver()
  onTestFinished(() => local.close())
  const first = await serviceForTest()
  const provisioning = await addWebhook(first, 'provisioning', local.url)
  const deprovisioning = await addWebhook(first, 'deprovisioning', local.url)
  const ann = await addPerson(first, 'Ann')
  for (let index = 0; index < 6; index++)
    await addGrant(first, ann, await addApp(first, `App ${index}`, { provisioning, deprovisioning }))
  local.received.length = 0
  // Every third answer never comes.
  let asked = 0
  local.answerWith((request, response) => {
    asked += 1
    if (asked % 3 !== 0) json(200, { response: true })(request, response)
  })
  const { body } = await first.api<OffboardingRead>('POST', `/users/${ann.id}/offboard`)
  await vi.waitFor(() => expect(local.received.length).toBeGreaterThan(2), soon)
  const second = await first.restart()
  onTestFinished(() => second.stop())
  const progress = async () =>
    (await second.api<OffboardingRead>('GET', `/offboardings/${body.id}`)).body.progress
  await vi.waitFor(async () => {
    const { total, ended, by_hand } = await progress()
    expect([total, ended + by_hand]).toEqual([6, 6])
  }, soon)
  const sent = local.received.map(({ body }) => JSON.parse(body.toString()).grants[0].id as string)
  // What was begun and not sent when the server stopped is a task, and not sent by itself.
  expect(new Set(sent).size).toBe(sent.length)
  const { body: tasks } = await second.api<Page<{ id: string }>>('GET', '/tasks?assigned=any&limit=200')
  for (const { id } of tasks.data) await second.api('POST', `/tasks/${id}/complete`, {})
  await vi.waitFor(
    async () =>
      expect((await second.api<OffboardingRead>('GET', `/offboardings/${body.id}`)).body.status).toBe('done'),
    soon,
  )
})
