/** Client certificates and extra authorities of webhooks, from the API to a TLS server that asks for them. */
import { once } from 'node:events'
import type { AddressInfo } from 'node:net'
import { createServer, type TLSSocket, type TlsOptions } from 'node:tls'
import type { DeliveryRead } from '@keyhook/contract/api/delivery.ts'
import type { Problem } from '@keyhook/contract/api/problem.ts'
import type { WebhookCreated } from '@keyhook/contract/api/webhook.ts'
import { describe, expect, onTestFinished, test } from 'vitest'
import { fixture } from '../egress/fixtures.ts'
import { cleanAnswer } from '../support/raw-receiver.ts'
import { serviceWithReceiver } from '../support/service-with-receiver.ts'

const { service } = serviceWithReceiver()

const pem = (name: string) => fixture(`client-certificates/${name}`)
const pair = (name: string) => ({ certificate: pem(`${name}.pem`), private_key: pem(`${name}.key`) })
const serverAuthority = fixture('tls/authority.pem')

/** A receiver that lets nobody in without a certificate of the test client authority; keeps who asked, and on which connection. */
async function demandingReceiver(options: TlsOptions = {}) {
  const asked: { client: string; connection: number }[] = []
  const sockets = new Set<TLSSocket>()
  let connections = 0
  const server = createServer(
    {
      cert: fixture('tls/good.pem'),
      key: fixture('tls/receiver.key'),
      requestCert: true,
      rejectUnauthorized: true,
      ca: pem('authority.pem'),
      ...options,
    },
    (socket) => {
      connections += 1
      const connection = connections
      const client = String(socket.getPeerCertificate().subject?.CN)
      sockets.add(socket)
      let text = ''
      socket
        .on('error', () => {})
        .on('close', () => sockets.delete(socket))
        .on('data', (chunk) => {
          text += chunk.toString('latin1')
          const length = Number(/\r\ncontent-length: (\d+)/i.exec(text)?.[1])
          if (text.length < text.indexOf('\r\n\r\n') + 4 + length) return
          text = ''
          asked.push({ client, connection })
          socket.write(cleanAnswer)
        })
    },
  ).on('tlsClientError', () => {})
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  onTestFinished(() => {
    for (const socket of sockets) socket.destroy()
    server.close()
  })
  return { url: `https://127.0.0.1:${(server.address() as AddressInfo).port}/hook`, asked }
}

type Answered = WebhookCreated & Pick<Problem, 'errors'>
const draft = (url: string, more: object = {}) => ({
  type: 'provisioning',
  name: 'W',
  endpoint_url: url,
  certificate_authority: serverAuthority,
  ...more,
})
const create = (url: string, more: object = {}) =>
  service.api<Answered>('POST', '/webhooks', draft(url, more))
const patch = (id: string, body: object) => service.api<Answered>('PATCH', `/webhooks/${id}`, body)
const invoke = async (id: string) =>
  (await service.api<DeliveryRead>('POST', `/webhooks/${id}/invoke`, { payload: {} })).body

