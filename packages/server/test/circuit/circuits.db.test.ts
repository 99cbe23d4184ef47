import type { DeliveryRead, DryRunRead } from '@keyhook/contract/api/delivery.ts'
import type { WebhookCreated } from '@keyhook/contract/api/webhook.ts'
import { beforeEach, describe, expect, test } from 'vitest'
import { startTestService, type TestService } from '../support/harness.ts'
import { json, startReceiver } from '../support/receiver.ts'
import { serviceWithReceiver } from '../support/service-with-receiver.ts'

let now = Date.now()
const { service, receiver } = serviceWithReceiver({ clock: () => now })

beforeEach(() => {
  receiver.answerWith(json(500))
})

const breaker = { failure_share: 0.5, minimum_calls: 4, window_seconds: 60, pause_seconds: 30 }
const create = async (more: Record<string, unknown> = {}) =>
  (
    await service.api<WebhookCreated>('POST', '/webhooks', {
      type: 'pre_approval',
      name: 'W',
      endpoint_url: receiver.url,
      circuit_breaker: breaker,
      ...more,
    })
  ).body
const invoke = async ({ id }: { id: string }) =>
  (await service.api<DeliveryRead>('POST', `/webhooks/${id}/invoke`, { payload: {} })).body
const reasonOf = ({ outcome }: DeliveryRead) =>
  outcome?.status === 'failed' ? outcome.failure_reason : outcome?.status
const circuitOf = async ({ id }: { id: string }) =>
  (await service.api<WebhookCreated>('GET', `/webhooks/${id}`)).body.circuit
const opened = async () => {
  const webhook = await create()
  for (let count = 0; count < 4; count++) await invoke(webhook)
  return webhook
}

describe('the circuit breaker', () => {
  test('opens on the share of failures; then a delivery fails at once with circuit_open and nothing is sent', async () => {
    const webhook = await opened()
    const refused = await invoke(webhook)
    expect(reasonOf(refused)).toBe('circuit_open')
    expect(refused.attempts).toEqual([])
    expect(receiver.received.length).toBe(4)
    expect(await circuitOf(webhook)).toMatchObject({
      state: 'open',
      since: expect.any(String),
      reason: expect.stringContaining('4 of 4 calls failed'),
      next_probe_at: expect.any(String),
    })
  })

  test('answers of a receiver that is alive do not open it', async () => {
    for (const answer of [json(400), json(200, { nothing: 1 }), json(200, { response: false }), json(404)]) {
      receiver.answerWith(answer)
      const webhook = await create()
      for (let count = 0; count < 8; count++) await invoke(webhook)
      expect((await circuitOf(webhook)).state).toBe('closed')
    }
  })

  test('lets one delivery through after the pause, and closes when it goes well', async () => {
    const webhook = await opened()
    now += 31_000
    expect((await circuitOf(webhook)).state).toBe('half_open')
    let release = () => {}
    receiver.answerWith((request, response) => {
      release = () => json(200, { response: true })(request, response)
    })
    const probe = invoke(webhook)
    await expect.poll(() => receiver.received.length).toBe(5)
    // While the probe is under way, the others wait for its word.
    expect(reasonOf(await invoke(webhook))).toBe('circuit_open')
    release()
    expect((await probe).outcome).toMatchObject({ status: 'succeeded' })
    receiver.answerWith(json(200, { response: true }))
    expect((await invoke(webhook)).outcome).toMatchObject({ status: 'succeeded' })
    expect((await circuitOf(webhook)).state).toBe('closed')
  })

  test('a dry run says in which state it is, and is not the probe', async () => {
    const dryRun = async ({ id }: { id: string }) =>
      (await service.api<DryRunRead>('POST', `/webhooks/${id}/invoke`, { payload: {}, dry_run: true })).body
    const stored = async ({ id }: { id: string }) =>
      service.ctx.db.selectFrom('circuits').selectAll().where('webhook_id', '=', id).executeTakeFirst()
    const without = await create({ circuit_breaker: null })
    expect(await dryRun(without)).toMatchObject({
      would_send: true,
      explanation: 'The webhook is enabled, has no condition, and it has no circuit breaker.',
    })
    const webhook = await create({ condition: 'payload != {"a": 1}' })
    expect(await dryRun(webhook)).toMatchObject({
      would_send: true,
      explanation: 'The webhook is enabled, its condition holds, and its circuit is closed.',
    })
    for (let count = 0; count < 4; count++) await invoke(webhook)
    await expect.poll(() => stored(webhook)).toBeDefined()
    expect(await dryRun(webhook)).toMatchObject({
      would_send: false,
      explanation: expect.stringContaining('The next try is in 30 s.'),
    })
    now += 31_000
    const before = await stored(webhook)
    expect(await dryRun(webhook)).toMatchObject({
      would_send: true,
      explanation: expect.stringContaining('its circuit is half open'),
    })
    await circuitOf(webhook)
    expect(await stored(webhook)).toEqual(before)
    expect(reasonOf(await invoke(webhook))).toBe('http_status')
  })

  test('a probe that fails doubles the pause', async () => {
    const webhook = await opened()
    now += 31_000
    expect(reasonOf(await invoke(webhook))).toBe('http_status')
    now += 31_000
    expect(reasonOf(await invoke(webhook))).toBe('circuit_open')
    now += 30_000
    expect(reasonOf(await invoke(webhook))).toBe('http_status')
  })

  test('can be reset, and tests pass it', async () => {
    const webhook = await opened()
    const tested = await service.api<DeliveryRead>('POST', `/webhooks/${webhook.id}/test`, {})
    expect(reasonOf(tested.body)).toBe('http_status')
    const reset = await service.api<WebhookCreated>('POST', `/webhooks/${webhook.id}/reset-circuit`)
    expect(reset.body.circuit).toEqual({ state: 'closed', since: null, reason: null, next_probe_at: null })
    expect(reasonOf(await invoke(webhook))).toBe('http_status')
    expect((await service.api('POST', '/webhooks/wh_x/reset-circuit')).status).toBe(404)
  })

  test('failures that are older than the window do not count', async () => {
    const webhook = await create()
    for (let count = 0; count < 3; count++) await invoke(webhook)
    now += 61_000
    await invoke(webhook)
    expect((await circuitOf(webhook)).state).toBe('closed')
  })

  test('null switches it off', async () => {
    const webhook = await create({ circuit_breaker: null })
    for (let count = 0; count < 12; count++) await invoke(webhook)
    expect(receiver.received.length).toBe(12)
  })

  test('stays open over a restart', async () => {
    const other = await startTestService()
    const made = await other.api<WebhookCreated>('POST', '/webhooks', {
      type: 'pre_approval',
      name: 'W',
      endpoint_url: receiver.url,
      circuit_breaker: breaker,
    })
    const call = (on: TestService) =>
      on.api<DeliveryRead>('POST', `/webhooks/${made.body.id}/invoke`, { payload: {} })
    for (let count = 0; count < 5; count++) await call(other)
    const again = await other.restart()
    expect(reasonOf((await call(again)).body)).toBe('circuit_open')
    await again.stop()
    await other.stop().catch(() => {})
  })
})

