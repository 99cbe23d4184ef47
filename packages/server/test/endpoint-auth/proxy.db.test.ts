/** A server with a forward proxy as its way out: deliveries and token requests take it, and only after the guard. */
import { createServer } from 'node:http'
import { type AddressInfo, connect, type Socket } from 'node:net'
import type { DeliveryRead } from '@keyhook/contract/api/delivery.ts'
import type { WebhookCreated } from '@keyhook/contract/api/webhook.ts'
import { expect, onTestFinished, test } from 'vitest'
import { serviceForTest, type TestService } from '../support/harness.ts'
import { type Receiver, startReceiver } from '../support/receiver.ts'
import { clientSecret, startAuthorizationServer } from './authorization-server.ts'

/** Tunnels to loopback, or refuses with `status`. Keeps what it was asked for, and with which credentials. */
async function startProxy(status: number | null = null) {
  const asked: { target: string; authorization: string | undefined }[] = []
  const plain: string[] = []
  const sockets = new Set<Socket>()
  const server = createServer((request, response) => {
    plain.push(`${request.method} ${request.url}`)
    response.writeHead(500).end()
  }).on('connect', (request, socket) => {
    asked.push({ target: request.url ?? '', authorization: request.headers['proxy-authorization'] })
    if (status !== null) return void socket.end(`HTTP/1.1 ${status} No\r\ncontent-length: 0\r\n\r\n`)
    const { hostname, port } = new URL(`http://${request.url}`)
    if (hostname !== '127.0.0.1') return void socket.destroy()
    const onward = connect(Number(port), hostname, () => {
      socket.write('HTTP/1.1 200 OK\r\n\r\n')
      socket.pipe(onward).pipe(socket)
    })
    sockets.add(onward)
    onward.on('error', () => socket.destroy())
    socket.on('error', () => onward.destroy())
  })
  server.on('connection', (socket) => sockets.add(socket))
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  onTestFinished(() => {
    for (const socket of sockets) socket.destroy()
    server.close()
  })
  return { asked, plain, port: (server.address() as AddressInfo).port }
}

async function receiverForTest(): Promise<Receiver> {
  const receiver = await startReceiver()
  onTestFinished(() => receiver.close())
  return receiver
}

async function deliver(service: TestService, endpoint_url: string, authentication: object) {
  const made = await service.api<WebhookCreated>('POST', '/webhooks', {
    type: 'pre_approval',
    name: 'W',
    endpoint_url,
    authentication,
  })
  expect(made.status, made.text).toBe(201)
  return service.api<DeliveryRead>('POST', `/webhooks/${made.body.id}/invoke`, { payload: {} })
}

const throughProxy = (port: number) =>
  serviceForTest({ KEYHOOK_EGRESS_PROXY: `http://us3r:pr0xy-s3cret@127.0.0.1:${port}` })
const oauth = (token_url: string) => ({
  type: 'oauth2_client_credentials',
  token_url,
  client_id: 'by basic',
  client_secret: clientSecret,
})

test('the token request and the delivery both go through it, and its credentials are nowhere', async () => {
  const { asked, plain, port } = await startProxy()
  const receiver = await receiverForTest()
  const server = await startAuthorizationServer()
  onTestFinished(() => server.close())
  const service = await throughProxy(port)
  const delivery = await deliver(service, receiver.url, oauth(server.tokenUrl))
  expect(delivery.body.outcome, delivery.text).toMatchObject({ status: 'succeeded' })
  const authorization = `Basic ${Buffer.from('us3r:pr0xy-s3cret').toString('base64')}`
  expect(asked).toEqual([
    { target: new URL(server.tokenUrl).host, authorization },
    { target: new URL(receiver.url).host, authorization },
  ])
  expect(plain).toEqual([])
  const seen = JSON.stringify(receiver.received[0]?.headers) + delivery.text
  for (const form of ['pr0xy-s3cret', authorization.slice(6)]) expect(seen).not.toContain(form)
})

test('when it refuses, the delivery says where to look, and nothing is tried without it', async () => {
  const { asked, port } = await startProxy(403)
  const receiver = await receiverForTest()
  const service = await throughProxy(port)
  const { body, text } = await deliver(service, receiver.url, { type: 'none' })
  expect(body.outcome).toMatchObject({
    failure_reason: 'connection',
    explanation: expect.stringMatching(/The proxy of this server answered 403/),
  })
  expect(text).toContain('KEYHOOK_EGRESS_PROXY')
  expect(text).not.toContain('pr0xy-s3cret')
  const byToken = await deliver(service, receiver.url, oauth('http://127.0.0.1:9/token'))
  expect(byToken.body.outcome).toMatchObject({
    failure_reason: 'auth_failed',
    explanation: expect.stringMatching(/The proxy of this server answered 403/),
  })
  expect(asked.map(({ target }) => target)).toEqual([new URL(receiver.url).host, '127.0.0.1:9'])
  expect(receiver.received).toEqual([])
})

test('a private address is refused before it is asked, for the endpoint and for the token', async () => {
  const { asked, plain, port } = await startProxy()
  const receiver = await receiverForTest()
  const service = await throughProxy(port)
  const saved = await service.api('POST', '/webhooks', {
    type: 'pre_approval',
    name: 'W',
    endpoint_url: 'https://10.0.0.1/',
  })
  expect(saved.status).toBe(422)
  const token = await service.api('POST', '/webhooks', {
    type: 'pre_approval',
    name: 'W',
    endpoint_url: receiver.url,
    authentication: oauth('https://169.254.169.254/token'),
  })
  expect(token.status).toBe(422)
  expect({ asked, plain, received: receiver.received }).toEqual({ asked: [], plain: [], received: [] })
})
