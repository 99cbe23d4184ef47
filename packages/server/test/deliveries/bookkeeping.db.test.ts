import type { DeliveryRead } from '@keyhook/contract/api/delivery.ts'
import { sql } from 'kysely'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { startTestService, type TestService } from '../support/harness.ts'
import { json, type Receiver, startReceiver } from '../support/receiver.ts'

let service: TestService
let receiver: Receiver
let webhookId: string
beforeAll(async () => {
  service = await startTestService()
  receiver = await startReceiver()
  const webhook = { type: 'pre_approval', name: 'W', endpoint_url: receiver.url }
  webhookId = (await service.api<{ id: string }>('POST', '/webhooks', webhook)).body.id
})
afterAll(async () => {
  await receiver.close()
  await service.stop()
})
beforeEach(() => {
  receiver.received.length = 0
  receiver.answerWith(json(200, { response: true, message: 'yes' }))
})

const invoke = () => service.api<DeliveryRead>('POST', `/webhooks/${webhookId}/invoke`, { payload: {} })
const ready = async () => (await fetch(`${service.url}/readyz`)).status
const rename = (from: string, to: string) =>
  sql`alter table ${sql.table(from)} rename to ${sql.table(to)}`.execute(service.ctx.db)

describe('a database that refuses writes', () => {
  test('before sending: 503 with Retry-After, nothing is sent, and all is well again afterwards', async () => {
    await rename('deliveries', 'deliveries_away')
    const refused = await invoke()
    expect(refused.body).toMatchObject({ status: 503, code: 'unavailable' })
    expect(refused.headers.get('retry-after')).toBe('5')
    expect(receiver.received).toHaveLength(0)
    await rename('deliveries_away', 'deliveries')
    await expect.poll(ready, { timeout: 15_000 }).toBe(200)
    expect((await invoke()).body).toMatchObject({ status: 'succeeded' })
  })

  test('after the answer: the outcome stays what it is and is stored as soon as that works', async () => {
    await rename('attempts', 'attempts_away')
    const waiting = invoke()
    await expect.poll(ready).toBe(503)
    expect(receiver.received).toHaveLength(1)
    // Meanwhile nothing new is begun.
    expect((await invoke()).body).toMatchObject({ status: 503, code: 'unavailable' })
    expect(receiver.received).toHaveLength(1)
    await rename('attempts_away', 'attempts')
    const { status, body } = await waiting
    expect(status).toBe(200)
    expect(body).toMatchObject({ status: 'succeeded', outcome: { decision: true, message: 'yes' } })
    expect((await service.api<DeliveryRead>('GET', `/deliveries/${body.id}`)).body).toEqual(body)
    expect(await ready()).toBe(200)
    expect(receiver.received).toHaveLength(1)
  })
})

test('a caller is told what is recorded when another process ended the delivery in the meantime', async () => {
  receiver.answerWith((_request, response) => {
    const outcome = JSON.stringify({
      status: 'failed',
      failure_reason: 'interrupted',
      explanation: 'Taken for dead.',
    })
    void sql`update deliveries set status = 'failed', failure_reason = 'interrupted', outcome = ${outcome}::json,
      finished_at = now() where finished_at is null`
      .execute(service.ctx.db)
      .then(() => response.end('{"response":true}'))
  })
  expect((await invoke()).body).toMatchObject({
    status: 'failed',
    outcome: { failure_reason: 'interrupted', explanation: 'Taken for dead.' },
    attempts: [],
  })
})
