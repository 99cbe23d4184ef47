import { randomUUID } from 'node:crypto'
import type { DeliveryRead, DryRunRead } from '@keyhook/contract/api/delivery.ts'
import type { Problem } from '@keyhook/contract/api/problem.ts'
import type { WebhookRead } from '@keyhook/contract/api/webhook.ts'
import { beforeAll, describe, expect, test } from 'vitest'
import { startTestService, type TestService } from '../support/harness.ts'
import { json } from '../support/receiver.ts'
import { serviceWithReceiver } from '../support/service-with-receiver.ts'

const { service, receiver } = serviceWithReceiver()
let webhook: WebhookRead

beforeAll(async () => {
  webhook = (
    await service.api<WebhookRead>('POST', '/webhooks', {
      type: 'pre_approval',
      name: 'W',
      endpoint_url: receiver.url,
    })
  ).body
})

const invoke = (key: string, payload: unknown = { a: 1 }, headers: Record<string, string> = {}) =>
  service.api<DeliveryRead & Pick<Problem, 'code'>>(
    'POST',
    `/webhooks/${webhook.id}/invoke`,
    { payload },
    { headers: { 'idempotency-key': key, ...headers } },
  )

describe('Idempotency-Key', () => {
  test('the same request again gets the first delivery and sends nothing', async () => {
    const key = randomUUID()
    const first = await invoke(key)
    const second = await invoke(key)
    expect(first.status).toBe(200)
    expect(first.headers.get('idempotency-replayed')).toBeNull()
    expect(second.status).toBe(200)
    expect(second.headers.get('idempotency-replayed')).toBe('true')
    expect(second.body).toEqual(first.body)
    expect(receiver.received.length).toBe(1)
  })

  test('the outcome stays what it was, also when the receiver would answer otherwise now', async () => {
    const key = randomUUID()
    receiver.answerWith(json(500))
    const first = await invoke(key)
    receiver.answerWith(json(200, { response: true }))
    expect((await invoke(key)).body.outcome).toEqual(first.body.outcome)
  })

  test('another body under the same key is refused with 409', async () => {
    const key = randomUUID()
    await invoke(key, { a: 1 })
    const other = await invoke(key, { a: 2 })
    expect([other.status, other.body.code]).toEqual([409, 'idempotency_key_reused'])
    expect(receiver.received.length).toBe(1)
  })

  test('of twenty at once one is sent; the others wait for it or are told to come back', async () => {
    const key = randomUUID()
    receiver.answerWith((request, response) =>
      setTimeout(() => json(200, { response: true })(request, response), 200),
    )
    const answers = await Promise.all(
      Array.from({ length: 20 }, () => invoke(key, { a: 1 }, { prefer: 'wait=10' })),
    )
    expect(receiver.received.length).toBe(1)
    expect(new Set(answers.map((answer) => answer.status))).toEqual(new Set([200]))
    expect(new Set(answers.map((answer) => answer.body.id)).size).toBe(1)
  })

  test('after a day a key is free again, at once', async () => {
    const key = randomUUID()
    const first = await invoke(key)
    await service.ctx.db
      .updateTable('idempotency_keys')
      .set({ created_at: new Date(Date.now() - 24 * 3_600_000) })
      .where('key', '=', key)
      .execute()
    const other = await invoke(key, { a: 2 })
    expect(other.status, other.text).toBe(200)
    expect(other.body.id).not.toBe(first.body.id)
    expect((await invoke(key, { a: 2 })).body.id).toBe(other.body.id)
  })

  test('while the first is under way the second gets 409 with Retry-After', async () => {
    const key = randomUUID()
    let release = () => {}
    receiver.answerWith((request, response) => {
      release = () => json(200, { response: true })(request, response)
    })
    const first = invoke(key)
    await expect.poll(() => receiver.received.length).toBe(1)
    const second = await invoke(key)
    expect([second.status, second.body.code]).toEqual([409, 'idempotency_in_progress'])
    expect(second.headers.get('retry-after')).toBe('1')
    release()
    expect((await first).status).toBe(200)
  })

  test('keys belong to the caller', async () => {
    const key = randomUUID()
    await invoke(key)
    const made = await service.api<{ key: string }>('POST', '/api-keys', { name: 'other', role: 'admin' })
    const other = await service.api<DeliveryRead>(
      'POST',
      `/webhooks/${webhook.id}/invoke`,
      { payload: { a: 2 } },
      { key: made.body.key, headers: { 'idempotency-key': key } },
    )
    expect(other.status).toBe(200)
    expect(receiver.received.length).toBe(2)
  })

  test.each([
    ['empty', ''],
    ['with a space', 'a b'],
    ['too long', 'x'.repeat(256)],
    ['not ASCII', 'é'],
  ])('a key that is %s is refused', async (_what, key) => {
    const answer = await invoke(key)
    expect([answer.status, answer.body.code]).toEqual([400, 'invalid_request'])
    expect(receiver.received.length).toBe(0)
  })

  test('a webhook that is disabled answers the same key the same way', async () => {
    const made = await service.api<WebhookRead>('POST', '/webhooks', {
      type: 'pre_approval',
      name: 'off',
      endpoint_url: receiver.url,
      enabled: false,
    })
    const call = () =>
      service.api<DeliveryRead>(
        'POST',
        `/webhooks/${made.body.id}/invoke`,
        { payload: {} },
        { headers: { 'idempotency-key': 'k1' } },
      )
    const first = await call()
    await service.api('PATCH', `/webhooks/${made.body.id}`, { enabled: true })
    expect((await call()).body.id).toBe(first.body.id)
    expect(receiver.received.length).toBe(0)
  })

  test('survives a restart', async () => {
    const other = await startTestService()
    try {
      const made = await other.api<WebhookRead>('POST', '/webhooks', {
        type: 'pre_approval',
        name: 'W',
        endpoint_url: receiver.url,
      })
      const call = (on: TestService) =>
        on.api<DeliveryRead>(
          'POST',
          `/webhooks/${made.body.id}/invoke`,
          { payload: {} },
          { headers: { 'idempotency-key': 'after' } },
        )
      const first = await call(other)
      const again = await other.restart()
      expect((await call(again)).body).toEqual(first.body)
      expect(receiver.received.length).toBe(1)
      await again.stop()
    } finally {
      await other.stop().catch(() => {})
    }
  })
})

