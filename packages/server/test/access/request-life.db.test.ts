/** The life of a request over HTTP, with real receivers. */
import type { AccessRequestRead } from '@keyhook/contract/api/access-request.ts'
import type { EventPage } from '@keyhook/contract/api/event.ts'
import type { GrantRead } from '@keyhook/contract/api/grant.ts'
import type { Problem } from '@keyhook/contract/api/problem.ts'
import type { TaskRead } from '@keyhook/contract/api/task.ts'
import { expect, test } from 'vitest'
import { newId } from '../../src/lib/ids.ts'
import { json } from '../support/receiver.ts'
import { serviceWithReceiver } from '../support/service-with-receiver.ts'
import {
  call,
  makeApp,
  makeUser,
  makeWebhook,
  payloads,
  receiverForTest,
  resting,
  submit,
} from './support.ts'

const { service } = serviceWithReceiver()

test('from asking to the end: validated, pre-approved, provisioned by 204, revoked, deprovisioned', async () => {
  const validation = await receiverForTest(json(200, { response: true }))
  const preApproval = await receiverForTest(json(200, { output: { response: 'TRUE' } }))
  const provisioning = await receiverForTest(json(204))
  const deprovisioning = await receiverForTest(json(204))
  const app = await makeApp(service, {
    approvers: [{ type: 'app_admins' }],
    webhooks: {
      request_validation: (await makeWebhook(service, 'request_validation', validation.url)).id,
      provisioning: (await makeWebhook(service, 'provisioning', provisioning.url)).id,
      deprovisioning: (await makeWebhook(service, 'deprovisioning', deprovisioning.url)).id,
    },
  })
  const rule = await makeWebhook(service, 'pre_approval', preApproval.url)
  await call(service, 'POST', `/apps/${app.id}/pre-approval-rules`, { name: 'HR', webhook_ids: [rule.id] })
  const manager = await makeUser(service)
  const user = await makeUser(service, { manager_id: manager.id })

  const request = await submit(service, app, user.id, { access_length_seconds: 3_600 })
  expect(request).toMatchObject({
    status: 'active',
    pre_approved_by: { name: 'HR' },
    requester: { id: user.id },
    target_user: { id: user.id },
    tasks: [],
  })
  const [grant] = request.grants
  expect(grant).toMatchObject({ status: 'active', user: { id: user.id } })
  expect(Date.parse(grant?.expires_at ?? '') - Date.parse(grant?.granted_at ?? '')).toBe(3_600_000)

  for (const receiver of [validation, preApproval, provisioning]) {
    const [payload] = payloads(receiver)
    expect(payload).toMatchObject({
      application: { app_id: app.app_id, instance_id: app.instance_id, user_friendly_label: app.name },
      permissions: [{ label: 'Reader', value: 'Reader', type: 'PERMISSION', source: 'MANUAL' }],
      target_user: { email: user.email, manager_email: manager.email, groups: [] },
      requester: { id: user.id },
      access_length: 3_600,
      request_comment: 'Needed',
      request_task_url: `${service.url}/requests/${request.id}`,
      custom_fields: null,
      access_request: { id: request.id },
      test: false,
    })
    expect(receiver.received).toHaveLength(1)
  }

  const revoked = await service.api<GrantRead>('POST', `/grants/${grant?.id}/revoke`, {
    reason: 'Left the team',
  })
  expect(revoked.status).toBe(200)
  const ended = await resting(service, request.id)
  expect(ended).toMatchObject({ status: 'ended', grants: [{ status: 'ended', end_reason: 'revoked' }] })
  expect(payloads(deprovisioning)).toMatchObject([
    {
      reason: 'revoked',
      grants: [{ id: grant?.id, permission_value: 'Reader', granted_at: grant?.granted_at }],
    },
  ])

  const told = ended.timeline.map(({ event_type }) => event_type)
  expect(told).toEqual([
    'APP_STORE_CREATE_ACCESS_REQUEST',
    'APP_STORE_INLINE_WEBHOOK_REQUEST_VALIDATION_FOR_ACCESS_REQUEST',
    'APP_STORE_INLINE_WEBHOOK_PRE_APPROVAL_FOR_ACCESS_REQUEST',
    'APP_STORE_PRE_APPROVE_ACCESS_REQUEST',
    'APP_STORE_INLINE_WEBHOOK_PROVISIONING_FOR_ACCESS_REQUEST',
    'APP_STORE_AUTOMATIC_PROVISIONING_FOR_ACCESS_REQUEST',
    'APP_STORE_START_DEPROVISIONING',
    'APP_STORE_INLINE_WEBHOOK_DEPROVISIONING_FOR_ACCESS_REQUEST',
  ])
  const log = await service.api<EventPage>('GET', `/events?access_request_id=${request.id}&order=oldest`)
  expect(log.body.data.map(({ event }) => event.event_type)).toEqual(told)
  expect(log.body.data[3]?.event).toMatchObject({
    event_metadata: { reason_for_preapproval: 'HR', business_justification: 'Needed', access_length: 3_600 },
    outcome: 'SUCCEEDED',
  })
})

