import type { AppRead } from '@keyhook/contract/api/app.ts'
import type { ChainRead, SimulationRead } from '@keyhook/contract/api/chain.ts'
import type { DeliveryRead } from '@keyhook/contract/api/delivery.ts'
import type { EventPage } from '@keyhook/contract/api/event.ts'
import type { Page } from '@keyhook/contract/api/list.ts'
import type { Problem } from '@keyhook/contract/api/problem.ts'
import type { UserRead } from '@keyhook/contract/api/user.ts'
import { beforeAll, describe, expect, test } from 'vitest'
import { json } from '../support/receiver.ts'
import { serviceWithReceiver } from '../support/service-with-receiver.ts'
import { call, type MadeApp, makeApp, makeUser, makeWebhook, payloads, submit } from './support.ts'

const { service, receiver } = serviceWithReceiver()
const gone = '0'.repeat(32)
let boss: UserRead
let ada: UserRead

beforeAll(async () => {
  boss = await makeUser(service, { given_name: 'Grace', family_name: 'Hopper' })
  ada = await makeUser(service, { given_name: 'Ada', family_name: 'Lovelace', manager_id: boss.id })
})

const bodyOf = (app: MadeApp, more: object = {}) => ({
  permission_ids: app.permissions.map(({ id }) => id),
  requester_id: ada.id,
  business_justification: 'Needed',
  access_length_seconds: 3_600,
  ...more,
})
const simulate = (app: MadeApp, more: object = {}) =>
  call<SimulationRead>(service, 'POST', `/apps/${app.id}/simulate`, bodyOf(app, more))
const texts = ({ steps }: SimulationRead) => steps.map(({ text }) => text)
const hook = async (type: Parameters<typeof makeWebhook>[1], name: string, more: object = {}) =>
  (await makeWebhook(service, type, receiver.url, { name, ...more })).id

/** An app with a webhook of each type. */
async function fullApp(more: object = {}): Promise<MadeApp> {
  const app = await makeApp(service, {
    name: 'Ledger',
    admins: [boss.id],
    approvers: [{ type: 'manager' }],
    webhooks: {
      request_validation: await hook('request_validation', 'Check HR'),
      provisioning: await hook('provisioning', 'Give'),
      deprovisioning: await hook('deprovisioning', 'Take'),
    },
    ...more,
  })
  const webhook_ids = [await hook('pre_approval', 'On call?')]
  await call(service, 'POST', `/apps/${app.id}/pre-approval-rules`, { name: 'On call', webhook_ids })
  return app
}

describe('assumed', () => {
  test('yes: each step in order, and nothing is sent', async () => {
    const app = await fullApp()
    const simulation = await simulate(app)
    expect(simulation.result).toBe('pre_approved')
    expect(texts(simulation)).toEqual([
      'Ada Lovelace asks for Reader, 1 hour.',
      '“Check HR” would be asked; its answer is assumed: yes.',
      '“On call?” would be asked; its answer is assumed: yes.',
      '“On call” holds: the request is pre-approved.',
      '“Give” would be asked to give Reader; its answer is assumed: yes.',
      'The access ends after 1 hour.',
      '“Take” would be asked to remove Reader; its answer is assumed: yes.',
    ])
    const kinds = simulation.steps.map(({ kind, result }) => `${kind} ${result}`)
    expect(kinds.slice(0, 4)).toEqual([
      'intake info',
      'validation assumed',
      'pre_approval assumed',
      'pre_approval yes',
    ])
    expect(simulation.steps[1]?.webhook?.name).toBe('Check HR')
    expect(receiver.received).toHaveLength(0)
  })

  test('no: validation refuses', async () => {
    expect((await simulate(await fullApp(), { webhooks: 'assume_no' })).result).toBe('rejected')
  })

  test('no, without validation: people decide, and people give and take it', async () => {
    const app = await fullApp()
    await call(service, 'PATCH', `/apps/${app.id}`, { webhooks: { request_validation: null } })
    const simulation = await simulate(app, { webhooks: 'assume_no', access_length_seconds: null })
    expect(simulation.result).toBe('needs_approval')
    expect(texts(simulation)).toEqual([
      'Ada Lovelace asks for Reader, without an end.',
      'No webhook checks this request.',
      '“On call?” would be asked; its answer is assumed: no.',
      '“On call” does not hold. Its webhook said no.',
      'Step 1 of 1: Grace Hopper must approve.',
      '“Give” would be asked to give Reader; its answer is assumed: no.',
      'The app admins (Grace Hopper) get a task to give Reader by hand. The webhook said no.',
      'The access has no end: it lasts until it is revoked.',
      '“Take” would be asked to remove Reader; its answer is assumed: no.',
      'The app admins (Grace Hopper) get a task to remove Reader by hand. The webhook said no.',
    ])
  })

  test('approvers who cannot decide give way, and the step says so', async () => {
    const app = await makeApp(service, { approvers: [{ type: 'manager' }] })
    const simulation = await simulate(app, { requester_id: boss.id })
    expect(texts(simulation)).toContain(
      'Step 1 of 1: Administrators must approve. The manager cannot decide: there is none. The administrators decide instead.',
    )
    expect(texts(simulation)).toContain(
      'The administrators get a task to give Reader by hand. No webhook does it.',
    )
  })
})

