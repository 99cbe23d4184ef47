import type { DeliveryRead, DeliverySummary } from '@keyhook/contract/api/delivery.ts'
import type { Problem } from '@keyhook/contract/api/problem.ts'
import type { WebhookCreated, WebhookRead } from '@keyhook/contract/api/webhook.ts'
import { examplePayload } from '@keyhook/contract/example-payload.ts'
import { type WebhookType, webhookTypes } from '@keyhook/contract/webhook-type.ts'
import { Webhook } from 'standardwebhooks'
import { describe, expect, test } from 'vitest'
import { sealHeaders } from '../../src/webhooks/webhook-secrets.ts'
import { startRawReceiver } from '../support/raw-receiver.ts'
import { type Answer, json, startReceiver } from '../support/receiver.ts'
import { serviceWithReceiver } from '../support/service-with-receiver.ts'

const { service, receiver } = serviceWithReceiver()

const inlineTypes = webhookTypes.filter((type) => type !== 'siem')
const secretHeader = { name: 'X-Api-Key', value: 'super-secret-value-1' }

function create(type: WebhookType, more: object = {}) {
  return service.api<WebhookCreated>('POST', '/webhooks', {
    type,
    name: `My ${type}`,
    endpoint_url: receiver.url,
    headers: [secretHeader],
    ...more,
  })
}

/** A webhook with a secret that no text which is cut holds as a whole. */
async function withLongSecret() {
  const secret = `begin-of-a-long-secret/${'0123456789'.repeat(30)}`
  const made = await create('pre_approval', { headers: [{ name: 'x-long', value: secret }] })
  return { secret, webhook: made.body }
}

