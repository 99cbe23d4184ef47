import { randomBytes } from 'node:crypto'
import type { DeliveryRead } from '@keyhook/contract/api/delivery.ts'
import type { SecretsRotated } from '@keyhook/contract/api/secrets.ts'
import type { WebhookCreated } from '@keyhook/contract/api/webhook.ts'
import { sql } from 'kysely'
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { secretsRotate } from '../../src/cli/secrets-rotate.ts'
import { envToConfig, readEnv } from '../../src/config.ts'
import { startService } from '../../src/service.ts'
import { apiOf, type TestDatabase, testDatabase, testKey } from '../support/harness.ts'
import { json, type Receiver, startReceiver } from '../support/receiver.ts'

const key = (id: string) => `${id}:${randomBytes(32).toString('base64')}`
const k1 = key('k1')
const k2 = key('k2')

let database: TestDatabase
let receiver: Receiver
let output: string[]
beforeEach(async () => {
  database = await testDatabase()
  receiver = await startReceiver()
  output = []
  for (const stream of [process.stdout, process.stderr]) {
    vi.spyOn(stream, 'write').mockImplementation((text) => {
      output.push(String(text))
      return true
    })
  }
})
afterEach(async () => {
  vi.restoreAllMocks()
  await receiver.close()
  await database.drop()
})

const envWith = (...keys: string[]) => ({
  HOST: '127.0.0.1',
  PORT: '0',
  LOG_LEVEL: 'silent',
  KEYHOOK_BOOTSTRAP_KEY: testKey,
  ...database.env,
  KEYHOOK_ENCRYPTION_KEY: keys.join(','),
})
const start = (...keys: string[]) => startService(envToConfig(readEnv(envWith(...keys))))

async function plant(url: string): Promise<WebhookCreated> {
  const draft = {
    type: 'provisioning',
    name: 'W',
    endpoint_url: receiver.url,
    headers: [
      { name: 'x-one', value: 'first-value' },
      { name: 'x-two', value: 'second-value' },
    ],
    authentication: { type: 'bearer', token: 'the-token' },
    v1a_signature: true,
  }
  const options = { headers: { 'idempotency-key': 'planted' } }
  const made = await apiOf(url)<WebhookCreated>('POST', '/webhooks', draft, options)
  expect(made.status, made.text).toBe(201)
  return made.body
}

async function check(url: string, { id }: { id: string }): Promise<void> {
  receiver.answerWith(json(200, { response: true }))
  const tested = await apiOf(url)<DeliveryRead>('POST', `/webhooks/${id}/test`, {})
  expect(tested.body.status).toBe('succeeded')
  expect(receiver.received.at(-1)?.headers).toMatchObject({
    'x-one': 'first-value',
    'x-two': 'second-value',
    authorization: 'Bearer the-token',
    'webhook-signature': expect.stringMatching(/^v1,\S+ v1a,\S+$/),
  })
}

describe('rotating the encryption key', () => {
  test('the old key opens, the new one seals, and after the rotation the old one can go', async () => {
    const first = await start(k1)
    const webhook = await plant(first.url)
    await first.stop()

    const both = await start(k2, k1)
    await check(both.url, webhook)
    const rotated = await apiOf(both.url)<SecretsRotated>('POST', '/secrets/rotate')
    // Two header values, the credentials, two signing keys, what the idempotency key keeps, the session secret, the
    // callback key and the two keys of the activity log.
    expect(rotated.body).toEqual({ newest_key: 'k2', rewrapped: 10, keys_in_use: ['k2'] })
    await check(both.url, webhook)
    expect((await apiOf(both.url)<SecretsRotated>('POST', '/secrets/rotate')).body.rewrapped).toBe(0)
    await both.stop()

    const alone = await start(k2)
    await check(alone.url, webhook)
    expect((await plant(alone.url)).signing_secret).toBe(webhook.signing_secret)
    await alone.stop()
  })

  test('changes that come while it runs are not lost', async () => {
    const first = await start(k1)
    const webhook = await plant(first.url)
    await first.stop()
    const both = await start(k2, k1)
    const api = apiOf(both.url)
    const changes = Array.from({ length: 10 }, (_, index) =>
      api('PATCH', `/webhooks/${webhook.id}`, { description: `change ${index}` }),
    )
    await Promise.all([api('POST', '/secrets/rotate'), api('POST', '/secrets/rotate'), ...changes])
    const again = await api<SecretsRotated>('POST', '/secrets/rotate')
    expect(again.body.keys_in_use).toEqual(['k2'])
    await check(both.url, webhook)
    await both.stop()
  })

  test('the command does the same, with the server stopped or, on PGlite, by asking it', async () => {
    const first = await start(k1)
    const webhook = await plant(first.url)
    await first.stop()
    expect(await secretsRotate(envWith(k2, k1))).toBe(0)
    expect(output.join('')).toContain('10 stored secrets are now wrapped with k2. No longer needed: k1.')
    const running = await start(k2)
    await check(running.url, webhook)
    output.length = 0
    expect(await secretsRotate(envWith(k2))).toBe(0)
    expect(output.join('')).toContain('All stored secrets are wrapped with k2 already.')
    await running.stop()
  })
})