describe('really asked', () => {
  test('validation and pre-approval get a test delivery; what changes something is not sent', async () => {
    receiver.answerWith((request, response) => {
      const no = request.body.includes('"pre_approval"')
      json(200, { response: !no, message: no ? 'Not on call' : 'Fine' })(request, response)
    })
    const app = await fullApp()
    const simulation = await simulate(app, { webhooks: 'ask' })
    expect(simulation.result).toBe('needs_approval')
    const [, checked, asked] = simulation.steps
    expect(checked).toMatchObject({ text: '“Check HR” said yes.', result: 'yes', message: 'Fine' })
    expect(asked).toMatchObject({ text: '“On call?” said no.', result: 'no', message: 'Not on call' })
    expect(texts(simulation)).toContain('“Give” would be asked to give Reader; its answer is assumed: yes.')

    const sent = payloads(receiver)
    expect(sent.map(({ webhook_type, test }) => [webhook_type, test])).toEqual([
      ['request_validation', true],
      ['pre_approval', true],
    ])
    expect(sent[0]).toMatchObject(simulation.payload as object)
    expect(sent[0]).toMatchObject({
      application: { app_id: app.app_id, user_friendly_label: 'Ledger' },
      permissions: [{ label: 'Reader' }],
      target_user: { id: ada.id, manager_email: boss.email },
      access_length: 3_600,
      request_comment: 'Needed',
      request_task_url: expect.stringMatching(/\/requests\/req_[0-9a-f]{32}$/),
      access_request: { id: expect.stringMatching(/^req_/), requested_at: expect.any(String) },
      custom_fields: null,
    })
    const delivery = await call<DeliveryRead>(service, 'GET', `/deliveries/${checked?.delivery_id}`)
    expect(delivery).toMatchObject({ test: true, webhook_type: 'request_validation', status: 'succeeded' })
  })

  test('a failure follows the failure policy, with the reason', async () => {
    receiver.answerWith(json(500))
    const app = await fullApp()
    const refused = await simulate(app, { webhooks: 'ask' })
    expect(refused.result).toBe('rejected')
    expect(refused.steps[1]).toMatchObject({ text: '“Check HR” failed (http_status).', result: 'failed' })
    const attached = { webhook_id: app.webhooks.request_validation?.webhook_id, failure_policy: 'continue' }
    await call(service, 'PATCH', `/apps/${app.id}`, { webhooks: { request_validation: attached } })
    const passed = await simulate(app, { webhooks: 'ask' })
    expect(passed.result).toBe('needs_approval')
    expect(texts(passed)).toContain('“On call” does not hold. Its webhook failed (http_status).')
  })

  test('of a webhook that will answer later, yes is assumed', async () => {
    receiver.answerWith(json(202, { callback: true }))
    const app = await makeApp(service, {
      webhooks: {
        request_validation: await hook('request_validation', 'Late', { callback_deadline_seconds: 3_600 }),
      },
    })
    const simulation = await simulate(app, { webhooks: 'ask' })
    expect(simulation.steps[1]).toMatchObject({
      text: '“Late” will answer later; yes is assumed.',
      result: 'assumed',
    })
    expect(simulation.result).toBe('approved')
  })
})

describe('what a real delivery would not be sent for', () => {
  test.each<[string, object, string, string]>([
    ['disabled', { enabled: false }, '“Hook” is disabled, so it fails.', 'failed'],
    [
      'its condition is false',
      { condition: 'payload.access_length == 5' },
      '“Hook” is skipped: its condition `payload.access_length == 5` does not hold.',
      'skipped',
    ],
    [
      'its condition cannot be evaluated',
      { condition: 'payload.nothing == 5' },
      '“Hook” fails: its condition could not be evaluated. There is no member `nothing` in this payload: ask for it first, as in has(payload.nothing) && ….',
      'failed',
    ],
  ])('%s', async (_what, more, text, result) => {
    const id = await hook('request_validation', 'Hook', more)
    const app = await makeApp(service, { webhooks: { request_validation: id } })
    for (const webhooks of ['ask', 'assume_yes']) {
      const simulation = await simulate(app, { webhooks })
      expect(simulation.steps[1]).toMatchObject({ text, result, webhook: { id } })
      expect(simulation.result).toBe(result === 'failed' ? 'rejected' : 'approved')
    }
    expect(receiver.received).toHaveLength(0)
  })

  test('a deprovisioning condition sees the reason and the grants', async () => {
    const condition =
      'payload.reason == "expired" && payload.grants.size() == 1 && payload.access_length == 0'
    const app = await makeApp(service, {
      webhooks: { deprovisioning: await hook('deprovisioning', 'Take', { condition }) },
    })
    expect(texts(await simulate(app)).at(-1)).toContain('“Take” would be asked')
    expect(texts(await simulate(app, { access_length_seconds: null })).join()).toContain('“Take” is skipped')
  })
})

