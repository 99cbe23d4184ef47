import type { ConditionPreviewRead } from '@keyhook/contract/api/condition.ts'
import type { DeliveryRead } from '@keyhook/contract/api/delivery.ts'
import type { Problem } from '@keyhook/contract/api/problem.ts'
import type { WebhookCreated } from '@keyhook/contract/api/webhook.ts'
import { sql } from 'kysely'
import { describe, expect, test } from 'vitest'
import { serviceWithReceiver } from '../support/service-with-receiver.ts'
import { appendNumbers, caughtUp, siemWebhook } from '../support/siem.ts'

const { service, receiver } = serviceWithReceiver()

const create = async (condition: string | null) =>
  (
    await service.api<WebhookCreated>('POST', '/webhooks', {
      type: 'request_validation',
      name: 'W',
      endpoint_url: receiver.url,
      condition,
    })
  ).body
const invoke = async ({ id }: { id: string }, payload: unknown) =>
  (await service.api<DeliveryRead>('POST', `/webhooks/${id}/invoke`, { payload })).body

describe('a condition', () => {
  test('that holds lets the delivery go; one that is false skips it, with a record and no decision', async () => {
    const webhook = await create('payload.level == "high"')
    expect((await invoke(webhook, { level: 'high' })).status).toBe('succeeded')
    const skipped = await invoke(webhook, { level: 'low' })
    expect(skipped).toMatchObject({
      status: 'skipped',
      outcome: { status: 'skipped', explanation: expect.stringContaining('payload.level == "high"') },
      attempts: [],
    })
    expect(receiver.received.length).toBe(1)
    const page = await service.api<{ data: DeliveryRead[] }>(
      'GET',
      `/deliveries?webhook_id=${webhook.id}&status=skipped`,
    )
    expect(page.body.data.map((delivery) => delivery.id)).toEqual([skipped.id])
  })

  test('that cannot be evaluated fails the delivery, and nothing is sent', async () => {
    const webhook = await create('payload.level == "high"')
    expect((await invoke(webhook, {})).outcome).toMatchObject({
      failure_reason: 'condition_failed',
      explanation: expect.stringContaining('has(payload.level)'),
    })
    expect(receiver.received.length).toBe(0)
  })

  test('is not asked by a test', async () => {
    const webhook = await create('false')
    const tested = await service.api<DeliveryRead>('POST', `/webhooks/${webhook.id}/test`, {})
    expect(tested.body.status).toBe('succeeded')
  })

  test('numbers that no double holds are compared all the same', async () => {
    const webhook = await create('payload.n > 1')
    const answer = await service.api<DeliveryRead>('POST', `/webhooks/${webhook.id}/invoke`, undefined, {
      raw: '{"payload":{"n":9007199254740993}}',
    })
    expect(answer.body.status).toBe('succeeded')
  })

  test('that does not compile is refused where it was typed, with the position', async () => {
    const made = await service.api<Problem>('POST', '/webhooks', {
      type: 'siem',
      name: 'W',
      endpoint_url: receiver.url,
      condition: 'payload.a ==',
    })
    expect(made.status).toBe(422)
    expect(made.body.errors).toMatchObject([
      { pointer: '/condition', detail: expect.stringMatching(/^Line 1, column \d+: .*for example/) },
    ])
    const long = await service.api<Problem>('POST', '/webhooks/preview-condition', {
      type: 'siem',
      condition: `true${' '.repeat(4_996)}`,
    })
    expect(long.body.errors).toMatchObject([
      { pointer: '/condition', detail: expect.stringContaining('It has 5000 characters') },
    ])
    const webhook = await create(null)
    const changed = await service.api<Problem>('PATCH', `/webhooks/${webhook.id}`, { condition: 'nothing' })
    expect(changed.body.errors).toMatchObject([{ pointer: '/condition' }])
  })
})