test("a refusal shows the receiver's own words, and what was entered can be sent again", async () => {
  const validation = await receiverForTest(
    json(200, { response: false, message: 'Only <b>engineers</b>\u202e!' }),
  )
  const webhook = await makeWebhook(service, 'request_validation', validation.url)
  const app = await makeApp(service, { webhooks: { request_validation: webhook.id } })
  const user = await makeUser(service)
  const refused = await submit(service, app, user.id)
  expect(refused).toMatchObject({
    status: 'rejected',
    rejection: { message: 'Only <b>engineers</b>!', failure_reason: null },
    grants: [],
  })
  validation.answerWith(json(200, { response: true }))
  // Nobody is asked, and nobody gives it: a task for the administrators, since the app has no app admins.
  expect(await submit(service, app, user.id)).toMatchObject({
    status: 'awaiting_confirmation',
    tasks: [{ kind: 'confirm_provisioning', status: 'open', reason: { kind: 'no_webhook' } }],
  })
})

test.each([
  ['is refused by default', undefined, 'rejected'],
  ['goes on when the app says so', 'continue', 'awaiting_confirmation'],
])('a request whose validation fails %s', async (_name, failure_policy, status) => {
  const validation = await receiverForTest(json(500, { error: 'stack trace' }))
  const { id } = await makeWebhook(service, 'request_validation', validation.url)
  const place = failure_policy ? { webhook_id: id, failure_policy } : id
  const app = await makeApp(service, { webhooks: { request_validation: place } })
  const request = await submit(service, app, (await makeUser(service)).id)
  expect(request.status).toBe(status)
  if (status === 'rejected') {
    expect(request.rejection?.failure_reason).toBe('http_status')
    expect(request.rejection?.message).toContain('could not be completed')
    expect(JSON.stringify(request.rejection)).not.toContain('stack trace')
  }
})

test('a person decides when no rule holds; who asks twice is told of the first', async () => {
  const provisioning = await receiverForTest()
  const webhook = await makeWebhook(service, 'provisioning', provisioning.url)
  const manager = await makeUser(service)
  const user = await makeUser(service, { manager_id: manager.id })
  const app = await makeApp(service, {
    approvers: [{ type: 'manager' }],
    webhooks: { provisioning: webhook.id },
  })
  const request = await submit(service, app, user.id, { access_length_seconds: 86_400 })
  expect(request).toMatchObject({
    status: 'awaiting_approval',
    waiting_for: `${manager.given_name} ${manager.family_name}`,
  })
  const twice = await service.api<Problem>('POST', '/access-requests', {
    app_id: app.id,
    permission_ids: app.permissions.map(({ id }) => id),
    requester_id: user.id,
  })
  expect(twice).toMatchObject({ status: 409, body: { code: 'already_requested' } })
  expect(twice.body.access_request_id).toBe(request.id)
  expect(twice.headers.get('link')).toBe(`</api/v1/access-requests/${request.id}>; rel="related"`)
  const longer = await service.api<Problem>('POST', `/access-requests/${request.id}/approve`, {
    access_length_seconds: null,
  })
  expect(longer).toMatchObject({
    status: 422,
    body: { errors: [{ pointer: '/access_length_seconds', detail: expect.stringContaining('86400') }] },
  })
  const approved = await service.api<AccessRequestRead>(
    'POST',
    `/access-requests/${request.id}/approve`,
    { comment: 'Fine', access_length_seconds: 7_200 },
    { headers: { prefer: 'wait=20' } },
  )
  expect(approved.body).toMatchObject({ status: 'active', access_length_seconds: 7_200 })
  const again = await service.api<Problem>('POST', `/access-requests/${request.id}/approve`, {})
  expect(again).toMatchObject({ status: 409, body: { code: 'request_state_conflict' } })
  expect(again.body.state).toMatchObject({ status: 'active', allowed: ['revoke', 'extend'] })
  expect(provisioning.received).toHaveLength(1)
})

