/** What the activity log tells of deliveries, however they end. */
import type { DeliveryRead } from '@keyhook/contract/api/delivery.ts'
import type { WebhookCreated } from '@keyhook/contract/api/webhook.ts'
import { sql } from 'kysely'
import { describe, expect, test } from 'vitest'
import { makeApp, makeUser, makeWebhook, submit } from '../access/support.ts'
import { serviceForTest } from '../support/harness.ts'
import { json } from '../support/receiver.ts'
import { serviceWithReceiver } from '../support/service-with-receiver.ts'
import { lastTold, testKeyActor, told } from './told.ts'

let now = Date.parse('2027-03-01T09:00:00Z')
const { service, receiver } = serviceWithReceiver({ clock: () => now })
const system = { actor_type: 'SYSTEM' }

const create = (more: object = {}) => makeWebhook(service, 'pre_approval', receiver.url, more)
const invoke = async ({ id }: { id: string }, headers: Record<string, string> = {}) =>
  (await service.api<DeliveryRead>('POST', `/webhooks/${id}/invoke`, { payload: {} }, { headers })).body
const endsOf = (id: string) => told(service, 'WEBHOOK_DELIVERY_ENDED', { target_id: id })
const targetsOf = (webhook: WebhookCreated, id: string) => [
  {
    target_type: 'WEBHOOK',
    target_data: { id: webhook.id, name: webhook.name, webhook_type: 'pre_approval' },
  },
  { target_type: 'DELIVERY', target_data: { id } },
]

describe('an invoke', () => {
  test('that succeeds is told once, by who invoked, with the decision', async () => {
    const webhook = await create()
    receiver.answerWith(json(200, { response: false, message: 'not him' }))
    const { id } = await invoke(webhook)
    expect(await endsOf(id)).toMatchObject([
      {
        actor: testKeyActor,
        outcome: 'SUCCEEDED',
        targets: targetsOf(webhook, id),
        event_metadata: {
          delivery_id: id,
          webhook_id: webhook.id,
          webhook_name: webhook.name,
          webhook_type: 'pre_approval',
          status: 'succeeded',
          decision: false,
          failure_reason: null,
          attempts: 1,
          duration_ms: expect.any(Number),
        },
      },
    ])
  })

  test('that fails is told as failed with the reason and all its attempts', async () => {
    const webhook = await create({ retry_policy: { max_attempts: 2, first_delay_ms: 100 } })
    receiver.answerWith(json(500))
    const { id } = await invoke(webhook)
    expect(await endsOf(id)).toMatchObject([
      {
        outcome: 'FAILED',
        event_metadata: { status: 'failed', decision: null, failure_reason: 'http_status', attempts: 2 },
      },
    ])
  })

  test.each([
    ['the webhook is disabled', { enabled: false }, 'failed', 'webhook_disabled'],
    ['the condition is false', { condition: 'false' }, 'skipped', null],
  ])('that sends nothing because %s is told', async (_what, more, status, failure_reason) => {
    const webhook = await create(more)
    for (const headers of [{}, { 'idempotency-key': `key-${status}` }]) {
      const { id } = await invoke(webhook, headers as Record<string, string>)
      expect(await endsOf(id)).toMatchObject([
        {
          actor: testKeyActor,
          outcome: status === 'failed' ? 'FAILED' : 'SUCCEEDED',
          event_metadata: { status, failure_reason, attempts: 0, duration_ms: null },
        },
      ])
    }
  })

  test('that is repeated with its key is told once', async () => {
    const webhook = await create()
    for (let count = 1; count <= 3; count++) await invoke(webhook, { 'idempotency-key': 'once' })
    expect(await endsOf(webhook.id)).toHaveLength(1)
  })

  test('among many at once is told each', async () => {
    const webhook = await create()
    const all = await Promise.all(Array.from({ length: 60 }, () => invoke(webhook)))
    const ids = (await endsOf(webhook.id)).map(({ event_metadata }) => event_metadata.delivery_id)
    expect(ids.sort()).toEqual(all.map(({ id }) => id).sort())
  })
})

