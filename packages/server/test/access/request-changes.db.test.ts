/** What becomes of requests when people, webhooks and apps change under them, and what time brings. */
import type { AccessRequestRead } from '@keyhook/contract/api/access-request.ts'
import type { TaskRead } from '@keyhook/contract/api/task.ts'
import { sql } from 'kysely'
import { describe, expect, onTestFinished, test } from 'vitest'
import { cookieOf } from '../auth/administrator.ts'
import { serviceForTest } from '../support/harness.ts'
import { invite, password } from '../support/person.ts'
import { json, type Receiver } from '../support/receiver.ts'
import { serviceWithReceiver } from '../support/service-with-receiver.ts'
import { call, makeApp, makeUser, makeWebhook, receiverForTest, resting, submit } from './support.ts'

const { service } = serviceWithReceiver()
const deactivate = (id: string) => call(service, 'PATCH', `/users/${id}`, { status: 'inactive' })
/** Approves in the session of a person, who has chosen a password for it. */
async function approveAs(userId: string, requestId: string): Promise<void> {
  const token = await invite(service, userId)
  const accepted = await service.api('POST', '/invitations/accept', { token, password }, { key: null })
  const headers = { cookie: cookieOf(accepted) }
  await call(service, 'POST', `/access-requests/${requestId}/approve`, {}, { key: null, headers })
}
/** A request whose access a receiver will give later, as it says. */
async function answeredLater() {
  const provisioning = await receiverForTest(json(202, { callback: true }))
  const webhook = await makeWebhook(service, 'provisioning', provisioning.url, {
    callback_deadline_seconds: 3_600,
  })
  const app = await makeApp(service, { webhooks: { provisioning: webhook.id } })
  const request = await call<AccessRequestRead>(service, 'POST', '/access-requests', {
    app_id: app.id,
    permission_ids: [app.permissions[0]?.id],
    requester_id: (await makeUser(service)).id,
  })
  return { provisioning, webhook, request }
}
/** Gives the late answer that a receiver's first payload allows. */
async function answerLate({ received }: Receiver): Promise<void> {
  await expect.poll(() => received.length).toBe(1)
  const { callback_url } = JSON.parse(received[0]?.body.toString() ?? '{}')
  const path = new URL(callback_url).pathname.replace('/api/v1', '')
  // 409 while the receiver's first answer is not recorded yet.
  await expect
    .poll(async () => (await service.api('POST', path, { response: true }, { key: null })).status)
    .toBe(204)
}
const textsOf = ({ timeline }: AccessRequestRead) => timeline.map(({ text }) => text).join('\n')

