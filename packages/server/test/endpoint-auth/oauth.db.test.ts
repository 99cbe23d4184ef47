import { generateKeyPairSync, type KeyObject } from 'node:crypto'
import type { DeliveryRead } from '@keyhook/contract/api/delivery.ts'
import type { Problem } from '@keyhook/contract/api/problem.ts'
import type { WebhookCreated } from '@keyhook/contract/api/webhook.ts'
import { describe, expect, onTestFinished, test } from 'vitest'
import { fixture } from '../egress/fixtures.ts'
import { json, startReceiver } from '../support/receiver.ts'
import { serviceWithReceiver } from '../support/service-with-receiver.ts'
import { appendNumbers, caughtUp, expectAll } from '../support/siem.ts'
import { clientSecret, startAuthorizationServer } from './authorization-server.ts'

const { service, receiver } = serviceWithReceiver()

async function tokenServer(options: { lifeSeconds?: number } = {}) {
  const server = await startAuthorizationServer(options)
  onTestFinished(() => server.close())
  return server
}

const create = (tokenUrl: string, more: object = {}, webhook: object = {}) =>
  service.api<WebhookCreated & Pick<Problem, 'errors'>>('POST', '/webhooks', {
    type: 'pre_approval',
    name: 'W',
    endpoint_url: receiver.url,
    authentication: {
      type: 'oauth2_client_credentials',
      token_url: tokenUrl,
      client_id: 'by basic',
      client_secret: clientSecret,
      ...more,
    },
    ...webhook,
  })
const invoke = async ({ id }: { id: string }) =>
  (await service.api<DeliveryRead>('POST', `/webhooks/${id}/invoke`, { payload: {} })).body
const tokenOf = (index: number) =>
  String(receiver.received[index]?.headers.authorization).replace(/^Bearer /, '')
const pem = (key: KeyObject) => key.export({ format: 'pem', type: 'pkcs8' }).toString()

