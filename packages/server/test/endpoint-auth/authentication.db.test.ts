import type { DeliveryRead } from '@keyhook/contract/api/delivery.ts'
import type { Problem } from '@keyhook/contract/api/problem.ts'
import type { WebhookCreated } from '@keyhook/contract/api/webhook.ts'
import { describe, expect, test } from 'vitest'
import { json } from '../support/receiver.ts'
import { serviceWithReceiver } from '../support/service-with-receiver.ts'

const { service, receiver } = serviceWithReceiver()

const body = (authentication: unknown, more: object = {}) => ({
  type: 'provisioning',
  name: 'W',
  endpoint_url: receiver.url,
  authentication,
  ...more,
})
const create = (authentication: unknown, more: object = {}) =>
  service.api<WebhookCreated & Pick<Problem, 'errors'>>('POST', '/webhooks', body(authentication, more))

describe('what the receiver gets', () => {
  test.each([
    [
      { type: 'header', name: 'X-Api-Key', value: 'key-of-the-receiver' },
      { 'x-api-key': 'key-of-the-receiver' },
    ],
    [
      { type: 'basic', username: 'ada', password: 'pass:word' },
      { authorization: `Basic ${Buffer.from('ada:pass:word').toString('base64')}` },
    ],
    [{ type: 'bearer', token: 'token-0123456789' }, { authorization: 'Bearer token-0123456789' }],
    [{ type: 'none' }, {}],
  ])('%j', async (authentication, expected) => {
    const made = await create(authentication)
    expect(made.status, made.text).toBe(201)
    const invoked = await service.api<DeliveryRead>('POST', `/webhooks/${made.body.id}/invoke`, {
      payload: {},
    })
    expect(receiver.received[0]?.headers).toMatchObject(expected)
    if (!('authorization' in expected)) expect(receiver.received[0]?.headers.authorization).toBeUndefined()
    for (const value of Object.values(expected)) expect(invoked.text).not.toContain(value)
    const read = await service.api('GET', `/webhooks/${made.body.id}`)
    for (const secret of ['key-of-the-receiver', 'pass:word', 'token-0123456789']) {
      expect(read.text + made.text).not.toContain(secret)
    }
  })

  test('AWS Signature Version 4, the headers of which are masked in what is stored', async () => {
    const made = await create({
      type: 'aws_signature_v4',
      region: 'eu-central-1',
      service: 'lambda',
      access_key_id: 'AKIAIOSFODNN7EXAMPLE',
      secret_access_key: 'aws-secret-access-key-0123456789',
    })
    const invoked = await service.api<DeliveryRead>('POST', `/webhooks/${made.body.id}/invoke`, {
      payload: {},
    })
    expect(receiver.received[0]?.headers).toMatchObject({
      authorization: expect.stringMatching(
        /^AWS4-HMAC-SHA256 Credential=AKIAIOSFODNN7EXAMPLE\/\d{8}\/eu-central-1\/lambda\/aws4_request, SignedHeaders=content-type;host;x-amz-content-sha256;x-amz-date, Signature=[0-9a-f]{64}$/,
      ),
    })
    expect(invoked.text).not.toContain(String(receiver.received[0]?.headers.authorization))
  })

  test('what the receiver sends back of it is masked in every form', async () => {
    const made = await create({ type: 'basic', username: 'ada', password: 'hunter2-hunter2' })
    receiver.answerWith((request, response) => {
      const password = 'hunter2-hunter2'
      json(200, {
        response: true,
        message: `${request.headers.authorization} ${password} ${Buffer.from(password).toString('hex')}`,
      })(request, response)
    })
    const invoked = await service.api('POST', `/webhooks/${made.body.id}/invoke`, { payload: {} })
    for (const form of ['hunter2', Buffer.from('ada:hunter2-hunter2').toString('base64'), '68756e7465723'])
      expect(invoked.text).not.toContain(form)
    expect(invoked.text).toContain('••••••')
  })

  test('a test before saving uses what was typed, one of an edited webhook what is stored', async () => {
    const typed = { type: 'bearer', token: 'token-0123456789' }
    await service.api('POST', '/webhooks/test', { webhook: body(typed) })
    expect(receiver.received[0]?.headers.authorization).toBe('Bearer token-0123456789')
    const made = await create(typed)
    const { authentication: _left, ...draft } = body(null)
    for (const webhook of [draft, { ...draft, authentication: { type: 'bearer' } }]) {
      const tested = await service.api('POST', '/webhooks/test', { webhook, webhook_id: made.body.id })
      expect(tested.status, tested.text).toBe(200)
      expect(receiver.received.at(-1)?.headers.authorization).toBe('Bearer token-0123456789')
    }
  })
})