describe('people who leave', () => {
  test('when all must approve and the last who has not leaves, the step is over', async () => {
    const [first, second] = [await makeUser(service), await makeUser(service)]
    const user = await makeUser(service)
    const approvers = [{ type: 'named', principal_ids: [first.id, second.id], mode: 'all' }]
    const app = await makeApp(service, { approvers })
    const request = await submit(service, app, user.id)
    await approveAs(first.id, request.id)
    expect((await resting(service, request.id)).waiting_for).toBe(second.name)
    await deactivate(second.id)
    await expect
      .poll(async () => (await resting(service, request.id)).status, { timeout: 10_000 })
      .toBe('awaiting_confirmation')
  })

  test('a group without anybody in it gives way to the app admins', async () => {
    const [member, admin, user] = [await makeUser(service), await makeUser(service), await makeUser(service)]
    const group = await call<{ id: string }>(service, 'POST', '/groups', { name: `Approvers ${member.id}` })
    await call(service, 'PUT', `/groups/${group.id}/members/${member.id}`)
    const approvers = [{ type: 'named', principal_ids: [group.id], mode: 'any' }]
    const app = await makeApp(service, { approvers, admins: [admin.id] })
    const request = await submit(service, app, user.id)
    await deactivate(member.id)
    await expect
      .poll(async () => (await resting(service, request.id)).waiting_for, { timeout: 10_000 })
      .toBe(admin.name)
    expect(textsOf(await resting(service, request.id))).toContain('The app admins decide instead.')
  })

  test('an app admin who is none any more decides nothing that waits', async () => {
    const [removed, stays, user] = [await makeUser(service), await makeUser(service), await makeUser(service)]
    const app = await makeApp(service, {
      approvers: [{ type: 'app_admins' }],
      admins: [removed.id, stays.id],
    })
    const request = await submit(service, app, user.id)
    await call(service, 'PATCH', `/apps/${app.id}`, { admins: [stays.id] })
    expect((await resting(service, request.id)).waiting_for).toBe(stays.name)
    await expect(approveAs(removed.id, request.id)).rejects.toThrow('404')
    await call(service, 'PATCH', `/apps/${app.id}`, { admins: [] })
    expect((await resting(service, request.id)).waiting_for).toMatch(/administrators/i)
  })

  test('a manager who is deactivated gives way to the app admins, and the request says so', async () => {
    const manager = await makeUser(service)
    const admin = await makeUser(service)
    const user = await makeUser(service, { manager_id: manager.id })
    const app = await makeApp(service, { approvers: [{ type: 'manager' }], admins: [admin.id] })
    const request = await submit(service, app, user.id)
    expect(request.waiting_for).toBe(manager.name)
    await deactivate(manager.id)
    await expect
      .poll(async () => (await resting(service, request.id)).waiting_for, { timeout: 10_000 })
      .toBe(admin.name)
    const after = await resting(service, request.id)
    expect(textsOf(after)).toContain(
      'The manager cannot decide: they are not active any more. The app admins decide instead.',
    )
    expect(after.tasks.filter(({ status }) => status === 'open')).toHaveLength(1)
  })

  test('without app admins the administrators decide', async () => {
    const app = await makeApp(service, { approvers: [{ type: 'manager' }] })
    const request = await submit(service, app, (await makeUser(service)).id)
    expect(request).toMatchObject({ status: 'awaiting_approval', waiting_for: 'Administrators' })
    expect(request.tasks[0]?.fallback).toBe(
      'The manager cannot decide: there is none. The administrators decide instead.',
    )
  })

  test('nobody decides about their own request', async () => {
    const user = await makeUser(service)
    const app = await makeApp(service, { approvers: [{ type: 'app_admins' }], admins: [user.id] })
    const request = await submit(service, app, user.id)
    expect(request.waiting_for).toBe('Administrators')
    expect(request.tasks[0]?.fallback).toContain('it is their own request')
  })

  test('a request for somebody who is deactivated is cancelled', async () => {
    const app = await makeApp(service, { approvers: [{ type: 'app_admins' }] })
    const user = await makeUser(service)
    const request = await submit(service, app, user.id)
    await deactivate(user.id)
    await expect
      .poll(async () => (await resting(service, request.id)).status, { timeout: 10_000 })
      .toBe('cancelled')
  })

  test('access that comes through after its user was deactivated is taken back', async () => {
    let answer = () => {}
    const provisioning = await receiverForTest((request, response) => {
      answer = () => json(204)(request, response)
    })
    const deprovisioning = await receiverForTest(json(204))
    const app = await makeApp(service, {
      webhooks: {
        provisioning: (await makeWebhook(service, 'provisioning', provisioning.url)).id,
        deprovisioning: (await makeWebhook(service, 'deprovisioning', deprovisioning.url)).id,
      },
    })
    const user = await makeUser(service)
    const request = await call<AccessRequestRead>(service, 'POST', '/access-requests', {
      app_id: app.id,
      permission_ids: [app.permissions[0]?.id],
      requester_id: user.id,
    })
    await expect.poll(() => provisioning.received.length).toBe(1)
    await deactivate(user.id)
    answer()
    await expect
      .poll(async () => (await resting(service, request.id)).status, { timeout: 10_000 })
      .toBe('ended')
    expect(await resting(service, request.id)).toMatchObject({ grants: [{ end_reason: 'offboarding' }] })
    expect(deprovisioning.received).toHaveLength(1)
  })
})