describe('test', () => {
  test.each(webhookTypes)(
    'sends the complete example of a %s webhook, signed, with its headers, marked as a test',
    async (type) => {
      // Enabled, a SIEM webhook would be sent the log as well.
      const webhook = (await create(type, { enabled: type !== 'siem' })).body
      const tested = await service.api<DeliveryRead>('POST', `/webhooks/${webhook.id}/test`, {})
      expect(tested.status).toBe(200)
      expect(tested.body).toMatchObject({
        webhook_id: webhook.id,
        webhook_type: type,
        test: true,
        status: 'succeeded',
        outcome: { status: 'succeeded', decision: type === 'siem' ? null : true },
      })
      expect(receiver.received).toHaveLength(1)
      const [got] = receiver.received
      expect(got).toMatchObject({ method: 'POST', path: '/hook' })
      expect(got?.headers).toMatchObject({
        'content-type': 'application/json',
        'user-agent': expect.stringMatching(/^keyhook\/\d/),
        'accept-encoding': 'identity',
        'webhook-id': tested.body.id,
        'keyhook-webhook-type': type,
        'keyhook-payload-version': '1',
        traceparent: expect.stringMatching(/^00-[0-9a-f]{32}-[0-9a-f]{16}-01$/),
        'x-api-key': secretHeader.value,
      })
      const payload = JSON.parse(String(got?.body))
      expect(payload).toMatchObject({ ...examplePayload(type), test: true })
      expect(
        new Webhook(webhook.signing_secret).verify(String(got?.body), got?.headers as Record<string, string>),
      ).toBeTruthy()
    },
  )

  test('answers with what was sent, what came back, the times and the rule, secrets masked', async () => {
    const webhook = (await create('pre_approval')).body
    receiver.answerWith(json(200, { output: { response: false, message: 'No' }, response: true }))
    const { body, text } = await service.api<DeliveryRead>('POST', `/webhooks/${webhook.id}/test`, {})
    const [attempt] = body.attempts
    expect(attempt?.request.headers).toContainEqual({ name: 'X-Api-Key', value: '••••••' })
    expect(attempt?.request.headers.map((header) => header.name)).toContain('webhook-signature')
    expect(JSON.parse(attempt?.request.body ?? '')).toMatchObject({ test: true })
    expect(attempt?.response).toMatchObject({ status: 200, truncated: false })
    expect(attempt?.timings.total_ms).toBeGreaterThan(0)
    expect(body.outcome).toMatchObject({ status: 'succeeded', decision: false, message: 'No' })
    expect(body.outcome?.explanation).toContain('output.response')
    expect(text).not.toContain(secretHeader.value)
  })

  test('sends an edited payload, but never without the mark of a test', async () => {
    const webhook = (await create('provisioning')).body
    await service.api('POST', `/webhooks/${webhook.id}/test`, { payload: { mine: 1, test: false } })
    expect(JSON.parse(String(receiver.received[0]?.body))).toMatchObject({
      mine: 1,
      test: true,
      webhook_type: 'provisioning',
    })
  })

  test('works before saving, with the signing secret that the form holds', async () => {
    const signing_secret = `whsec_${Buffer.alloc(32, 9).toString('base64')}`
    const draft = {
      type: 'request_validation',
      name: 'Draft',
      endpoint_url: receiver.url,
      headers: [secretHeader],
      signing_secret,
    }
    const { status, body } = await service.api<DeliveryRead>('POST', '/webhooks/test', { webhook: draft })
    expect(status).toBe(200)
    expect(body).toMatchObject({ webhook_id: null, webhook_name: 'Draft', test: true, status: 'succeeded' })
    const [got] = receiver.received
    expect(
      new Webhook(signing_secret).verify(String(got?.body), got?.headers as Record<string, string>),
    ).toBeTruthy()
    expect((await service.api<DeliveryRead>('GET', `/deliveries/${body.id}`)).body).toEqual({
      ...body,
      access_request_id: null,
    })
  })

  test('of a saved webhook that is being edited uses its stored header values, but only for the same origin', async () => {
    const webhook = (await create('pre_approval')).body
    const draft = {
      type: 'pre_approval',
      name: 'Edited',
      endpoint_url: receiver.url,
      headers: [{ name: 'X-Api-Key' }],
    }
    const tested = await service.api('POST', '/webhooks/test', { webhook: draft, webhook_id: webhook.id })
    expect(tested.status).toBe(200)
    expect(receiver.received[0]?.headers['x-api-key']).toBe(secretHeader.value)
    const other = await startReceiver()
    const elsewhere = await service.api<Problem>('POST', '/webhooks/test', {
      webhook: { ...draft, endpoint_url: other.url },
      webhook_id: webhook.id,
    })
    expect(elsewhere.status).toBe(422)
    expect(elsewhere.body.errors[0]?.pointer).toBe('/webhook/headers/0/value')
    expect(other.received).toHaveLength(0)
    await other.close()
  })

  test('works on a disabled webhook', async () => {
    const webhook = (await create('deprovisioning', { enabled: false })).body
    expect((await service.api('POST', `/webhooks/${webhook.id}/test`, {})).body).toMatchObject({
      status: 'succeeded',
    })
  })

  test.each<[string, object, string]>([
    ['a payload that is a list', { payload: [] }, '/payload'],
    ['a payload that is text', { payload: 'x' }, '/payload'],
    ['an unknown member', { body: {} }, '/body'],
  ])('refuses %s', async (_what, body, pointer) => {
    const webhook = (await create('pre_approval')).body
    const refused = await service.api<Problem>('POST', `/webhooks/${webhook.id}/test`, body)
    expect(refused.status).toBe(422)
    expect(refused.body.errors[0]?.pointer).toBe(pointer)
    expect(receiver.received).toHaveLength(0)
  })
})

