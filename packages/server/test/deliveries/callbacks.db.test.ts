import type { DeliveryRead } from '@keyhook/contract/api/delivery.ts'
import type { Problem } from '@keyhook/contract/api/problem.ts'
import type { WebhookCreated } from '@keyhook/contract/api/webhook.ts'
import { sign } from '@keyhook/contract/signature.ts'
import { parseSigningSecret } from '@keyhook/contract/signing-secret.ts'
import { beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { startTestService } from '../support/harness.ts'
import { json } from '../support/receiver.ts'
import { serviceWithReceiver } from '../support/service-with-receiver.ts'

let now = Date.now()
const { service, receiver } = serviceWithReceiver({ clock: () => now })
let webhook: WebhookCreated

beforeAll(async () => {
  webhook = (
    await service.api<WebhookCreated>('POST', '/webhooks', {
      type: 'pre_approval',
      name: 'Late',
      endpoint_url: receiver.url,
      callback_deadline_seconds: 3_600,
    })
  ).body
})
beforeEach(() => {
  now = Date.now()
  receiver.answerWith(json(202, { callback: true }))
})

const invoke = (headers: Record<string, string> = {}) =>
  service.api<DeliveryRead>('POST', `/webhooks/${webhook.id}/invoke`, { payload: { a: 1 } }, { headers })
const read = async (id: string) => (await service.api<DeliveryRead>('GET', `/deliveries/${id}`)).body
const urlOf = (delivery: DeliveryRead) => JSON.parse(delivery.payload).callback_url as string
const tokenOf = (delivery: DeliveryRead) => urlOf(delivery).split('/').at(-1) ?? ''
const call = (
  token: string,
  body: unknown = { response: true, message: 'late' },
  headers: Record<string, string> = {},
) =>
  service.api<Problem>('POST', `/callbacks/${token}`, undefined, {
    key: null,
    raw: typeof body === 'string' ? body : JSON.stringify(body),
    headers,
  })

describe('a late answer', () => {
  test('202 with {"callback": true} makes the delivery wait, and invoke returns at once with where to look', async () => {
    const answer = await invoke()
    expect(answer.status).toBe(200)
    expect(answer.body).toMatchObject({ status: 'awaiting_callback', outcome: null })
    expect(answer.headers.get('location')).toBe(`/api/v1/deliveries/${answer.body.id}`)
    expect(answer.body.attempts).toMatchObject([{ outcome: null, response: { status: 202 } }])
    expect(Date.parse(answer.body.callback?.deadline_at ?? '')).toBe(now + 3_600_000)
    expect(urlOf(answer.body)).toMatch(/^http:\/\/127\.0\.0\.1:\d+\/api\/v1\/callbacks\/[\w-]{43}$/)
  })

  test('is read by the same rules, needs no key, and ends the delivery', async () => {
    const { body } = await invoke()
    expect((await call(tokenOf(body), { output: { response: 'TRUE' } })).status).toBe(204)
    const ended = await read(body.id)
    expect(ended).toMatchObject({ status: 'succeeded', outcome: { decision: true } })
    expect(ended.callback?.body).toBe('{"output":{"response":"TRUE"}}')
  })

  test('Prefer: wait waits for it', async () => {
    const pending = invoke({ prefer: 'wait=20' })
    await expect.poll(() => receiver.received.length).toBe(1)
    const token = JSON.parse(receiver.received[0]?.body.toString() ?? '{}')
      .callback_url.split('/')
      .at(-1)
    expect((await call(token)).status).toBe(204)
    expect((await pending).body).toMatchObject({
      status: 'succeeded',
      outcome: { decision: true, message: 'late' },
    })
  })

  test('a second one gets 409 and changes nothing', async () => {
    const { body } = await invoke()
    await call(tokenOf(body), { response: true })
    const second = await call(tokenOf(body), { response: false })
    expect([second.status, second.body.code]).toEqual([409, 'callback_already_answered'])
    expect((await read(body.id)).outcome).toMatchObject({ decision: true })
  })

  test('of fifty at once one counts', async () => {
    const { body } = await invoke()
    const answers = await Promise.all(
      Array.from({ length: 50 }, (_, index) =>
        call(tokenOf(body), { response: index % 2 === 0, message: `${index}` }),
      ),
    )
    const taken = answers.filter((answer) => answer.status === 204)
    expect(taken.length).toBe(1)
    const winner = answers.findIndex((answer) => answer.status === 204)
    expect((await read(body.id)).outcome).toMatchObject({ decision: winner % 2 === 0, message: `${winner}` })
  })

  test('one that cannot be read gets 422 with the reason, and can be sent again', async () => {
    const { body } = await invoke()
    for (const bad of ['', '{', '[]', '{"response": 7}', '{"reply": true}', '\u0000', `${'['.repeat(100)}`]) {
      const answer = await call(tokenOf(body), bad)
      expect([answer.status, answer.body.code], bad).toEqual([422, 'callback_unreadable'])
      expect(answer.body.detail).not.toContain('endpoint answered')
    }
    expect((await call(tokenOf(body), '{"reply": true}')).body.detail).toMatch(/^The callback came with JSON/)
    expect((await read(body.id)).status).toBe('awaiting_callback')
    expect((await call(tokenOf(body))).status).toBe(204)
  })

  test('one that is too large gets 413', async () => {
    const { body } = await invoke()
    const answer = await call(tokenOf(body), { response: true, message: 'x'.repeat(1_100_000) })
    expect([answer.status, answer.body.code]).toEqual([413, 'body_too_large'])
    expect((await read(body.id)).status).toBe('awaiting_callback')
  })

  test('one after the deadline gets 410, and the delivery ends as a timeout', async () => {
    const { body } = await invoke()
    now += 3_600_001
    const late = await call(tokenOf(body))
    expect([late.status, late.body.code]).toEqual([410, 'callback_expired'])
    await expect.poll(async () => (await read(body.id)).status, { timeout: 15_000 }).toBe('failed')
    expect((await read(body.id)).outcome).toMatchObject({ failure_reason: 'timeout' })
    expect((await call(tokenOf(body))).body.code).toBe('callback_expired')
  })

  test('a forged or foreign token gets the same 404 whatever it is', async () => {
    const { body } = await invoke()
    const token = tokenOf(body)
    const flipped = `${token.slice(0, -2)}${token.at(-2) === 'A' ? 'B' : 'A'}${token.at(-1)}`
    const details = new Set<string>()
    for (const forged of [flipped, 'x', 'A'.repeat(43), '%00', body.id, token.slice(1)]) {
      const answer = await call(forged)
      expect([404, 400], forged).toContain(answer.status)
      if (answer.status === 404) details.add(answer.body.detail)
    }
    expect(details.size).toBe(1)
    expect((await read(body.id)).status).toBe('awaiting_callback')
  })

  test('a signature is checked when there is one', async () => {
    const { body } = await invoke()
    const parsed = parseSigningSecret(webhook.signing_secret)
    const secrets = parsed.ok ? [parsed.bytes] : []
    const text = '{"response":true}'
    const seconds = Math.floor(now / 1000)
    const headers = (signed: string) => ({
      'webhook-id': 'cb_1',
      'webhook-timestamp': String(seconds),
      'webhook-signature': sign({ secrets, privateKeys: [] }, 'cb_1', seconds, Buffer.from(signed)),
    })
    expect((await call(tokenOf(body), text, headers('{"response":false}'))).status).toBe(404)
    expect((await call(tokenOf(body), text, headers(text))).status).toBe(204)
  })

  test('one that comes before the first answer waits for it', async () => {
    receiver.answerWith((request, response) => {
      const url = JSON.parse(request.body.toString()).callback_url as string
      const early = call(url.split('/').at(-1) ?? '')
      setTimeout(() => json(202, { callback: true })(request, response), 300)
      early.then((answer) => expect(answer.status).toBe(204))
    })
    const { body } = await invoke()
    await expect.poll(async () => (await read(body.id)).status).toBe('succeeded')
  })

  test('a webhook that does not allow it reads 202 like any other answer', async () => {
    const made = await service.api<WebhookCreated>('POST', '/webhooks', {
      type: 'pre_approval',
      name: 'Now',
      endpoint_url: receiver.url,
    })
    const answer = await service.api<DeliveryRead>('POST', `/webhooks/${made.body.id}/invoke`, {
      payload: {},
    })
    expect(answer.body.outcome).toMatchObject({ status: 'failed', failure_reason: 'missing_response' })
    expect(JSON.parse(answer.body.payload).callback_url).toBeUndefined()
  })

  test.each([{ callback: 'true' }, { callback: 1 }, {}, [{ callback: true }]])(
    '202 with %j is no promise',
    async (body) => {
      receiver.answerWith(json(202, body))
      expect((await invoke()).body.outcome).toMatchObject({ failure_reason: 'missing_response' })
    },
  )

  test('a test with the payload of a past delivery is a delivery of its own, without the address of the past one', async () => {
    const past = (await invoke()).body
    const payload = JSON.parse(past.payload)
    const plain = await service.api<WebhookCreated>('POST', '/webhooks', {
      type: 'pre_approval',
      name: 'At once',
      endpoint_url: receiver.url,
    })
    receiver.answerWith(json(200, { response: true }))
    for (const id of [plain.body.id, webhook.id]) {
      const tested = await service.api<DeliveryRead>('POST', `/webhooks/${id}/test`, { payload })
      const sent = JSON.parse(String(receiver.received.at(-1)?.body))
      expect(sent).toMatchObject({ a: 1, test: true, delivery_id: tested.body.id })
      expect(sent.callback_url).not.toBe(payload.callback_url)
      if (id === plain.body.id) expect(sent.callback_url).toBeNull()
    }
    expect((await read(past.id)).status).toBe('awaiting_callback')
  })

  test('a SIEM webhook cannot allow it', async () => {
    const made = await service.api<Problem>('POST', '/webhooks', {
      type: 'siem',
      name: 'S',
      endpoint_url: receiver.url,
      callback_deadline_seconds: 600,
    })
    expect(made.body.errors).toMatchObject([{ pointer: '/callback_deadline_seconds' }])
  })

  test('waits over a restart', async () => {
    const other = await startTestService()
    const made = await other.api<WebhookCreated>('POST', '/webhooks', {
      type: 'provisioning',
      name: 'Late',
      endpoint_url: receiver.url,
      callback_deadline_seconds: 3_600,
    })
    const { body } = await other.api<DeliveryRead>('POST', `/webhooks/${made.body.id}/invoke`, {
      payload: {},
    })
    expect(body.status).toBe('awaiting_callback')
    const again = await other.restart()
    const answer = await again.api('POST', `/callbacks/${tokenOf(body)}`, { response: false }, { key: null })
    expect(answer.status).toBe(204)
    const ended = await again.api<DeliveryRead>('GET', `/deliveries/${body.id}`)
    expect(ended.body.outcome).toMatchObject({ status: 'succeeded', decision: false })
    await again.stop()
    await other.stop().catch(() => {})
  })
})

describe('a late answer that repeats what was sent', () => {
  const sealedOf = async (id: string) =>
    (
      await service.ctx.db
        .selectFrom('callbacks')
        .select('sealed_secrets')
        .where('delivery_id', '=', id)
        .executeTakeFirst()
    )?.sealed_secrets

  async function awaited(): Promise<{ id: string; delivery: DeliveryRead; sent: string[] }> {
    const made = await service.api<WebhookCreated>('POST', '/webhooks', {
      type: 'pre_approval',
      name: 'Echo',
      endpoint_url: receiver.url,
      callback_deadline_seconds: 3_600,
      headers: [{ name: 'x-key', value: 'first/value+of<the>key' }],
      authentication: {
        type: 'oauth2_client_credentials',
        token_url: `${new URL(receiver.url).origin}/token`,
        client_id: 'c',
        client_secret: 'client-secret',
      },
    })
    receiver.answerWith((request, response) =>
      request.path === '/token'
        ? json(200, { access_token: 'token/only+of~this-attempt', token_type: 'bearer' })(request, response)
        : json(202, { callback: true })(request, response),
    )
    const { body } = await service.api<DeliveryRead>('POST', `/webhooks/${made.body.id}/invoke`, {
      payload: {},
    })
    expect(body.status).toBe('awaiting_callback')
    const headers = receiver.received.at(-1)?.headers ?? {}
    const sent = [String(headers['x-key']), String(headers.authorization).replace('Bearer ', '')]
    expect(sent).toEqual(['first/value+of<the>key', 'token/only+of~this-attempt'])
    return { id: made.body.id, delivery: body, sent }
  }

  test.each<[string, (id: string) => Promise<unknown>]>([
    ['the webhook is as it was', async () => {}],
    [
      'the header has another value by then',
      (id) =>
        service.api('PATCH', `/webhooks/${id}`, { headers: [{ name: 'x-key', value: 'second-value' }] }),
    ],
    ['the webhook is gone', (id) => service.api('DELETE', `/webhooks/${id}`)],
  ])('has it masked when %s', async (_when, change) => {
    const { id, delivery, sent } = await awaited()
    expect(Buffer.from((await sealedOf(delivery.id)) ?? []).toString('latin1')).not.toContain(sent[0])
    await change(id)
    const message = [...sent, ...sent.map(encodeURIComponent)].join(' ')
    expect((await call(tokenOf(delivery), { response: true, message })).status).toBe(204)
    const { text } = await service.api('GET', `/deliveries/${delivery.id}`)
    expect(text).toContain('•••••• •••••• •••••• ••••••')
    for (const value of sent) expect(text).not.toContain(value.slice(0, 8))
    expect(await sealedOf(delivery.id)).toBeNull()
  })

  test('is refused with it masked when it is no answer', async () => {
    const { delivery, sent } = await awaited()
    const refused = await call(tokenOf(delivery), { response: sent[1] })
    expect(refused.status).toBe(422)
    expect(refused.text).not.toContain(sent[1])
    expect(await sealedOf(delivery.id)).toBeInstanceOf(Uint8Array)
  })
})