describe('a delivery', () => {
  test('that is sent again by hand is told again, by who did', async () => {
    const webhook = await create()
    const { id } = await invoke(webhook)
    await service.api('POST', `/deliveries/${id}/retry`, { accept_repeat: true })
    expect((await endsOf(id)).map(({ event_metadata }) => event_metadata.attempts)).toEqual([1, 2])
    expect((await endsOf(id)).at(-1)?.actor).toMatchObject(testKeyActor)
  })

  test('that answers late is told when it does, and not while it waits', async () => {
    const webhook = await create({ callback_deadline_seconds: 60 })
    receiver.answerWith(json(202, { callback: true }))
    const delivery = await invoke(webhook)
    expect(await endsOf(delivery.id)).toEqual([])
    const path = new URL(JSON.parse(delivery.payload).callback_url).pathname.replace('/api/v1', '')
    await service.api('POST', path, { response: true }, { key: null })
    expect(await endsOf(delivery.id)).toMatchObject([
      { actor: system, event_metadata: { status: 'succeeded', decision: true, attempts: 1 } },
    ])
  })

  test('whose late answer does not come in time is told as failed', async () => {
    const webhook = await create({ callback_deadline_seconds: 60 })
    receiver.answerWith(json(202, { callback: true }))
    const { id } = await invoke(webhook)
    now += 61_000
    await expect
      .poll(() => endsOf(id), { timeout: 25_000 })
      .toMatchObject([
        { actor: system, outcome: 'FAILED', event_metadata: { failure_reason: 'timeout', attempts: 1 } },
      ])
  })

  test('that a dead process left behind is told as interrupted at the next start', async () => {
    const first = await serviceForTest()
    const webhook = await makeWebhook(first, 'pre_approval', receiver.url)
    const delivery = await first.api<DeliveryRead>('POST', `/webhooks/${webhook.id}/invoke`, { payload: {} })
    await sql`update deliveries set status = 'sending', outcome = null, finished_at = null, process_id = 'dead'
      where id = ${delivery.body.id}`.execute(first.ctx.db)
    const second = await first.restart()
    const ends = await told(second, 'WEBHOOK_DELIVERY_ENDED', { target_id: delivery.body.id })
    expect(ends.slice(1)).toMatchObject([
      { actor: system, outcome: 'FAILED', event_metadata: { failure_reason: 'interrupted', attempts: 1 } },
    ])
    await second.stop()
  })

  test('of a request is told by the system', async () => {
    const validation = await makeWebhook(service, 'request_validation', receiver.url)
    const app = await makeApp(service, { webhooks: { request_validation: validation.id } })
    await submit(service, app, (await makeUser(service)).id)
    expect(await endsOf(validation.id)).toMatchObject([
      { actor: system, event_metadata: { webhook_type: 'request_validation', decision: true } },
    ])
  })
})

test('failed deliveries that are queued again are told with the filter and their number', async () => {
  const webhook = await create()
  receiver.answerWith(json(500))
  await invoke(webhook)
  await service.api('POST', '/deliveries/retry', { webhook_id: webhook.id, preview: true })
  const body = { webhook_id: webhook.id, accept_repeat: true }
  expect((await service.api('POST', '/deliveries/retry', body)).body).toMatchObject({ queued: 1 })
  expect(await told(service, 'ADMIN_RETRIED_DELIVERIES')).toMatchObject([
    {
      actor: testKeyActor,
      event_metadata: {
        queued: 1,
        filter: { webhook_id: webhook.id, webhook_type: null, failure_reason: null, from: null, to: null },
      },
    },
  ])
})

describe('a test', () => {
  test('of a saved webhook is told as a test, not as a delivery', async () => {
    const webhook = await create({ enabled: false })
    const { body } = await service.api<DeliveryRead>('POST', `/webhooks/${webhook.id}/test`, {})
    expect(await lastTold(service, 'ADMIN_TESTED_WEBHOOK')).toMatchObject({
      actor: testKeyActor,
      outcome: 'SUCCEEDED',
      targets: targetsOf(webhook, body.id),
      event_metadata: { delivery_id: body.id, status: 'succeeded', decision: true, attempts: 1 },
    })
    expect(await endsOf(body.id)).toEqual([])
  })

  test('of a webhook that is not saved is told with why it failed', async () => {
    receiver.answerWith(json(200, { nothing: 1 }))
    const webhook = { type: 'pre_approval', name: 'Draft', endpoint_url: receiver.url }
    const { body } = await service.api<DeliveryRead>('POST', '/webhooks/test', { webhook })
    expect(await lastTold(service, 'ADMIN_TESTED_WEBHOOK')).toMatchObject({
      outcome: 'FAILED',
      targets: [{ target_type: 'DELIVERY', target_data: { id: body.id } }],
      event_metadata: {
        webhook_id: null,
        webhook_name: 'Draft',
        status: 'failed',
        failure_reason: 'missing_response',
      },
    })
  })

  test('of a SIEM webhook is told; what it is sent of the log is not', async () => {
    const webhook = await makeWebhook(service, 'siem', receiver.url, { stream: { start: 'now' } })
    await service.api('POST', `/webhooks/${webhook.id}/test`, {})
    expect(await told(service, 'ADMIN_TESTED_WEBHOOK', { target_id: webhook.id })).toHaveLength(1)
    await expect.poll(() => receiver.received.length, { timeout: 20_000 }).toBeGreaterThan(1)
    expect(await endsOf(webhook.id)).toEqual([])
  })
})