test('denied with a reason, cancelled while it waits', async () => {
  const app = await makeApp(service, { approvers: [{ type: 'app_admins' }] })
  const user = await makeUser(service)
  const first = await submit(service, app, user.id)
  expect(first.status).toBe('awaiting_approval')
  const denied = await service.api<AccessRequestRead>('POST', `/access-requests/${first.id}/deny`, {
    reason: 'Not now',
  })
  expect(denied.body).toMatchObject({ status: 'denied', denial: { reason: 'Not now' } })
  const second = await submit(service, app, user.id)
  const cancelled = await service.api<AccessRequestRead>('POST', `/access-requests/${second.id}/cancel`)
  expect(cancelled.body).toMatchObject({ status: 'cancelled', tasks: [{ status: 'closed' }] })
})

test.each([
  [
    'answers false',
    json(200, { response: false, message: 'No licence left' }),
    'answered_false',
    'No licence left',
  ],
  ['fails', json(503, {}), 'failed', null],
])('when provisioning %s a person does it, or has it sent again', async (_name, answer, kind, message) => {
  const provisioning = await receiverForTest(answer)
  const webhook = await makeWebhook(service, 'provisioning', provisioning.url)
  const app = await makeApp(service, { webhooks: { provisioning: webhook.id } })
  const request = await submit(service, app, (await makeUser(service)).id)
  expect(request.status).toBe('awaiting_confirmation')
  const [open] = request.tasks
  const task = await call<TaskRead>(service, 'GET', `/tasks/${open?.id}`)
  expect(task).toMatchObject({
    kind: 'confirm_provisioning',
    reason: { kind },
    allowed: ['done', 'not_done', 'send_again'],
  })
  if (message) expect(task.reason?.message).toBe(message)
  expect(task.payload).toMatchObject({ access_request: { id: request.id } })
  await call(service, 'POST', `/tasks/${task.id}/send-again`)
  const stillOpen = await resting(service, request.id)
  expect(provisioning.received).toHaveLength(2)
  const last = stillOpen.tasks.find(({ status }) => status === 'open')
  await call(service, 'POST', `/tasks/${last?.id}/complete`, { outcome: 'done', comment: 'By hand' })
  expect(await resting(service, request.id)).toMatchObject({
    status: 'active',
    grants: [{ status: 'active' }],
  })
  const twice = await service.api<Problem>('POST', `/tasks/${last?.id}/complete`)
  expect(twice).toMatchObject({ status: 409, body: { code: 'request_state_conflict' } })
})

test('several permissions: one delivery for those that share a webhook, each with its own grant', async () => {
  const shared = await receiverForTest()
  const own = await receiverForTest()
  const webhook = await makeWebhook(service, 'provisioning', shared.url)
  const other = await makeWebhook(service, 'provisioning', own.url)
  const app = await makeApp(service, {
    webhooks: { provisioning: webhook.id },
    permissions: ['A', 'B', { label: 'C', webhooks: { provisioning: { webhook_id: other.id } } }],
  })
  const request = await submit(service, app, (await makeUser(service)).id)
  expect(request).toMatchObject({ status: 'active' })
  expect(request.grants).toHaveLength(3)
  const labels = (all: Record<string, unknown>[]) =>
    all.map(({ permissions }) => (permissions as { label: string }[]).map(({ label }) => label))
  expect(labels(payloads(shared))).toEqual([['A', 'B']])
  expect(labels(payloads(own))).toEqual([['C']])
})

test('what ends in time is deprovisioned, also by hand when no webhook does it', async () => {
  const app = await makeApp(service)
  const user = await makeUser(service)
  const request = await submit(service, app, user.id)
  await call(service, 'POST', `/tasks/${request.tasks[0]?.id}/complete`)
  const active = await resting(service, request.id)
  await call(service, 'POST', `/grants/${active.grants[0]?.id}/revoke`, { reason: 'Audit' })
  const waiting = await resting(service, request.id)
  expect(waiting).toMatchObject({ status: 'awaiting_removal', grants: [{ status: 'awaiting_removal' }] })
  const removal = waiting.tasks.find(({ kind }) => kind === 'confirm_deprovisioning')
  await call(service, 'POST', `/tasks/${removal?.id}/complete`, {
    outcome: 'not_done',
    comment: 'Console is down',
  })
  const escalated = await resting(service, request.id)
  expect(escalated.status).toBe('awaiting_removal')
  const next = escalated.tasks.find(({ status }) => status === 'open')
  await call(service, 'POST', `/tasks/${next?.id}/complete`)
  expect(await resting(service, request.id)).toMatchObject({ status: 'ended', grants: [{ status: 'ended' }] })
})