describe('bad input', () => {
  test.each([
    [{}, '/authentication/type'],
    [null, '/authentication'],
    [{ type: 'digest' }, '/authentication/type'],
    [{ type: 'header', name: 'X-Key' }, '/authentication/value'],
    [{ type: 'header', name: 'X-Key', value: '' }, '/authentication/value'],
    [{ type: 'header', name: 'X-Key', value: 'a\r\nb: c' }, '/authentication/value'],
    [{ type: 'header', name: 'Host', value: 'x' }, '/authentication/name'],
    [{ type: 'header', name: 'webhook-id', value: 'x' }, '/authentication/name'],
    [{ type: 'header', name: 'X Key', value: 'x' }, '/authentication/name'],
    [{ type: 'header', name: 'X-Key', value: '••••••' }, '/authentication/value'],
    [{ type: 'basic', username: 'a:b', password: 'x' }, '/authentication/username'],
    [{ type: 'basic', username: 'a', password: '' }, '/authentication/password'],
    [{ type: 'basic', username: 'a', password: 'a\nb' }, '/authentication/password'],
    [{ type: 'basic', username: 'a' }, '/authentication/password'],
    [{ type: 'bearer', token: 'two words' }, '/authentication/token'],
    [{ type: 'bearer', token: 'line\nbreak' }, '/authentication/token'],
    [{ type: 'bearer', token: 3 }, '/authentication/token'],
    [{ type: 'bearer', token: 'x', extra: 1 }, '/authentication/extra'],
    [
      {
        type: 'aws_signature_v4',
        region: 'x y',
        service: 'lambda',
        access_key_id: 'AKIAIOSFODNN7EXAMPLE',
        secret_access_key: 's',
      },
      '/authentication/region',
    ],
    [
      {
        type: 'aws_signature_v4',
        region: 'eu',
        service: 'lambda',
        access_key_id: 'short',
        secret_access_key: 's',
      },
      '/authentication/access_key_id',
    ],
    [
      { type: 'aws_signature_v4', region: 'eu', service: 'lambda', access_key_id: 'AKIAIOSFODNN7EXAMPLE' },
      '/authentication/secret_access_key',
    ],
    [{ type: 'oauth2_client_credentials', client_id: 'x', client_secret: 'y' }, '/authentication/token_url'],
  ])('%j is refused at %s, and the value is not repeated', async (authentication, pointer) => {
    const made = await create(authentication)
    expect(made.status, made.text).toBe(422)
    expect(made.body.errors.map((error) => error.pointer)).toContain(pointer)
    for (const secret of ['two words', 'line\\nbreak', 'a\\r\\nb']) expect(made.text).not.toContain(secret)
  })

  test.each([
    [{ type: 'bearer', token: 'x' }, 'Authorization'],
    [{ type: 'header', name: 'x-api-key', value: 'x' }, 'X-Api-Key'],
    [
      {
        type: 'aws_signature_v4',
        region: 'eu',
        service: 'lambda',
        access_key_id: 'AKIAIOSFODNN7EXAMPLE',
        secret_access_key: 's',
      },
      'x-amz-date',
    ],
  ])('with %j a custom header %s is refused', async (authentication, name) => {
    const made = await create(authentication, {
      headers: [
        { name: 'x-a', value: '1' },
        { name, value: '2' },
      ],
    })
    expect(made.body.errors).toMatchObject([
      { pointer: '/headers/1/name', detail: expect.stringContaining('authentication of this webhook') },
    ])
  })
})