describe('a receiver that demands a client certificate', () => {
  test('two webhooks for it each come with their own, on connections of their own', async () => {
    const { url, asked } = await demandingReceiver()
    const a = await create(url, { client_certificate: pair('client-a') })
    const b = await create(url, { client_certificate: pair('client-b') })
    for (const { body } of [a, b, a, b]) {
      expect((await invoke(body.id)).outcome).toMatchObject({ status: 'succeeded' })
    }
    expect(asked).toEqual([
      { client: 'client-a', connection: 1 },
      { client: 'client-b', connection: 2 },
      { client: 'client-a', connection: 1 },
      { client: 'client-b', connection: 2 },
    ])
  })

  test('another certificate in a webhook is what comes next; null takes it away', async () => {
    const { url, asked } = await demandingReceiver()
    const { body } = await create(url, { client_certificate: pair('client-a') })
    await invoke(body.id)
    const changed = await patch(body.id, { client_certificate: pair('client-chain') })
    expect(changed.body.client_certificate?.subject).toContain('CN=client-chain')
    await invoke(body.id)
    expect(asked.map(({ client }) => client)).toEqual(['client-a', 'client-chain'])

    expect((await patch(body.id, { client_certificate: null })).body.client_certificate).toBeNull()
    const { outcome } = await invoke(body.id)
    expect(outcome).toMatchObject({ status: 'failed' })
    expect(JSON.stringify(outcome)).toMatch(/wants a client certificate/)
    expect(asked).toHaveLength(2)
  })

  test('one whose authority the receiver does not know ends in a failure that says so', async () => {
    const { url, asked } = await demandingReceiver({ ca: serverAuthority })
    const { body } = await create(url, { client_certificate: pair('client-a') })
    const { outcome } = await invoke(body.id)
    expect(outcome).toMatchObject({ status: 'failed' })
    expect(JSON.stringify(outcome)).toMatch(/client certificate/)
    expect(asked).toEqual([])
  })

  test('without the extra authority the receiver itself is not trusted, and gets nothing', async () => {
    const { url, asked } = await demandingReceiver()
    const { body } = await create(url, {
      client_certificate: pair('client-a'),
      certificate_authority: null,
    })
    expect((await invoke(body.id)).outcome).toMatchObject({
      failure_reason: 'tls',
      explanation: expect.stringMatching(/authority|known/),
    })
    expect(asked).toEqual([])
    await patch(body.id, { certificate_authority: serverAuthority })
    expect((await invoke(body.id)).outcome).toMatchObject({ status: 'succeeded' })
  })

  test('a test before saving uses what was typed, one of an edited webhook the stored key', async () => {
    const { url, asked } = await demandingReceiver()
    const typed = draft(url, { client_certificate: pair('client-b') })
    await service.api('POST', '/webhooks/test', { webhook: typed })
    const { body } = await create(url, { client_certificate: pair('client-a') })
    for (const more of [{}, { client_certificate: { certificate: pem('client-a.pem') } }]) {
      const tested = await service.api('POST', '/webhooks/test', {
        webhook: draft(url, more),
        webhook_id: body.id,
      })
      expect(tested.status, tested.text).toBe(200)
    }
    expect(asked.map(({ client }) => client)).toEqual(['client-b', 'client-a', 'client-a'])
  })
})

describe('what is kept and what is shown', () => {
  test('the certificate with its dates, never the key', async () => {
    const { url } = await demandingReceiver()
    const made = await create(url, { client_certificate: pair('client-a') })
    const delivery = await service.api('POST', `/webhooks/${made.body.id}/invoke`, { payload: {} })
    const read = await service.api<WebhookCreated>('GET', `/webhooks/${made.body.id}`)
    expect(read.body).toMatchObject({
      client_certificate: {
        certificate: pem('client-a.pem'),
        subject: 'CN=client-a, O=Keyhook',
        expires_at: '2120-01-01T00:00:00.000Z',
        private_key: { is_set: true },
      },
      certificate_authority: { authorities: [{ expires_at: '2120-01-01T00:00:00.000Z' }] },
    })
    const list = await service.api('GET', '/webhooks')
    const key = pem('client-a.key').split('\n')[1] ?? ''
    expect(key.length).toBeGreaterThan(40)
    for (const { text } of [made, delivery, read, list]) {
      expect(text).not.toContain(key)
      expect(text).not.toContain('PRIVATE KEY')
    }
  })

  test('a change keeps the key while certificate and origin stay, and asks for it else', async () => {
    const { url, asked } = await demandingReceiver()
    const elsewhere = await demandingReceiver()
    const { body } = await create(url, { client_certificate: pair('client-a') })
    const same = { client_certificate: { certificate: pem('client-a.pem') } }
    for (const change of [{ name: 'V' }, same, { endpoint_url: `${url}/other` }]) {
      const changed = await patch(body.id, change)
      expect(changed.status, changed.text).toBe(200)
    }
    await invoke(body.id)
    expect(asked.map(({ client }) => client)).toEqual(['client-a'])

    for (const change of [
      { client_certificate: { certificate: pem('client-b.pem') } },
      { endpoint_url: elsewhere.url },
      { endpoint_url: elsewhere.url, ...same },
    ]) {
      const refused = await patch(body.id, change)
      expect(refused.status).toBe(422)
      expect(refused.body.errors.map(({ pointer }) => pointer)).toEqual(['/client_certificate/private_key'])
    }
    const tested = await service.api<Answered>('POST', '/webhooks/test', {
      webhook: draft(elsewhere.url, same),
      webhook_id: body.id,
    })
    expect(tested.body.errors.map(({ pointer }) => pointer)).toEqual([
      '/webhook/client_certificate/private_key',
    ])
    expect(elsewhere.asked).toEqual([])
  })
})

