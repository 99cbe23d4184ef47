import type { DeliveryRead } from '@keyhook/contract/api/delivery.ts'
import type { Problem } from '@keyhook/contract/api/problem.ts'
import type { WebhookCreated } from '@keyhook/contract/api/webhook.ts'
import { verify } from '@keyhook/contract/signature.ts'
import { parseSigningPublicKey } from '@keyhook/contract/signing-key-pair.ts'
import { Webhook as OfficialLibrary } from 'standardwebhooks'
import { beforeEach, describe, expect, test } from 'vitest'
import { serviceWithReceiver } from '../support/service-with-receiver.ts'

let now = Date.now()
const { service, receiver } = serviceWithReceiver({ clock: () => now })

beforeEach(() => {
  now = Date.now()
})

const create = async (more: object = {}) =>
  (
    await service.api<WebhookCreated>('POST', '/webhooks', {
      type: 'pre_approval',
      name: 'W',
      endpoint_url: receiver.url,
      ...more,
    })
  ).body
const rotate = (id: string, body: object = {}) =>
  service.api<WebhookCreated & Pick<Problem, 'errors'>>('POST', `/webhooks/${id}/rotate-signing-secret`, body)
/** Sends once; what the receiver got. */
async function send({ id }: { id: string }) {
  const sent = await service.api<DeliveryRead>('POST', `/webhooks/${id}/invoke`, { payload: { a: 1 } })
  expect(sent.body.status).toBe('succeeded')
  const got = receiver.received.at(-1)
  if (!got) throw new Error('nothing was received')
  return { headers: got.headers as Record<string, string>, body: got.body }
}
/** Whether the official library takes it with this secret. */
function takes(secret: string, { headers, body }: Awaited<ReturnType<typeof send>>): boolean {
  try {
    new OfficialLibrary(secret).verify(body, headers)
    return true
  } catch {
    return false
  }
}
const publicKeys = async () =>
  (
    (await (await fetch(`${service.url}/.well-known/keyhook-keys.json`)).json()) as {
      keys: { webhook_id: string; public_key: string; retires_at: string | null }[]
    }
  ).keys

describe('rotation of the signing secret', () => {
  test('during the overlap both secrets verify, afterwards the new one only', async () => {
    const webhook = await create()
    const rotated = await rotate(webhook.id, { overlap_seconds: 60 })
    expect(rotated.body.signing_secret).toMatch(/^whsec_/)
    expect(rotated.body.signing_secret).not.toBe(webhook.signing_secret)
    expect(Date.parse(rotated.body.signing.rotating_until ?? '')).toBe(now + 60_000)
    const during = await send(webhook)
    expect([takes(webhook.signing_secret, during), takes(rotated.body.signing_secret, during)]).toEqual([
      true,
      true,
    ])
    now += 61_000
    const after = await send(webhook)
    const secondsAhead = Math.floor(now / 1000)
    const still = (secret: string) =>
      verify([Buffer.from(secret.replace('whsec_', ''), 'base64')], after.headers, after.body, secondsAhead)
        .ok
    expect([still(webhook.signing_secret), still(rotated.body.signing_secret)]).toEqual([false, true])
    const read = await service.api<WebhookCreated>('GET', `/webhooks/${webhook.id}`)
    expect(read.body.signing.rotating_until).toBeNull()
    await expect
      .poll(
        async () =>
          (
            await service.ctx.db
              .selectFrom('signing_keys')
              .selectAll()
              .where('webhook_id', '=', webhook.id)
              .execute()
          ).length,
        { timeout: 15_000 },
      )
      .toBe(1)
  })

  test('with an overlap of 0 the old secret stops at once', async () => {
    const webhook = await create()
    const rotated = await rotate(webhook.id, { overlap_seconds: 0 })
    const sent = await send(webhook)
    expect([takes(webhook.signing_secret, sent), takes(rotated.body.signing_secret, sent)]).toEqual([
      false,
      true,
    ])
  })

  test('twice in one overlap ends the oldest', async () => {
    const webhook = await create()
    const first = await rotate(webhook.id)
    const second = await rotate(webhook.id)
    const sent = await send(webhook)
    expect(
      [webhook.signing_secret, first.body.signing_secret, second.body.signing_secret].map((secret) =>
        takes(secret, sent),
      ),
    ).toEqual([false, true, true])
  })

  test('a secret can be given; a wrong one is refused and changes nothing', async () => {
    const webhook = await create()
    const given = `whsec_${Buffer.alloc(32, 7).toString('base64')}`
    for (const [body, pointer] of [
      [{ signing_secret: 'whsec_short' }, '/signing_secret'],
      [{ overlap_seconds: -1 }, '/overlap_seconds'],
      [{ overlap_seconds: 2_592_001 }, '/overlap_seconds'],
      [{ overlap: 3 }, '/overlap'],
    ] as const) {
      const refused = await rotate(webhook.id, body)
      expect(refused.status).toBe(422)
      expect(refused.body.errors).toMatchObject([{ pointer }])
    }
    expect(takes(webhook.signing_secret, await send(webhook))).toBe(true)
    expect((await rotate(webhook.id, { signing_secret: given })).body.signing_secret).toBe(given)
    expect(takes(given, await send(webhook))).toBe(true)
    expect((await rotate('wh_x')).status).toBe(404)
  })
})

describe('Ed25519 signatures', () => {
  test('come beside HMAC, verify with the published key, and rotate with it', async () => {
    const webhook = await create({ v1a_signature: true })
    const key = webhook.signing.public_key ?? ''
    expect(await publicKeys()).toContainEqual({ webhook_id: webhook.id, public_key: key, retires_at: null })
    const sent = await send(webhook)
    expect(sent.headers['webhook-signature']).toMatch(/^v1,\S+ v1a,\S+$/)
    expect(takes(webhook.signing_secret, sent)).toBe(true)
    const check = (text: string, message = sent) =>
      verify([], message.headers, message.body, Math.floor(now / 1000), [
        parseSigningPublicKey(text) ?? new Uint8Array(32),
      ]).ok
    expect(check(key)).toBe(true)
    expect(check(key, { ...sent, body: Buffer.from('{}') })).toBe(false)

    const rotated = await rotate(webhook.id)
    const next = rotated.body.signing.public_key ?? ''
    expect(next).not.toBe(key)
    const both = await send(webhook)
    expect([check(key, both), check(next, both)]).toEqual([true, true])
    expect((await publicKeys()).filter((one) => one.webhook_id === webhook.id).length).toBe(2)
  })

  test('can be switched on and off; switched on again the key is the same', async () => {
    const webhook = await create()
    expect(webhook.signing.public_key).toBeNull()
    const patch = async (v1a_signature: boolean | null) =>
      (await service.api<WebhookCreated>('PATCH', `/webhooks/${webhook.id}`, { v1a_signature })).body
    const on = await patch(true)
    expect(on.signing.public_key).toMatch(/^whpk_/)
    await patch(null)
    expect((await send(webhook)).headers['webhook-signature']).not.toContain('v1a,')
    expect((await patch(true)).signing.public_key).toBe(on.signing.public_key)
  })
})