test('longer access is a request of its own, with what was answered when it was asked for', async () => {
  const field = { label: 'Team', type: 'text', required: true }
  const app = await makeApp(service, { approvers: [{ type: 'app_admins' }], intake_fields: [field] })
  const user = await makeUser(service)
  const custom_fields = { Team: 'Sales' }
  const request = await submit(service, app, user.id, { access_length_seconds: 3_600, custom_fields })
  await call(service, 'POST', `/access-requests/${request.id}/approve`)
  await call(
    service,
    'POST',
    `/tasks/${(await resting(service, request.id)).tasks.find(({ status }) => status === 'open')?.id}/complete`,
  )
  const [grant] = (await resting(service, request.id)).grants
  const asked = await call<AccessRequestRead>(service, 'POST', `/grants/${grant?.id}/extend`, {
    access_length_seconds: 86_400,
    business_justification: 'Longer project',
  })
  expect(asked).toMatchObject({ extends_grant_ids: [grant?.id], custom_fields })
  await call(service, 'POST', `/access-requests/${asked.id}/approve`)
  const longer = await call<GrantRead>(service, 'GET', `/grants/${grant?.id}`)
  expect(Date.parse(longer.expires_at ?? '')).toBeGreaterThan(
    Date.parse(grant?.expires_at ?? '') + 80_000_000,
  )
  expect((await resting(service, asked.id)).status).toBe('ended')
})

test('two clicks at once: one wins, the other is told', async () => {
  const app = await makeApp(service, { approvers: [{ type: 'app_admins' }] })
  for (let round = 0; round < 5; round++) {
    const request = await submit(service, app, (await makeUser(service)).id)
    const answers = await Promise.all([
      service.api('POST', `/access-requests/${request.id}/approve`),
      service.api('POST', `/access-requests/${request.id}/deny`, { reason: 'No' }),
      service.api('POST', `/access-requests/${request.id}/cancel`),
    ])
    expect(
      answers.map(({ status }) => status).filter((status) => status === 200).length,
    ).toBeGreaterThanOrEqual(1)
    const after = await resting(service, request.id)
    expect(['denied', 'cancelled', 'awaiting_confirmation']).toContain(after.status)
    expect(after.tasks.filter(({ kind }) => kind === 'approval')).toHaveLength(1)
  }
})

test('many who ask at once are each answered for themselves, whoever asks for what cannot be', async () => {
  const app = await makeApp(service, { access_lengths_seconds: [3_600] })
  const users = await Promise.all(Array.from({ length: 6 }, () => makeUser(service)))
  const [first] = users
  type Made = Pick<AccessRequestRead, 'id' | 'requester'> & Pick<Problem, 'access_request_id'>
  const ask = (requester_id: string, more: object = {}) =>
    service.api<Made>('POST', '/access-requests', {
      app_id: app.id,
      permission_ids: app.permissions.map(({ id }) => id),
      requester_id,
      business_justification: 'Needed',
      access_length_seconds: 3_600,
      ...more,
    })
  const answers = await Promise.all([
    ...users.map(({ id }) => ask(id)),
    ask(first?.id ?? ''),
    ask(first?.id ?? '', { app_id: newId('app', 0) }),
    ask(first?.id ?? '', { access_length_seconds: 60 }),
    ask(newId('usr', 0)),
  ])
  const statuses = answers.map(({ status }) => status)
  // Of the two of one person either may be first.
  expect([statuses[0], statuses[6]].toSorted()).toEqual([201, 409])
  expect(statuses.slice(1, 6)).toEqual([201, 201, 201, 201, 201])
  expect(statuses.slice(7)).toEqual([404, 422, 422])
  const made = answers.filter(({ status }) => status === 201)
  expect(made.map(({ body }) => body.requester.id).toSorted()).toEqual(users.map(({ id }) => id).toSorted())
  const told = answers.find(({ status }) => status === 409)
  expect(told?.body.access_request_id).toBe(made.find(({ body }) => body.requester.id === first?.id)?.body.id)
})