describe('OAuth client credentials', () => {
  test.each([
    ['client_secret_basic', 'by basic', null],
    ['client_secret_post', 'by-post', null],
    ['private_key_jwt', 'by-rsa', 'jwt-rsa.key'],
    ['private_key_jwt', 'by-ec', 'client-a.key'],
    ['private_key_jwt', 'by-ed25519', 'jwt-ed25519.key'],
  ])(
    '%s of the client %s: the token reaches the endpoint and is stored nowhere',
    async (method, client, key) => {
      const server = await tokenServer()
      const secret = key === null ? clientSecret : fixture(`client-certificates/${key}`)
      const made = await create(server.tokenUrl, {
        client_id: client,
        client_authentication: method,
        scope: 'hooks',
        ...(key === null ? {} : { client_secret: undefined, private_key: secret, key_id: key }),
      })
      expect(made.status, made.text).toBe(201)
      const delivery = await invoke(made.body)
      expect(delivery.outcome, JSON.stringify(delivery.outcome)).toMatchObject({ status: 'succeeded' })
      expect(await server.clientOf(tokenOf(0))).toBe(client)
      for (const text of [made.text, JSON.stringify(delivery)]) {
        expect(text).not.toContain(tokenOf(0))
        expect(text).not.toContain(JSON.stringify(secret).slice(1, -1))
      }
      expect(delivery.attempts[0]?.request.headers).toContainEqual({ name: 'authorization', value: '••••••' })
    },
  )

  test('one token serves 50 deliveries, of which 20 come at once while there is none', async () => {
    const server = await tokenServer()
    const { body } = await create(server.tokenUrl)
    server.delay(200)
    const deliveries = await Promise.all(Array.from({ length: 20 }, () => invoke(body)))
    for (let count = 0; count < 30; count++) deliveries.push(await invoke(body))
    expect(deliveries.map(({ status }) => status)).toEqual(Array(50).fill('succeeded'))
    const tokens = new Set(receiver.received.map(({ headers }) => headers.authorization))
    expect({ received: receiver.received.length, tokens: tokens.size, requests: server.requests() }).toEqual({
      received: 50,
      tokens: 1,
      requests: 1,
    })
  })

  test('a token is renewed before it expires', async () => {
    const server = await tokenServer({ lifeSeconds: 2 })
    const { body } = await create(server.tokenUrl)
    await invoke(body)
    await new Promise((resolve) => setTimeout(resolve, 1_900))
    await invoke(body)
    expect(server.requests()).toBe(2)
    expect(tokenOf(1)).not.toBe(tokenOf(0))
  })

  test('after a 401 a new token is tried once, and both attempts are recorded', async () => {
    const server = await tokenServer()
    const { body } = await create(server.tokenUrl)
    let first = true
    receiver.answerWith((request, response) => {
      const answer = first ? json(401) : json(200, { response: true })
      first = false
      answer(request, response)
    })
    const delivery = await invoke(body)
    expect(delivery.outcome).toMatchObject({ status: 'succeeded' })
    expect(delivery.attempts.map((attempt) => attempt.response?.status)).toEqual([401, 200])
    expect(tokenOf(1)).not.toBe(tokenOf(0))

    expect(server.requests()).toBe(2)

    receiver.received.length = 0
    receiver.answerWith(json(401))
    const refused = await invoke(body)
    expect(refused.outcome).toMatchObject({ failure_reason: 'http_status' })
    expect(refused.attempts.map((attempt) => attempt.response?.status)).toEqual([401, 401])
    expect(receiver.received.length).toBe(2)
    expect(server.requests()).toBe(3)
  })

  test('a stream of events renews a token that is refused once in each try', async () => {
    const server = await tokenServer()
    const { body } = await create(
      server.tokenUrl,
      {},
      { type: 'siem', stream: { event_types: ['CUSTOM_*'], batch_events: 100 } },
    )
    let refused: string | undefined
    receiver.answerWith((request, response) => {
      refused ??= request.headers.authorization
      return json(request.headers.authorization === refused ? 401 : 200)(request, response)
    })
    await appendNumbers(service.api, 1, 5)
    await caughtUp(service.api, body.id)
    expectAll(receiver, 1, 5)
    expect(server.requests()).toBe(2)
    await service.api('DELETE', `/webhooks/${body.id}`)
  })

  test('a wrong secret ends as auth_failed, with what the server said and without the secret', async () => {
    const server = await tokenServer()
    const { body } = await create(server.tokenUrl, { client_secret: 'quite-another-secret-that-is-wrong' })
    const delivery = await invoke(body)
    expect(delivery).toMatchObject({ attempts: [], outcome: { failure_reason: 'auth_failed' } })
    const text = JSON.stringify(delivery)
    expect(text).toContain('invalid_client')
    expect(text).not.toContain('quite-another-secret')
    expect(receiver.received.length).toBe(0)
  })

  test.each([
    [
      'HTML',
      (_request: unknown, response: import('node:http').ServerResponse) => void response.end('<html>'),
    ],
    [
      'a redirect',
      (_r: unknown, response: import('node:http').ServerResponse) =>
        void response.writeHead(302, { location: '/x' }).end(),
    ],
    ['500', json(500)],
    ['204', json(204)],
    ['a token of another kind', json(200, { access_token: 'a', token_type: 'mac' })],
    ['no token', json(200, { token_type: 'bearer' })],
    ['a list', json(200, [])],
  ])('a token endpoint that answers %s ends as auth_failed', async (_what, answer) => {
    const strange = await startReceiver(answer)
    onTestFinished(() => strange.close())
    const { body } = await create(strange.url)
    const delivery = await invoke(body)
    expect(delivery.outcome).toMatchObject({
      failure_reason: 'auth_failed',
      explanation: expect.stringContaining('127.0.0.1'),
    })
  })

  test('the time for the token counts in the time limit', async () => {
    const server = await tokenServer()
    server.delay(5_000)
    const { body } = await create(server.tokenUrl, {}, { time_limit_ms: 1_000 })
    const delivery = await invoke(body)
    expect(delivery.outcome).toMatchObject({
      failure_reason: 'auth_failed',
      explanation: expect.stringContaining('within the time limit'),
    })
  })

  test('a token endpoint that is not there ends as auth_failed', async () => {
    const gone = await startReceiver()
    await gone.close()
    const { body } = await create(gone.url)
    expect((await invoke(body)).outcome).toMatchObject({
      failure_reason: 'auth_failed',
      explanation: expect.stringContaining('refused'),
    })
  })

  test.each([
    'http://10.0.0.1/token',
    'http://169.254.169.254/latest/meta-data',
    'http://[::ffff:a00:1]/',
    'ftp://x.example/',
    'not a url',
    'https://user:pass@x.example/',
  ])('the address guard keeps the token address %s out, when it is saved or when it is used', async (url) => {
    const made = await create(url)
    if (made.status === 422) {
      expect(made.body.errors).toMatchObject([{ pointer: '/authentication/token_url' }])
      return
    }
    expect((await invoke(made.body)).outcome).toMatchObject({ failure_reason: 'auth_failed' })
  })
})