describe('invoke', () => {
  test.each(inlineTypes)(
    'sends the payload of the caller to a %s webhook and answers with the decision',
    async (type) => {
      const webhook = (await create(type)).body
      const payload = { ticket: 'T-1', big: 1, nested: { __proto__: null } }
      const { status, body } = await service.api<DeliveryRead>('POST', `/webhooks/${webhook.id}/invoke`, {
        payload,
      })
      expect(status).toBe(200)
      expect(body).toMatchObject({ test: false, status: 'succeeded', outcome: { decision: true } })
      expect(JSON.parse(String(receiver.received[0]?.body))).toEqual({
        ...payload,
        nested: {},
        webhook_type: type,
        delivery_id: body.id,
        test: false,
        sent_at: expect.stringMatching(/^\d{4}-.*Z$/),
      })
    },
  )

  test('adds only what the caller did not set, and changes no number', async () => {
    const webhook = (await create('pre_approval')).body
    const raw = '{"payload":{"delivery_id":"mine","id":9007199254740993,"big":1e400,"__proto__":{"x":1}}}'
    await service.api('POST', `/webhooks/${webhook.id}/invoke`, undefined, { raw })
    const sent = String(receiver.received[0]?.body)
    expect(sent).toContain('"id":9007199254740993')
    expect(sent).toContain('"big":1e400')
    expect(sent).toContain('"__proto__":{"x":1}')
    expect(sent).toContain('"delivery_id":"mine"')
  })

  test('passes the trace of the caller on', async () => {
    const webhook = (await create('pre_approval')).body
    const trace = '0af7651916cd43dd8448eb211c80319c'
    await service.api(
      'POST',
      `/webhooks/${webhook.id}/invoke`,
      { payload: {} },
      {
        headers: { traceparent: `00-${trace}-b7ad6b7169203331-01` },
      },
    )
    expect(receiver.received[0]?.headers.traceparent).toMatch(new RegExp(`^00-${trace}-[0-9a-f]{16}-01$`))
  })

  const slow: Answer = () => {}
  test.each<[string, Answer, string]>([
    ['an error status', json(500, {}), 'http_status'],
    ['a redirect', (_r, s) => s.writeHead(302, { location: 'http://127.0.0.1:1/' }).end(), 'redirect'],
    ['no answer in time', slow, 'timeout'],
    ['a closed connection', (_r, s) => void s.destroy(), 'connection'],
    ['an empty 200', json(200), 'missing_response'],
    ['JSON without response', json(200, { ok: true }), 'missing_response'],
    ['a response that is a number', json(200, { response: 1 }), 'invalid_response'],
    ['HTML', (_r, s) => s.writeHead(200, { 'content-type': 'text/html' }).end('<html>'), 'invalid_json'],
    ['a gzip body', (_r, s) => s.writeHead(200, { 'content-encoding': 'gzip' }).end('x'), 'encoding'],
    ['more than 1 MiB', (_r, s) => s.writeHead(200).end(Buffer.alloc(1_100_000, 32)), 'body_too_large'],
  ])('answers 200 with a failed delivery for %s', async (_what, answer, failure_reason) => {
    const webhook = (await create('request_validation', { time_limit_ms: 1_000 })).body
    receiver.answerWith(answer)
    const { status, body } = await service.api<DeliveryRead>('POST', `/webhooks/${webhook.id}/invoke`, {
      payload: {},
    })
    expect(status).toBe(200)
    expect(body).toMatchObject({ status: 'failed', outcome: { status: 'failed', failure_reason } })
    expect(body.outcome).toMatchObject({ docs_url: `${service.url}/docs/protocol#${failure_reason}` })
    expect(receiver.received).toHaveLength(1)
    const stored = await service.api<DeliveryRead>('GET', `/deliveries/${body.id}`)
    expect(stored.body).toEqual({ ...body, access_request_id: null })
  })

  test('an answer whose end only the connection tells is read, and the attempt says so', async () => {
    const raw = await startRawReceiver((socket) => socket.end('HTTP/1.1 200 OK\r\n\r\n{"response":true}'))
    const { id } = (await create('pre_approval', { endpoint_url: raw.url })).body
    const { body } = await service.api<DeliveryRead>('POST', `/webhooks/${id}/invoke`, { payload: {} })
    await raw.close()
    expect(body.outcome).toMatchObject({ status: 'succeeded', decision: true })
    expect(body.attempts[0]?.outcome?.explanation).toMatch(/neither a content-length nor chunks/)
  })

  test('a receiver that nobody runs is a failed delivery', async () => {
    const webhook = (await create('pre_approval', { endpoint_url: 'http://127.0.0.1:9/' })).body
    const { body } = await service.api<DeliveryRead>('POST', `/webhooks/${webhook.id}/invoke`, {
      payload: {},
    })
    expect(body).toMatchObject({
      status: 'failed',
      outcome: { failure_reason: 'connection' },
      attempts: [{ response: null }],
    })
  })

  test('a disabled webhook fails at once, without an attempt', async () => {
    const webhook = (await create('pre_approval', { enabled: false })).body
    const { status, body } = await service.api<DeliveryRead>('POST', `/webhooks/${webhook.id}/invoke`, {
      payload: {},
    })
    expect(status).toBe(200)
    expect(body).toMatchObject({
      status: 'failed',
      outcome: { failure_reason: 'webhook_disabled' },
      attempts: [],
    })
    expect(receiver.received).toHaveLength(0)
  })

  test.each([
    ...['content-type', 'Content-Encoding', 'accept-encoding', 'proxy-authorization', 'webhook-id'],
    ...['keyhook-webhook-type', 'user-agent', 'traceparent', 'host'],
  ])('a webhook whose row got the header %s sends nothing', async (name) => {
    const { id } = (await create('pre_approval')).body
    const headers = JSON.stringify(sealHeaders(service.ctx.secretBox, id, [{ name, value: 'super-secret' }]))
    await service.ctx.db.updateTable('webhooks').set({ headers }).where('id', '=', id).execute()
    const failed = await service.api<DeliveryRead>('POST', `/webhooks/${id}/invoke`, { payload: {} })
    expect(failed.body.outcome).toMatchObject({
      status: 'failed',
      failure_reason: 'protocol',
      explanation: expect.stringContaining(`The header "${name}" cannot be set`),
    })
    expect(failed.text).not.toContain('super-secret')
    expect(receiver.received).toEqual([])
  })

  test('a SIEM webhook cannot be invoked', async () => {
    const webhook = (await create('siem', { enabled: false })).body
    const refused = await service.api('POST', `/webhooks/${webhook.id}/invoke`, { payload: {} })
    expect(refused.body).toMatchObject({ status: 409, code: 'webhook_not_invokable' })
    expect(receiver.received).toHaveLength(0)
  })

  test.each<[string, object]>([
    ['no payload', {}],
    ['a null payload', { payload: null }],
    ['an unknown member', { payload: {}, dry: true }],
  ])('refuses %s', async (_what, body) => {
    const webhook = (await create('pre_approval')).body
    expect((await service.api('POST', `/webhooks/${webhook.id}/invoke`, body)).status).toBe(422)
    expect(receiver.received).toHaveLength(0)
  })

  test('takes a secret out of what the receiver echoes', async () => {
    const webhook = (await create('pre_approval')).body
    receiver.answerWith((request, response) => {
      const value = String(request.headers['x-api-key'])
      response.setHeader('x-echo', value)
      response.end(
        JSON.stringify({
          response: true,
          message: `got ${value}`,
          encoded: Buffer.from(value).toString('base64'),
        }),
      )
    })
    const { body, text } = await service.api<DeliveryRead>('POST', `/webhooks/${webhook.id}/invoke`, {
      payload: {},
    })
    expect(body).toMatchObject({ outcome: { message: 'got ••••••' } })
    expect(text).not.toContain(secretHeader.value)
    expect(text).not.toContain(Buffer.from(secretHeader.value).toString('base64'))
  })

  test.each<[string, (secret: string) => [status: number, body: string]]>([
    ['a text where the decision should be', (secret) => [200, JSON.stringify({ response: secret })]],
    ['plain text', (secret) => [200, `Unknown key ${secret}`]],
    ['form data', (secret) => [200, `key=${encodeURIComponent(secret)}`]],
    ['the title of a page', (secret) => [200, `<html><title>Key ${secret}</title></html>`]],
    ['a key', (secret) => [200, JSON.stringify({ response: { [secret]: 1 } })]],
    ['an error', (secret) => [200, JSON.stringify({ error: `Wrong ${secret}` })]],
    [
      'a message that is cut',
      (secret) => [200, JSON.stringify({ response: true, message: 'a'.repeat(1_970) + secret })],
    ],
    ['a body that is cut', (secret) => [500, 'a'.repeat(65_500) + secret]],
    ['a body of which more is kept', (secret) => [500, 'b'.repeat(65_500) + secret + 'b'.repeat(200_000)]],
  ])('takes it out of %s before that is cut, so that no beginning of it stays', async (_what, answerOf) => {
    const { secret, webhook } = await withLongSecret()
    receiver.answerWith((_request, response) => {
      const [status, body] = answerOf(secret)
      response.writeHead(status).end(body)
    })
    const { text } = await service.api('POST', `/webhooks/${webhook.id}/invoke`, { payload: {} })
    expect(text).toContain('••')
    expect(text).not.toContain('begin-of')
  })

  test('takes out the beginning of a secret where the answer broke off', async () => {
    const { secret, webhook } = await withLongSecret()
    receiver.answerWith((_request, response) => {
      response.writeHead(200, { 'content-length': 1_000 })
      response.write(`got ${secret.slice(0, 20)}`, () => response.destroy())
    })
    const { body, text } = await service.api<DeliveryRead>('POST', `/webhooks/${webhook.id}/invoke`, {
      payload: {},
    })
    expect(body.status).toBe('failed')
    expect(text).toContain('got ••••••')
    expect(text).not.toContain('begin-of')
  })

  test('50 at once each get their own answer', async () => {
    const webhook = (await create('pre_approval')).body
    receiver.answerWith((request, response) => {
      const { n } = JSON.parse(String(request.body))
      response.end(JSON.stringify({ response: true, message: `n=${n}` }))
    })
    const answers = await Promise.all(
      Array.from({ length: 50 }, (_, n) =>
        service.api<DeliveryRead>('POST', `/webhooks/${webhook.id}/invoke`, { payload: { n } }),
      ),
    )
    expect(answers.map((answer) => (answer.body.outcome as { message: string }).message)).toEqual(
      Array.from({ length: 50 }, (_, n) => `n=${n}`),
    )
    expect(receiver.received).toHaveLength(50)
  })
})