describe('a preview', () => {
  const preview = (body: object) =>
    service.api<ConditionPreviewRead & Pick<Problem, 'errors'>>('POST', '/webhooks/preview-condition', body)

  test('evaluates against the example and the last real payloads', async () => {
    const webhook = await create(null)
    const first = await invoke(webhook, { access_length: 1 })
    const second = await invoke(webhook, {})
    await service.api('POST', `/webhooks/${webhook.id}/test`, {})
    const answer = await preview({
      condition: 'payload.access_length > 5',
      type: 'request_validation',
      webhook_id: webhook.id,
    })
    expect(answer.body.results).toMatchObject([
      { source: 'example', delivery_id: null, holds: true, error: null },
      {
        source: 'delivery',
        delivery_id: second.id,
        holds: null,
        error: expect.stringContaining('access_length'),
      },
      { source: 'delivery', delivery_id: first.id, holds: false, error: null },
    ])
  })

  test.each(['lumos', 'ndjson', 'splunk_hec'])(
    'of a SIEM webhook that is sent %s asks about each event, as the stream does',
    async (format) => {
      await service.api('GET', '/events?limit=1')
      const settings = { format, batch_events: 5, batch_wait_ms: 500, event_types: ['CUSTOM_*'] }
      const webhook = await siemWebhook(service.api, receiver.url, settings)
      await appendNumbers(service.api, 1, 23)
      await caughtUp(service.api, webhook.id)
      // What was sent twice is shown once.
      await sql`insert into deliveries (id, webhook_id, webhook_name, webhook_type, test, status, payload, entries)
        select id || 'f', webhook_id, webhook_name, webhook_type, test, status, payload, entries
        from deliveries where webhook_id = ${webhook.id}`.execute(service.ctx.db)
      const answer = await preview({
        condition: 'payload.event.event_metadata.n > 22 && payload.position > 0 && payload.app_id == null',
        type: 'siem',
        webhook_id: webhook.id,
      })
      await service.api('DELETE', `/webhooks/${webhook.id}`)
      expect(answer.status, answer.text).toBe(200)
      const [example, ...events] = answer.body.results
      expect(example).toMatchObject({ source: 'example', event_id: null, holds: false })
      expect(events.length).toBe(20)
      expect(new Set(events.map((event) => event.event_id)).size).toBe(20)
      expect(events.filter((event) => event.holds === true).length).toBe(1)
      for (const event of events)
        expect(event).toMatchObject({
          source: 'delivery',
          delivery_id: expect.stringMatching(/^dlv_/),
          event_id: expect.stringMatching(/^evt_/),
          event_type: 'CUSTOM_COUNTED',
          error: null,
        })
    },
  )

  test('the example of a SIEM webhook is a whole entry of the log', async () => {
    const condition =
      'payload.position > 0 && payload.app_id == "demo_app" && payload.event.outcome == "SUCCEEDED"'
    const answer = await preview({ condition, type: 'siem' })
    expect(answer.body.results).toMatchObject([{ source: 'example', holds: true }])
  })

  test('or against one that is given', async () => {
    const answer = await preview({ condition: 'payload.a == 1', type: 'siem', payload: { a: 1 } })
    expect(answer.body.results).toMatchObject([{ source: 'payload', holds: true }])
  })

  test.each([
    [{ type: 'siem' }, '/condition'],
    [{ type: 'siem', condition: '1 +' }, '/condition'],
    [{ type: 'x', condition: 'true' }, '/type'],
    [{ type: 'siem', condition: 'true', payload: 3 }, '/payload'],
  ])('%j is refused at %s', async (body, pointer) => {
    const answer = await preview(body)
    expect(answer.status).toBe(422)
    expect(answer.body.errors.map((error) => error.pointer)).toContain(pointer)
  })

  test('an unknown webhook is not found', async () => {
    expect((await preview({ type: 'siem', condition: 'true', webhook_id: 'wh_x' })).status).toBe(404)
  })
})