describe('changing it', () => {
  const patch = (id: string, body: object) =>
    service.api<WebhookCreated & Pick<Problem, 'errors'>>('PATCH', `/webhooks/${id}`, body)
  const settings = (tokenUrl: string) => ({
    type: 'oauth2_client_credentials',
    token_url: tokenUrl,
    client_id: 'by basic',
  })

  test('a secret that is left out stays, and works', async () => {
    const server = await tokenServer()
    const { body } = await create(server.tokenUrl)
    const changed = await patch(body.id, {
      authentication: { ...settings(server.tokenUrl), scope: 'hooks' },
    })
    expect(changed.status, changed.text).toBe(200)
    expect(changed.body.authentication).toMatchObject({
      scope: 'hooks',
      client_secret: { is_set: true },
    })
    expect((await invoke(body)).outcome).toMatchObject({ status: 'succeeded' })
  })

  test('another token server, another endpoint or another kind asks for the secret again', async () => {
    const server = await tokenServer()
    const { body } = await create(server.tokenUrl)
    const elsewhere = await patch(body.id, { authentication: settings('http://127.0.0.1:9/token') })
    expect(elsewhere.body.errors).toMatchObject([
      { pointer: '/authentication/client_secret', detail: expect.stringContaining('another server') },
    ])
    const moved = await patch(body.id, { endpoint_url: 'http://127.0.0.1:9/' })
    expect(moved.body.errors).toMatchObject([{ pointer: '/authentication/client_secret' }])
    const both = await patch(body.id, {
      endpoint_url: 'http://127.0.0.1:9/',
      authentication: settings(server.tokenUrl),
    })
    expect(both.body.errors).toMatchObject([{ pointer: '/authentication/client_secret' }])
    const kind = await patch(body.id, { authentication: { type: 'bearer' } })
    expect(kind.body.errors).toMatchObject([{ pointer: '/authentication/token' }])
    const cleared = await patch(body.id, { authentication: null })
    expect(cleared.body.authentication).toEqual({ type: 'none' })
  })

  test('private_key_jwt needs a key, the others a secret; keys are checked', async () => {
    const errorsOf = async (more: object) => (await create('http://127.0.0.1:9/token', more)).body.errors
    expect(
      await errorsOf({ client_authentication: 'private_key_jwt', client_secret: undefined }),
    ).toMatchObject([{ pointer: '/authentication/private_key' }])
    expect(await errorsOf({ client_secret: undefined })).toMatchObject([
      { pointer: '/authentication/client_secret' },
    ])
    const small = generateKeyPairSync('rsa', { modulusLength: 1_024 }).privateKey
    const locked = generateKeyPairSync('ed25519').privateKey.export({
      format: 'pem',
      type: 'pkcs8',
      cipher: 'aes-256-cbc',
      passphrase: 'x',
    })
    for (const [key, detail] of [
      [pem(small), '2048'],
      [locked.toString(), 'passphrase'],
      ['-----BEGIN PRIVATE KEY-----\nnothing\n-----END PRIVATE KEY-----', 'PEM'],
      ['secret text', 'PEM'],
    ] as const) {
      const errors = await errorsOf({
        client_authentication: 'private_key_jwt',
        client_secret: undefined,
        private_key: key,
      })
      expect(errors).toMatchObject([
        { pointer: '/authentication/private_key', detail: expect.stringContaining(detail) },
      ])
      expect(JSON.stringify(errors)).not.toContain(key.slice(0, 60))
    }
  })
})