describe('webhooks that change', () => {
  test('one that is disabled fails, and a person does it', async () => {
    const provisioning = await receiverForTest()
    const webhook = await makeWebhook(service, 'provisioning', provisioning.url, { enabled: false })
    const app = await makeApp(service, { webhooks: { provisioning: webhook.id } })
    const request = await submit(service, app, (await makeUser(service)).id)
    expect(request).toMatchObject({
      status: 'awaiting_confirmation',
      tasks: [{ reason: { kind: 'failed', failure_reason: 'webhook_disabled' } }],
    })
    expect(provisioning.received).toHaveLength(0)
  })

  test('one that is attached is not deleted, and what uses it is named', async () => {
    const webhook = await makeWebhook(service, 'provisioning', (await receiverForTest()).url)
    const app = await makeApp(service, { webhooks: { provisioning: webhook.id } })
    const refused = await service.api('DELETE', `/webhooks/${webhook.id}`)
    expect(refused).toMatchObject({ status: 409, body: { code: 'webhook_in_use' } })
    expect(refused.text).toContain(app.name)
  })

  test("a condition that does not hold: validation passes, provisioning goes on to the app's webhook", async () => {
    const own = await receiverForTest()
    const general = await receiverForTest()
    const condition = 'payload.access_length == 5'
    const ownWebhook = await makeWebhook(service, 'provisioning', own.url, { condition })
    const generalWebhook = await makeWebhook(service, 'provisioning', general.url)
    const validation = await makeWebhook(service, 'request_validation', own.url, { condition })
    const app = await makeApp(service, {
      webhooks: { provisioning: generalWebhook.id, request_validation: validation.id },
      permissions: [{ label: 'A', webhooks: { provisioning: { webhook_id: ownWebhook.id } } }],
    })
    expect(await submit(service, app, (await makeUser(service)).id)).toMatchObject({ status: 'active' })
    expect([own.received.length, general.received.length]).toEqual([0, 1])
  })

  test('a receiver that needs longer answers later, and the request waits for it', async () => {
    const { provisioning, request } = await answeredLater()
    await answerLate(provisioning)
    expect((await resting(service, request.id)).status).toBe('active')
  })

  test('a webhook whose stored secrets do not open is not asked, and a person is', async () => {
    const provisioning = await receiverForTest(json(204))
    const webhook = await makeWebhook(service, 'provisioning', provisioning.url, {
      authentication: { type: 'bearer', token: 'a-token-of-some-length' },
    })
    const app = await makeApp(service, { webhooks: { provisioning: webhook.id } })
    await sql`update webhooks set sealed_credentials = set_byte(sealed_credentials, octet_length(sealed_credentials) - 1,
      (get_byte(sealed_credentials, octet_length(sealed_credentials) - 1) + 1) % 256), version = version + 1
      where id = ${webhook.id}`.execute(service.ctx.db)
    const request = await submit(service, app, (await makeUser(service)).id)
    expect(request).toMatchObject({
      status: 'awaiting_confirmation',
      tasks: [{ kind: 'confirm_provisioning', reason: { failure_reason: 'auth_failed' } }],
    })
    expect(request.tasks[0]?.reason?.message).toMatch(/do not open/)
    expect(provisioning.received).toHaveLength(0)
  })

  test('a late answer is not overlooked when many older ones are waited for', async () => {
    const { provisioning, webhook, request } = await answeredLater()
    await expect.poll(() => provisioning.received.length).toBe(1)
    // Before this one by their ids, so that whoever reads the first of them only never comes to it.
    await sql`insert into deliveries (id, webhook_id, webhook_name, webhook_type, test, payload, status)
      select 'dlv_0000000' || n, ${webhook.id}, 'W', 'provisioning', false, ''::bytea, 'awaiting_callback'
      from generate_series(1, 600) n`.execute(service.ctx.db)
    await sql`insert into calls (id, request_id, key, kind, webhook_id, permission_ids, process_id, created_at)
      select 'dlv_0000000' || n, ${request.id}, 'other' || n, 'provisioning', ${webhook.id}, '[]', 'prc_0', now()
      from generate_series(1, 600) n`.execute(service.ctx.db)
    onTestFinished(async () => {
      await sql`delete from calls where id like 'dlv_0000000%'`.execute(service.ctx.db)
      await sql`delete from deliveries where id like 'dlv_0000000%'`.execute(service.ctx.db)
    })
    // Not by the way of who waits for it here: as if another process had taken the answer.
    await sql`update deliveries set status = 'succeeded', finished_at = now(),
      outcome = '{"status":"succeeded","decision":true,"message":null,"explanation":""}'
      where webhook_id = ${webhook.id} and id not like 'dlv_0000000%'`.execute(service.ctx.db)
    expect((await resting(service, request.id)).status).toBe('active')
  })

  test('what succeeds after its time is shown on the task and changes nothing by itself', async () => {
    const provisioning = await receiverForTest(() => {})
    const webhook = await makeWebhook(service, 'provisioning', provisioning.url, { time_limit_ms: 1_000 })
    const app = await makeApp(service, { webhooks: { provisioning: webhook.id } })
    const request = await submit(service, app, (await makeUser(service)).id)
    expect(request).toMatchObject({ tasks: [{ reason: { failure_reason: 'timeout' } }] })
    const [task] = request.tasks
    provisioning.answerWith(json(204))
    await call(service, 'POST', `/deliveries/${task?.delivery?.id}/retry`, { accept_repeat: true })
    const later = await call<TaskRead>(service, 'GET', `/tasks/${task?.id}`)
    expect(later).toMatchObject({ status: 'open', delivery: { decision: true, late_success: true } })
    expect((await resting(service, request.id)).status).toBe('awaiting_confirmation')
  })
})

