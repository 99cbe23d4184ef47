import type { DeliveryRead } from '@keyhook/contract/api/delivery.ts'
import type { SandboxRead } from '@keyhook/contract/api/sandbox.ts'
import { webhookTypes } from '@keyhook/contract/webhook-type.ts'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { serviceForTest, startTestService, type TestService } from '../support/harness.ts'

let service: TestService
beforeAll(async () => {
  service = await startTestService()
})
afterAll(() => service.stop())
beforeEach(async () => {
  await service.api('DELETE', '/sandbox/requests')
})

const read = async () => (await service.api<SandboxRead>('GET', '/sandbox')).body
const endpointUrl = async (id: string) =>
  (await read()).behaviours.find((behaviour) => behaviour.id === id)?.endpoint_url ?? ''

describe('read the sandbox', () => {
  test('shows an endpoint URL for each way to answer', async () => {
    const { enabled, behaviours } = await read()
    expect(enabled).toBe(true)
    expect(behaviours.length).toBeGreaterThan(10)
    for (const { id, endpoint_url } of behaviours) {
      expect(endpoint_url).toMatch(new RegExp(`^http://127\\.0\\.0\\.1:\\d+/${id}$`))
    }
  })

  test.each(webhookTypes)(
    'a tested %s webhook succeeds, signed with the secret of the form',
    async (type) => {
      const webhook = { type, name: 'New', endpoint_url: await endpointUrl('right') }
      const tested = await service.api<DeliveryRead>('POST', '/webhooks/test', { webhook })
      expect(tested.body.status).toBe('succeeded')
      const { requests } = await read()
      expect(requests).toHaveLength(1)
      expect(requests[0]).toMatchObject({
        behaviour: 'right',
        webhook_type: type,
        delivery_id: tested.body.id,
        signature: 'valid',
        body: tested.body.attempts[0]?.request.body,
      })
    },
  )

  test('a custom header arrives but its value is not shown', async () => {
    const webhook = {
      type: 'provisioning',
      name: 'New',
      endpoint_url: await endpointUrl('right'),
      headers: [{ name: 'x-api-key', value: 'canary-51c7' }],
    }
    await service.api('POST', '/webhooks/test', { webhook })
    const answer = await service.api<SandboxRead>('GET', '/sandbox')
    expect(answer.text).not.toContain('canary')
    expect(answer.body.requests[0]?.headers).toContainEqual({ name: 'x-api-key', value: '••••••' })
  })

  test('needs a principal', async () => {
    expect((await service.api('GET', '/sandbox', undefined, { key: null })).status).toBe(401)
  })
})

describe('clear the requests', () => {
  test('forgets them', async () => {
    await fetch(await endpointUrl('right'), { method: 'POST', body: '{}' })
    expect((await read()).requests).toHaveLength(1)
    expect((await service.api('DELETE', '/sandbox/requests')).status).toBe(204)
    expect((await read()).requests).toEqual([])
  })

  test('needs a principal', async () => {
    expect((await service.api('DELETE', '/sandbox/requests', undefined, { key: null })).status).toBe(401)
  })
})

test('when it is off there is nothing to read, and clearing does no harm', async () => {
  const off = await serviceForTest({ KEYHOOK_SANDBOX: 'false' })
  expect((await off.api('GET', '/sandbox')).body).toEqual({ enabled: false, behaviours: [], requests: [] })
  expect((await off.api('DELETE', '/sandbox/requests')).status).toBe(204)
})
