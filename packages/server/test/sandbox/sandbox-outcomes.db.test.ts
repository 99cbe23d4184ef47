/** What a newcomer sees: a webhook with an endpoint URL of the sandbox, saved, tested, and read in both places. */
import { createServer } from 'node:http'
import type { DeliveryRead } from '@keyhook/contract/api/delivery.ts'
import type { SandboxRead } from '@keyhook/contract/api/sandbox.ts'
import type { WebhookCreated } from '@keyhook/contract/api/webhook.ts'
import { type WebhookType, webhookTypes } from '@keyhook/contract/webhook-type.ts'
import { afterAll, beforeAll, beforeEach, describe, expect, onTestFinished, test } from 'vitest'
import { behaviours } from '../../src/sandbox/behaviour.ts'
import { freePort } from '../support/free-port.ts'
import { serviceForTest, startTestService, type TestService } from '../support/harness.ts'

let service: TestService
beforeAll(async () => {
  service = await startTestService()
})
afterAll(() => service.stop())
beforeEach(async () => {
  await service.api('DELETE', '/sandbox/requests')
})

const read = async (at: TestService = service) => (await at.api<SandboxRead>('GET', '/sandbox')).body
const endpointUrl = async (id: string, at: TestService = service) =>
  (await read(at)).behaviours.find((behaviour) => behaviour.id === id)?.endpoint_url ?? ''

async function saved(type: WebhookType, behaviour: string, more: object = {}): Promise<WebhookCreated> {
  const endpoint_url = await endpointUrl(behaviour)
  const made = await service.api<WebhookCreated>('POST', '/webhooks', {
    type,
    name: behaviour,
    endpoint_url,
    // Only what the test sends is to arrive: no events.
    ...(type === 'siem' ? { enabled: false } : {}),
    ...more,
  })
  expect(made.status).toBe(201)
  return made.body
}

const tested = async ({ id }: { id: string }) =>
  (await service.api<DeliveryRead>('POST', `/webhooks/${id}/test`, {})).body

/** The decision or the failure reason. */
function resultOf({ outcome }: DeliveryRead): boolean | null | string {
  if (outcome === null) return 'no outcome'
  if (outcome.status === 'skipped') return 'skipped'
  return outcome.status === 'succeeded' ? outcome.decision : outcome.failure_reason
}

/** What the description of a behaviour promises for a type. */
function promisedBy(id: string, description: string, type: WebhookType): boolean | null | string {
  const failure = /[Ff]ails? with `(\w+)`/.exec(description)?.[1]
  if (type === 'siem') {
    // Only reception counts: any 2xx will do.
    return ['http_status', 'timeout', 'redirect', 'connection'].includes(failure ?? '')
      ? (failure ?? '')
      : null
  }
  if (id === 'no-content')
    return type === 'provisioning' || type === 'deprovisioning' ? true : 'missing_response'
  return failure ?? id !== 'false'
}

describe('a saved webhook', () => {
  test.each(
    behaviours.filter(({ id }) => id !== 'slow').map(({ id, description }) => [id, description] as const),
  )('at "%s" ends as the description says: %s', async (id, description) => {
    const webhooks = await Promise.all(
      webhookTypes.map((type) => saved(type, id, { time_limit_ms: id === 'hang' ? 1_000 : 15_000 })),
    )
    const deliveries = await Promise.all(webhooks.map(tested))
    expect(deliveries.map(resultOf)).toEqual(webhookTypes.map((type) => promisedBy(id, description, type)))
    const { requests } = await read()
    expect(requests).toHaveLength(webhookTypes.length)
    for (const delivery of deliveries) {
      expect(requests.find((request) => request.delivery_id === delivery.id)).toMatchObject({
        behaviour: id,
        webhook_type: delivery.webhook_type,
        signature: 'valid',
        body: delivery.attempts[0]?.request.body,
      })
    }
  })

  test('at "slow" gets the right answer in time, and a timeout with a shorter limit', async () => {
    const [patient, hasty] = await Promise.all([
      saved('pre_approval', 'slow').then(tested),
      saved('pre_approval', 'slow', { time_limit_ms: 1_000 }).then(tested),
    ])
    expect([resultOf(patient), resultOf(hasty)]).toEqual([true, 'timeout'])
    expect((await read()).requests.map(({ signature }) => signature)).toEqual(['valid', 'valid'])
  })

  test('with a secret of its own, invoked, is signed with that secret', async () => {
    const webhook = await saved('pre_approval', 'right', {
      signing_secret: `whsec_${Buffer.alloc(32, 7).toString('base64')}`,
    })
    const invoked = await service.api<DeliveryRead>('POST', `/webhooks/${webhook.id}/invoke`, { payload: {} })
    expect(resultOf(invoked.body)).toBe(true)
    expect((await read()).requests[0]).toMatchObject({ delivery_id: invoked.body.id, signature: 'valid' })
  })
})