test('an intake field that changes while a request is open leaves the request as it was asked', async () => {
  const field = { label: 'Team', type: 'text', required: true }
  const app = await makeApp(service, { approvers: [{ type: 'app_admins' }], intake_fields: [field] })
  const request = await submit(service, app, (await makeUser(service)).id, {
    custom_fields: { Team: 'Sales' },
  })
  await call(service, 'PATCH', `/apps/${app.id}`, {
    intake_fields: [{ label: 'Cost centre', type: 'number', required: true }],
  })
  await call(service, 'POST', `/access-requests/${request.id}/approve`)
  expect(await resting(service, request.id)).toMatchObject({
    status: 'awaiting_confirmation',
    custom_fields: { Team: 'Sales' },
  })
})

test("a receiver's message is shown as text, short and without what turns its direction", async () => {
  const long = `<img src=x onerror=alert(1)>\u202e\u0007${'x'.repeat(900_000)}`
  const validation = await receiverForTest(json(200, { response: false, message: long }))
  const webhook = await makeWebhook(service, 'request_validation', validation.url)
  const app = await makeApp(service, { webhooks: { request_validation: webhook.id } })
  const { rejection } = await submit(service, app, (await makeUser(service)).id)
  expect(rejection?.message.length).toBeLessThanOrEqual(2_000)
  expect(rejection?.message).toMatch(/^<img src=x onerror=alert\(1\)>x+/)
})

test('reminders, escalation, the notice before the end, and the end itself, also after the server was away', async () => {
  let ahead = 0
  const moved = await serviceForTest({}, { clock: () => Date.now() + ahead })
  const deprovisioning = await receiverForTest(json(204))
  const admin = await makeUser(moved)
  const manager = await makeUser(moved)
  const user = await makeUser(moved, { manager_id: manager.id })
  const app = await makeApp(moved, {
    approvers: [{ type: 'manager' }],
    admins: [admin.id],
    remind_after_seconds: 3_600,
    escalate_after_seconds: 7_200,
    webhooks: { deprovisioning: (await makeWebhook(moved, 'deprovisioning', deprovisioning.url)).id },
  })
  const request = await submit(moved, app, user.id, { access_length_seconds: 86_400 })
  const types = async () => (await resting(moved, request.id)).timeline.map(({ event_type }) => event_type)
  ahead += 3_601_000
  await expect.poll(types, { timeout: 10_000 }).toContain('APP_STORE_REMIND_APPROVERS')
  ahead += 3_601_000
  await expect.poll(types, { timeout: 10_000 }).toContain('APP_STORE_ESCALATE_APPROVAL')
  expect((await resting(moved, request.id)).waiting_for).toBe(`${manager.name} or App admins of ${app.name}`)
  await call(moved, 'POST', `/access-requests/${request.id}/approve`)
  const task = (await resting(moved, request.id)).tasks.find(({ status }) => status === 'open')
  await call(moved, 'POST', `/tasks/${task?.id}/complete`)
  ahead += 70_000_000
  await expect.poll(types, { timeout: 10_000 }).toContain('APP_STORE_ACCESS_EXPIRES_SOON')
  ahead += 20_000_000
  await expect.poll(async () => (await resting(moved, request.id)).status, { timeout: 10_000 }).toBe('ended')
  expect(await resting(moved, request.id)).toMatchObject({ grants: [{ end_reason: 'expired' }] })
  expect((await types()).filter((type) => type === 'APP_STORE_ACCESS_EXPIRES_SOON')).toHaveLength(1)
  expect(deprovisioning.received).toHaveLength(1)
})