describe('the request itself', () => {
  test('answers are checked as those of a real request, and pointed to', async () => {
    const app = await makeApp(service, {
      access_lengths_seconds: [3_600],
      intake_fields: [
        { label: 'Ticket', type: 'text', required: true },
        { label: 'Why', type: 'text', shown_when: 'payload.custom_fields.Ticket == "T-2"' },
      ],
    })
    const wrong = async (more: object) => {
      const path = `/apps/${app.id}/simulate`
      const { status, body } = await service.api<Problem>('POST', path, bodyOf(app, more))
      return [status, ...body.errors.map(({ pointer }) => pointer)]
    }
    const answers = { custom_fields: { Ticket: 'T-1' } }
    expect(await wrong({})).toEqual([422, '/custom_fields/Ticket'])
    expect(await wrong({ ...answers, permission_ids: [] })).toEqual([422, '/permission_ids'])
    expect(await wrong({ ...answers, permission_ids: [`perm_${gone}`] })).toEqual([422, '/permission_ids/0'])
    expect(await wrong({ ...answers, requester_id: `usr_${gone}` })).toEqual([422, '/requester_id'])
    expect(await wrong({ ...answers, target_user_id: `usr_${gone}` })).toEqual([422, '/target_user_id'])
    expect(await wrong({ ...answers, requester_id: undefined })).toEqual([422, '/requester_id'])
    expect(await wrong({ ...answers, access_length_seconds: 60 })).toEqual([422, '/access_length_seconds'])
    expect(await wrong({ ...answers, webhooks: 'maybe' })).toEqual([422, '/webhooks'])
    expect(await wrong({ ...answers, app_id: app.id })).toEqual([422, '/app_id'])

    const simulation = await simulate(app, answers)
    expect(texts(simulation).slice(1, 3)).toEqual([
      'The answers to the intake fields are what they must be.',
      'Not asked for with these answers: Why.',
    ])
    expect(simulation.payload).toMatchObject({ custom_fields: { Ticket: 'T-1' } })
  })

  test('for a colleague names both', async () => {
    const app = await makeApp(service)
    const simulation = await simulate(app, { requester_id: boss.id, target_user_id: ada.id })
    expect(texts(simulation)[0]).toBe('Grace Hopper asks for Reader for Ada Lovelace, 1 hour.')
  })

  test('who does not see the app cannot ask for it', async () => {
    const app = await makeApp(service, { visible_to: [boss.id] })
    const unseen = await simulate(app)
    expect(unseen.result).toBe('rejected')
    expect(texts(unseen).at(-1)).toBe(
      'Ada Lovelace does not see this app in the catalogue, and so cannot request it.',
    )
    expect((await simulate(app, { requester_id: boss.id })).result).toBe('approved')
  })

  test('what somebody has already is said', async () => {
    const app = await makeApp(service)
    await submit(service, app, ada.id)
    expect(texts(await simulate(app))[1]).toBe(
      'Ada Lovelace has or asks for Reader at this moment: a real request would be refused for that.',
    )
  })
})

test('nothing is requested, given, asked of people or logged', async () => {
  const app = await fullApp()
  await simulate(app, { webhooks: 'ask' })
  await simulate(app, { webhooks: 'assume_no' })
  for (const path of ['/access-requests', '/grants', '/tasks']) {
    const { data } = await call<Page<object>>(service, 'GET', `${path}?app_id=${app.id}`)
    expect(data, path).toEqual([])
  }
  const { data } = await call<EventPage>(service, 'GET', `/events?app_id=${app.id}`)
  expect(data.map(({ event }) => event.event_type).toSorted()).toEqual([
    'ADMIN_CREATED_APP',
    'ADMIN_CREATED_PERMISSION',
    'ADMIN_CREATED_PRE_APPROVAL_RULE',
  ])
})

test('the picture of a chain names webhooks, people and what is wrong', async () => {
  const left = await makeUser(service, { given_name: 'Left', family_name: 'Person' })
  const app = await fullApp({
    approvers: [{ type: 'manager' }, { type: 'named', principal_ids: [left.id, boss.id], mode: 'all' }],
  })
  await call<AppRead>(service, 'PATCH', `/users/${left.id}`, { status: 'inactive' })
  const { steps } = await call<ChainRead>(service, 'GET', `/apps/${app.id}/chain`)
  expect(steps.map(({ title }) => title)).toEqual([
    'Request',
    'Request validation',
    'Pre-approval',
    'Approval',
    'Provisioning',
    'Active',
    'Deprovisioning',
  ])
  expect(steps[2]?.parts).toMatchObject([
    { label: 'On call', webhooks: [{ name: 'On call?', enabled: true }], problem: null },
  ])
  expect(steps[3]?.parts[1]).toMatchObject({
    text: 'Left Person and Grace Hopper; all of them must approve.',
    problem: 'Left Person cannot decide: nobody active is behind that name.',
  })
  expect(steps[4]?.parts.at(-1)).toMatchObject({ text: 'Tasks go to Grace Hopper.', problem: null })
})