describe('a key that is missing or wrong', () => {
  test('start is refused with the id of the key that is needed, also when only one webhook needs it', async () => {
    const first = await start(k1)
    const webhook = await plant(first.url)
    await apiOf(first.url)('POST', '/secrets/rotate')
    await first.stop()
    await expect(start(k2)).rejects.toThrow(/need the encryption key k1/)
    // Everything but the credentials of one webhook is wrapped anew: the check must look at those too.
    const both = await start(k2, k1)
    const { sealed_credentials } = await both.ctx.db
      .selectFrom('webhooks')
      .select('sealed_credentials')
      .where('id', '=', webhook.id)
      .executeTakeFirstOrThrow()
    await apiOf(both.url)('POST', '/secrets/rotate')
    await both.ctx.db.updateTable('webhooks').set({ sealed_credentials }).execute()
    await both.stop()
    await expect(start(k2)).rejects.toThrow(/need the encryption key k1/)
    expect(await secretsRotate(envWith(k2))).toBe(1)
    expect(output.join('')).toContain('k1')
  })

  test('an older key with other bytes is refused, and what the newest one sealed does not hide it', async () => {
    const first = await start(k1)
    await plant(first.url)
    await first.stop()
    const both = await start(k2, k1)
    const { rows } = await sql<{
      sealed: Uint8Array
    }>`select sealed_credentials as sealed from webhooks`.execute(both.ctx.db)
    await apiOf(both.url)('POST', '/secrets/rotate')
    await both.ctx.db
      .updateTable('webhooks')
      .set({ sealed_credentials: rows[0]?.sealed ?? null })
      .execute()
    await both.stop()
    await expect(start(k2, key('k1'))).rejects.toThrow(/encryption key k1 cannot open what was stored/)
    expect(await secretsRotate(envWith(k2, key('k1')))).toBe(1)
  })

  test('one webhook whose secrets do not open stops neither the start nor the list of all', async () => {
    const first = await start(k1)
    const damaged = await plant(first.url)
    const whole = await apiOf(first.url)<WebhookCreated>('POST', '/webhooks', {
      type: 'provisioning',
      name: 'Whole',
      endpoint_url: receiver.url,
      authentication: { type: 'bearer', token: 'another-token' },
    })
    await sql`update webhooks set sealed_credentials = (
      select sealed_credentials from webhooks where id = ${whole.body.id}
    ) where id = ${damaged.id}`.execute(first.ctx.db)
    await first.stop()

    const again = await start(k1)
    const api = apiOf(again.url)
    const listed = await api<{ data: { id: string; authentication: unknown }[] }>('GET', '/webhooks')
    expect(listed.status, listed.text).toBe(200)
    expect(listed.body.data.map(({ id }) => id)).toEqual([whole.body.id, damaged.id])
    expect(listed.body.data[1]?.authentication).toEqual({ type: 'bearer', token: { is_set: true } })
    const before = receiver.received.length
    const invoked = await api('POST', `/webhooks/${damaged.id}/invoke`, { payload: {} })
    expect(invoked.status).toBe(503)
    expect(invoked.text).toMatch(/stored secrets of the webhook .* do not open/)
    expect(receiver.received).toHaveLength(before)
    expect((await api('DELETE', `/webhooks/${damaged.id}`)).status).toBe(204)
    await again.stop()
  })

  test('what is kept for a late answer is wrapped anew too', async () => {
    const first = await start(k1)
    const { body: webhook } = await apiOf(first.url)<WebhookCreated>('POST', '/webhooks', {
      type: 'pre_approval',
      name: 'Late',
      endpoint_url: receiver.url,
      callback_deadline_seconds: 3_600,
      headers: [{ name: 'x-key', value: 'the-header-value' }],
    })
    receiver.answerWith(json(202, { callback: true }))
    const { body } = await apiOf(first.url)<DeliveryRead>('POST', `/webhooks/${webhook.id}/invoke`, {
      payload: {},
    })
    await apiOf(first.url)('DELETE', `/webhooks/${webhook.id}`)
    await first.stop()
    const both = await start(k2, k1)
    const rotated = await apiOf(both.url)<SecretsRotated>('POST', '/secrets/rotate')
    expect(rotated.body.keys_in_use).toEqual(['k2'])
    await both.stop()

    const alone = await start(k2)
    const token = JSON.parse(body.payload).callback_url.split('/').at(-1)
    const raw = JSON.stringify({ response: true, message: 'got the-header-value' })
    expect(
      (await apiOf(alone.url)('POST', `/callbacks/${token}`, undefined, { key: null, raw })).status,
    ).toBe(204)
    const read = await apiOf(alone.url)<DeliveryRead>('GET', `/deliveries/${body.id}`)
    expect(read.body.outcome).toMatchObject({ message: 'got ••••••' })
    await alone.stop()
  })

  test('the addresses of chats are wrapped anew too', async () => {
    const first = await start(k1)
    const chat = { name: 'Team', kind: 'slack', url: receiver.url }
    const made = await apiOf(first.url)<{ id: string }>('POST', '/notice-channels', chat)
    expect(made.status, made.text).toBe(201)
    await first.stop()
    const both = await start(k2, k1)
    const rotated = await apiOf(both.url)<SecretsRotated>('POST', '/secrets/rotate')
    expect(rotated.body.keys_in_use).toEqual(['k2'])
    await both.stop()

    const alone = await start(k2)
    const before = receiver.received.length
    const tested = await apiOf(alone.url)('POST', `/notice-channels/${made.body.id}/test`)
    expect(tested.status, tested.text).toBe(200)
    expect(receiver.received.length).toBe(before + 1)
    await alone.stop()
  })

  test('a key of the right id with other bytes is refused', async () => {
    const first = await start(k1)
    await first.stop()
    await expect(start(key('k1'))).rejects.toThrow(/encryption key k1 cannot open what was stored/)
  })
})