describe('Prefer: wait', () => {
  test('is the longest that the receiver gets', async () => {
    receiver.answerWith(() => {})
    const answer = await invoke(randomUUID(), {}, { prefer: 'respond-async, wait=1' })
    expect(answer.headers.get('preference-applied')).toBe('wait=1')
    expect(answer.body.outcome).toMatchObject({ status: 'failed', failure_reason: 'timeout' })
    expect(answer.body.duration_ms).toBeLessThan(5_000)
  })

  test.each(['wait', 'wait=abc', 'wait=-1', 'x=1'])('%s is ignored', async (prefer) => {
    const answer = await invoke(randomUUID(), {}, { prefer })
    expect(answer.status).toBe(200)
    expect(answer.headers.get('preference-applied')).toBeNull()
  })
})

describe('dry_run', () => {
  test('says what would be sent, sends and records nothing', async () => {
    const before = await service.api<{ data: unknown[] }>('GET', `/deliveries?webhook_id=${webhook.id}`)
    const made = await service.api<WebhookRead>('PATCH', `/webhooks/${webhook.id}`, {
      headers: [{ name: 'x-secret', value: 'the-secret-value' }],
    })
    expect(made.status).toBe(200)
    const answer = await service.api<DryRunRead>('POST', `/webhooks/${webhook.id}/invoke`, {
      payload: { a: 1 },
      dry_run: true,
    })
    expect(answer.body).toMatchObject({
      dry_run: true,
      would_send: true,
      request: { method: 'POST', url: receiver.url },
    })
    expect(answer.text).toContain('x-secret')
    expect(answer.text).not.toContain('the-secret-value')
    expect(JSON.parse(answer.body.request.body)).toMatchObject({ a: 1, test: false })
    const after = await service.api<{ data: unknown[] }>('GET', `/deliveries?webhook_id=${webhook.id}`)
    expect(after.body.data.length).toBe(before.body.data.length)
    expect(receiver.received.length).toBe(0)
  })

  test('says why nothing would be sent', async () => {
    await service.api('PATCH', `/webhooks/${webhook.id}`, { condition: 'payload.a == 2' })
    const answer = await service.api('POST', `/webhooks/${webhook.id}/invoke`, {
      payload: { a: 1 },
      dry_run: true,
    })
    expect(answer.body).toMatchObject({
      would_send: false,
      explanation: expect.stringContaining('payload.a == 2'),
    })
    await service.api('PATCH', `/webhooks/${webhook.id}`, { condition: null })
  })
})
