import type { WebhookCreated } from '@keyhook/contract/api/webhook.ts'
import type { WebhookStats } from '@keyhook/contract/api/webhook-stats.ts'
import { expect, onTestFinished, test } from 'vitest'
import { serviceForTest } from '../support/harness.ts'
import { json, startReceiver } from '../support/receiver.ts'

test('counts, latencies and failures of real deliveries, point by point', async () => {
  let now = Date.now()
  const service = await serviceForTest({}, { clock: () => now })
  const receiver = await startReceiver()
  onTestFinished(() => receiver.close())
  const { body: webhook } = await service.api<WebhookCreated>('POST', '/webhooks', {
    type: 'provisioning',
    name: 'W',
    endpoint_url: receiver.url,
    condition: '!has(payload.skip)',
  })
  const invoke = (payload: object = {}) => service.api('POST', `/webhooks/${webhook.id}/invoke`, { payload })
  const stats = async (query = '') =>
    (await service.api<WebhookStats>('GET', `/webhooks/${webhook.id}/stats${query}`)).body

  const empty = await stats()
  expect(empty).toMatchObject({ window: 'day', total: 0, p50_ms: null, failures: [], complete: true })
  expect(empty.points.length).toBe(48)

  await invoke()
  await invoke({ skip: true })
  now += 10 * 60_000
  receiver.answerWith(json(500))
  await invoke()
  await invoke()
  receiver.answerWith(json(200, {}))
  await invoke()
  await service.api('POST', `/webhooks/${webhook.id}/test`, {})

  const hour = await stats('?window=hour')
  expect(hour).toMatchObject({ total: 5, succeeded: 1, failed: 3, skipped: 1 })
  expect(hour.points.length).toBe(60)
  expect(hour.points.filter((point) => point.succeeded + point.failed > 0)).toMatchObject([
    { succeeded: 1, failed: 0, p50_ms: expect.any(Number) },
    { succeeded: 0, failed: 3 },
  ])
  expect(hour.failures).toMatchObject([
    { failure_reason: 'http_status', count: 2 },
    { failure_reason: 'missing_response', count: 1 },
  ])
  expect(hour.p95_ms).toBeGreaterThan(0)

  now += 3_600_000
  expect((await stats('?window=hour')).total).toBe(0)
  expect((await stats('?window=week')).total).toBe(5)
  expect((await service.api('GET', `/webhooks/${webhook.id}/stats?window=year`)).status).toBe(422)
  expect((await service.api('GET', '/webhooks/wh_x/stats')).status).toBe(404)
})