describe('the list of requests', () => {
  test('has the newest first, those of strangers included', async () => {
    const first = await tested(await saved('provisioning', 'right'))
    const url = await endpointUrl('false')
    await fetch(url, {
      method: 'POST',
      headers: { 'webhook-id': 'dlv_x', 'webhook-timestamp': '1', 'webhook-signature': 'v1,AAAA' },
      body: '{"from":"elsewhere"}',
    })
    await fetch(url, { method: 'POST', body: 'not JSON' })
    const last = await tested(await saved('siem', 'right'))
    expect((await read()).requests.map(({ delivery_id, signature }) => [delivery_id, signature])).toEqual([
      [last.id, 'valid'],
      [null, 'missing'],
      ['dlv_x', 'unknown_sender'],
      [first.id, 'valid'],
    ])
  })

  test('a delivery that has ended cannot be sent again by a stranger as a valid one', async () => {
    const delivery = await tested(await saved('pre_approval', 'right'))
    const request = delivery.attempts[0]?.request
    const headers = Object.fromEntries((request?.headers ?? []).map(({ name, value }) => [name, value]))
    delete headers['content-length']
    delete headers.host
    await fetch(await endpointUrl('right'), { method: 'POST', headers, body: request?.body ?? '' })
    expect((await read()).requests[0]?.signature).toBe('unknown_sender')
  })

  test('is empty after it was cleared, and goes on', async () => {
    const webhook = await saved('siem', 'right')
    await tested(webhook)
    expect((await service.api('DELETE', '/sandbox/requests')).status).toBe(204)
    expect((await read()).requests).toEqual([])
    await tested(webhook)
    expect((await read()).requests).toHaveLength(1)
  })
})

describe('the port', () => {
  test('is the one after the server, so that endpoint URLs work again after a restart', async () => {
    const port = await freePort()
    const first = await serviceForTest({ PORT: String(port) })
    const url = await endpointUrl('right', first)
    const second = await first.restart()
    onTestFinished(() => second.stop())
    expect(await endpointUrl('right', second)).toBe(url)
    expect((await fetch(url, { method: 'POST', body: '{}' })).status).toBe(200)
  })

  test('is another one when that is taken', async () => {
    const port = await freePort()
    const other = createServer((_request, response) => response.writeHead(418).end())
    await new Promise<void>((resolve) => other.listen(port + 1, '127.0.0.1', resolve))
    onTestFinished(() => void other.close())
    const here = await serviceForTest({ PORT: String(port) })
    const url = await endpointUrl('right', here)
    expect(new URL(url).port).not.toBe(String(port + 1))
    expect((await fetch(url, { method: 'POST', body: '{}' })).status).toBe(200)
  })
})

test('off: nothing listens, and the server says so', async () => {
  const off = await serviceForTest({ KEYHOOK_SANDBOX: 'false' })
  expect(off.sandboxUrl).toBeNull()
  expect(await read(off)).toEqual({ enabled: false, behaviours: [], requests: [] })
  expect((await off.api<{ sandbox: boolean }>('GET', '/server')).body.sandbox).toBe(false)
})