describe('isolation', () => {
  test('a webhook whose receiver hangs fills its own places only, and others wait in line no longer than they may', async () => {
    const waiting: (() => void)[] = []
    receiver.answerWith((request, response) => {
      waiting.push(() => json(200, { response: true })(request, response))
    })
    const hanging = await create({ concurrency_limit: 2, max_wait_ms: 300, circuit_breaker: null })
    const good = await startReceiver()
    try {
      const other = await create({ endpoint_url: good.url })
      const calls = Array.from({ length: 5 }, () => invoke(hanging))
      await expect.poll(() => receiver.received.length).toBe(2)
      for (let count = 0; count < 10; count++) {
        expect((await invoke(other)).outcome).toMatchObject({ status: 'succeeded' })
      }
      await expect
        .poll(async () => {
          const page = await service.api<{ data: { status: string }[] }>(
            'GET',
            `/deliveries?webhook_id=${hanging.id}`,
          )
          return page.body.data.filter((delivery) => delivery.status === 'failed').length
        })
        .toBe(3)
      for (const answer of waiting) answer()
      const ended = await Promise.all(calls)
      const refused = ended.filter((delivery) => reasonOf(delivery) === 'timeout')
      expect(refused.length).toBe(3)
      expect(refused[0]?.attempts).toEqual([])
      expect(refused[0]?.outcome).toMatchObject({
        explanation: expect.stringContaining('2 deliveries of this webhook'),
      })
      expect(receiver.received.length).toBe(2)
    } finally {
      await good.close()
    }
  })

  test('two webhooks whose receivers hang do not hold up a third one on the same host', async () => {
    const waiting: (() => void)[] = []
    receiver.answerWith((request, response) => {
      if (request.path === '/good') return json(200, { response: true })(request, response)
      waiting.push(() => json(200, { response: true })(request, response))
    })
    // At the concurrency limit that webhooks have unless they say otherwise.
    const hanging = [await create(), await create()]
    const good = await create({ endpoint_url: new URL('/good', receiver.url).href })
    const calls = hanging.flatMap((webhook) => Array.from({ length: 32 }, () => invoke(webhook)))
    await expect.poll(() => receiver.received.length).toBe(64)
    const { outcome, attempts } = await invoke(good)
    expect(outcome).toMatchObject({ status: 'succeeded' })
    expect(attempts.length).toBe(1)
    for (const answer of waiting) answer()
    expect((await Promise.all(calls)).map(reasonOf)).toEqual(Array(64).fill('succeeded'))
  })

  test('whoever waits gets the place that becomes free, in order', async () => {
    const waiting: (() => void)[] = []
    receiver.answerWith((request, response) => {
      waiting.push(() => json(200, { response: true })(request, response))
    })
    const webhook = await create({ concurrency_limit: 1, max_wait_ms: 10_000 })
    const calls: Promise<DeliveryRead>[] = []
    for (let count = 0; count < 3; count++) {
      calls.push(invoke(webhook))
      await expect.poll(() => receiver.received.length + calls.length).toBeGreaterThan(count + 1)
    }
    for (let count = 0; count < 3; count++) {
      await expect.poll(() => waiting.length).toBe(count + 1)
      waiting[count]?.()
    }
    expect((await Promise.all(calls)).every((delivery) => delivery.status === 'succeeded')).toBe(true)
  })
})