describe('material that cannot be used is refused where it is, and nothing is saved', () => {
  test.each<[string, object, pointer: string, RegExp]>([
    [
      'text',
      { client_certificate: { ...pair('client-a'), certificate: 'hello' } },
      'client_certificate/certificate',
      /not a certificate in PEM/,
    ],
    [
      'no certificate',
      { client_certificate: { private_key: pem('client-a.key') } },
      'client_certificate/certificate',
      /./,
    ],
    [
      'an empty certificate',
      { client_certificate: { ...pair('client-a'), certificate: '' } },
      'client_certificate/certificate',
      /Enter the/,
    ],
    [
      'no key',
      { client_certificate: { certificate: pem('client-a.pem') } },
      'client_certificate/private_key',
      /./,
    ],
    [
      'an empty key',
      { client_certificate: { ...pair('client-a'), private_key: '' } },
      'client_certificate/private_key',
      /Enter the/,
    ],
    [
      'the mask as the key',
      { client_certificate: { ...pair('client-a'), private_key: '••••••' } },
      'client_certificate/private_key',
      /not a private key/,
    ],
    [
      'the key of another',
      { client_certificate: { ...pair('client-a'), private_key: pem('client-b.key') } },
      'client_certificate/private_key',
      /does not belong/,
    ],
    [
      'an encrypted key',
      { client_certificate: { ...pair('client-a'), private_key: pem('client-a-encrypted.key') } },
      'client_certificate/private_key',
      /openssl pkey/,
    ],
    [
      'an expired certificate',
      { client_certificate: { ...pair('client-a'), certificate: pem('expired.pem') } },
      'client_certificate/certificate',
      /expired on 2021-01-01/,
    ],
    [
      'the key among the certificates',
      { client_certificate: { ...pair('client-a'), certificate: pem('client-a.pem') + pem('client-a.key') } },
      'client_certificate/certificate',
      /private key in it/,
    ],
    [
      'the certificate of a server as authority',
      { certificate_authority: fixture('tls/good.pem') },
      'certificate_authority',
      /not that of an authority/,
    ],
    [
      'text as authority',
      { certificate_authority: 'hello' },
      'certificate_authority',
      /not a certificate in PEM/,
    ],
    ['an empty authority', { certificate_authority: '' }, 'certificate_authority', /Enter the/],
  ])('%s', async (_what, material, pointer, detail) => {
    const url = 'https://127.0.0.1:9/'
    const saved = await create(url)
    const tested = await service.api<Answered>('POST', '/webhooks/test', { webhook: draft(url, material) })
    const changed = await patch(saved.body.id, material)
    for (const [answer, at] of [
      [await create(url, material), '/'],
      [changed, '/'],
      [tested, '/webhook/'],
    ] as const) {
      expect(answer.status, answer.text).toBe(422)
      expect(answer.body.errors).toMatchObject([
        { pointer: `${at}${pointer}`, detail: expect.stringMatching(detail) },
      ])
      // Base64 of certificates and keys begins so.
      expect(answer.text).not.toMatch(/MII|MIG/)
    }
    const { body } = await service.api<WebhookCreated>('GET', `/webhooks/${saved.body.id}`)
    expect(body).toMatchObject({
      client_certificate: null,
      certificate_authority: { certificates: serverAuthority },
    })
  })
})