describe('read', () => {
  test('lists by webhook, type, status, test and time, the newest first', async () => {
    const webhook = (await create('provisioning')).body
    const test1 = (await service.api<DeliveryRead>('POST', `/webhooks/${webhook.id}/test`, {})).body
    receiver.answerWith(json(500, {}))
    const failed = (
      await service.api<DeliveryRead>('POST', `/webhooks/${webhook.id}/invoke`, { payload: {} })
    ).body
    const ids = async (query: string) => {
      const page = await service.api<{ data: DeliverySummary[] }>(
        'GET',
        `/deliveries?webhook_id=${webhook.id}&${query}`,
      )
      expect(page.status).toBe(200)
      return page.body.data.map((delivery) => delivery.id)
    }
    expect(await ids('')).toEqual([failed.id, test1.id])
    expect(await ids('status=failed')).toEqual([failed.id])
    expect(await ids('test=true')).toEqual([test1.id])
    expect(await ids('test=false')).toEqual([failed.id])
    expect(await ids('type=siem')).toEqual([])
    expect(await ids('type=provisioning&limit=1')).toEqual([failed.id])
    expect(await ids(`to=${new Date(Date.parse(test1.created_at) - 1).toISOString()}`)).toEqual([])
    expect(await ids(`from=${test1.created_at}`)).toEqual([failed.id, test1.id])
    const read = (await service.api<WebhookRead>('GET', `/webhooks/${webhook.id}`)).body
    expect(read.recent_deliveries.map(({ id, status }) => [id, status])).toEqual([
      [failed.id, 'failed'],
      [test1.id, 'succeeded'],
    ])
  })

  test('deliveries of a deleted webhook still read well', async () => {
    const webhook = (await create('provisioning')).body
    const delivery = (
      await service.api<DeliveryRead>('POST', `/webhooks/${webhook.id}/invoke`, { payload: {} })
    ).body
    await service.api('DELETE', `/webhooks/${webhook.id}`)
    expect((await service.api<DeliveryRead>('GET', `/deliveries/${delivery.id}`)).body).toEqual({
      ...delivery,
      access_request_id: null,
    })
  })

  test('a webhook with a delivery in progress is not deleted', async () => {
    const webhook = (await create('provisioning')).body
    let release = () => {}
    receiver.answerWith((_request, response) => {
      release = () => response.writeHead(204).end()
    })
    const invoked = service.api<DeliveryRead>('POST', `/webhooks/${webhook.id}/invoke`, { payload: {} })
    await expect.poll(() => receiver.received.length).toBe(1)
    const refused = await service.api('DELETE', `/webhooks/${webhook.id}`)
    expect(refused.body).toMatchObject({ status: 409, code: 'webhook_in_use' })
    release()
    expect((await invoked).body).toMatchObject({ status: 'succeeded', outcome: { decision: true } })
  })

  test('answers 404 for a delivery that does not exist', async () => {
    expect((await service.api('GET', '/deliveries/dlv_nope')).body).toMatchObject({ status: 404 })
  })

  test.each(['status=done', 'test=maybe', 'from=yesterday', 'type=x', 'limit=-1', 'page=2'])(
    'refuses ?%s',
    async (query) => {
      expect((await service.api('GET', `/deliveries?${query}`)).status).toBe(422)
    },
  )
})
