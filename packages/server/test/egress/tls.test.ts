/** TLS with certificates of every kind, on 127.0.0.1. */
import { once } from 'node:events'
import {
  type AddressInfo,
  connect,
  createServer as createTcpServer,
  type Server,
  type Socket,
} from 'node:net'
import { createServer, type TlsOptions } from 'node:tls'
import { afterEach, describe, expect, it, test } from 'vitest'
import { createEgress } from '../../src/egress/egress.ts'
import { parseEgressAllow } from '../../src/egress/policy.ts'
import { type DnsServer, startDnsServer } from '../support/dns-server.ts'
import { cleanAnswer } from '../support/raw-receiver.ts'
import { post } from './exchange-for-test.ts'
import { fixture } from './fixtures.ts'

const tlsFile = (name: string) => fixture(`tls/${name}`)
const servers: Server[] = []
let dns: DnsServer | null = null
afterEach(async () => {
  for (const server of servers.splice(0)) server.close()
  await dns?.close()
  dns = null
})

/** What the server saw of the handshake. */
type Seen = { servername?: string | false | null; alpn?: string | false | null; requests: number }

async function startTls(
  certificate: string,
  options: TlsOptions = {},
  answer: (socket: Socket) => void = (socket) => socket.write(cleanAnswer),
): Promise<{ port: number; seen: Seen }> {
  const seen: Seen = { requests: 0 }
  const server = createServer(
    {
      cert: tlsFile(certificate),
      key: tlsFile('receiver.key'),
      ALPNProtocols: ['h2', 'http/1.1'],
      ...options,
    },
    (socket) => {
      socket
        .on('error', () => {})
        .on('data', () => {
          seen.requests += 1
          seen.servername = socket.servername
          seen.alpn = socket.alpnProtocol
          answer(socket)
        })
    },
  )
  server.on('tlsClientError', () => {})
  return { port: await listen(server), seen }
}

async function listen(server: Server): Promise<number> {
  servers.push(server.listen(0, '127.0.0.1'))
  await once(server, 'listening')
  return (server.address() as AddressInfo).port
}

async function call(url: string, timeLimitMs = 5000) {
  dns = await startDnsServer((_name, type) => ({ addresses: type === 'A' ? ['127.0.0.1'] : [] }))
  const policy = { allowHttp: false, allow: parseEgressAllow('127.0.0.0/8, localhost, receiver.test') }
  const egress = createEgress(policy, {
    dnsServers: [dns.address],
    certificateAuthorities: [tlsFile('authority.pem')],
  })
  const result = await post(egress, url, { timeLimitMs })
  await egress.close()
  return result
}

describe('a certificate that is right', () => {
  it('for a name: SNI is the name, the address is the one that was checked, HTTP/1.1 is spoken', async () => {
    const { port, seen } = await startTls('good.pem')
    const { failure, answer, timings } = await call(`https://receiver.test:${port}/`)
    expect({ failure, status: answer?.status }).toEqual({ failure: null, status: 200 })
    expect(seen).toEqual({ servername: 'receiver.test', alpn: 'http/1.1', requests: 1 })
    for (const ms of [timings.dns_ms, timings.connect_ms, timings.tls_ms])
      expect(ms).toBeGreaterThanOrEqual(0)
  })
  it('for an address: no SNI', async () => {
    const { port, seen } = await startTls('good.pem')
    expect((await call(`https://127.0.0.1:${port}/`)).failure).toBeNull()
    expect(seen).toMatchObject({ servername: false, requests: 1 })
  })
})

describe('a certificate that is wrong: no byte of the request is sent, and the finding says which way', () => {
  test.each([
    ['expired.pem', /has expired/],
    ['not-yet-valid.pem', /not valid yet/],
    ['other-name.pem', /for another name/],
    ['self-signed.pem', /self-signed/],
    ['of-unknown-authority.pem', /cannot be traced|not known here/],
  ])('%s', async (certificate, finding) => {
    const { port, seen } = await startTls(certificate)
    const { failure } = await call(`https://receiver.test:${port}/`)
    expect(failure).toMatchObject({ reason: 'tls', finding: expect.stringMatching(finding) })
    expect(seen.requests).toBe(0)
  })

  it('with the unknown authority sent along', async () => {
    const { port } = await startTls('good.pem', {
      cert: tlsFile('of-unknown-authority.pem') + tlsFile('unknown-authority.pem'),
    })
    expect((await call(`https://receiver.test:${port}/`)).failure).toMatchObject({
      finding: expect.stringMatching(/not known here/),
    })
  })

  it('NODE_TLS_REJECT_UNAUTHORIZED does not change that', async () => {
    const { port } = await startTls('self-signed.pem')
    process.env.NODE_TLS_REJECT_UNAUTHORIZED = '0'
    try {
      expect((await call(`https://receiver.test:${port}/`)).failure?.reason).toBe('tls')
    } finally {
      delete process.env.NODE_TLS_REJECT_UNAUTHORIZED
    }
  })
})

describe('a handshake that does not come about', () => {
  it('the port speaks plain HTTP', async () => {
    const port = await listen(
      createTcpServer((socket) => socket.on('error', () => {}).end('HTTP/1.1 400 Bad Request\r\n\r\n')),
    )
    expect((await call(`https://127.0.0.1:${port}/`)).failure).toMatchObject({
      reason: 'tls',
      finding: expect.stringMatching(/does not speak TLS/),
    })
  })
  it('only old versions of TLS', async () => {
    const { port } = await startTls('good.pem', {
      maxVersion: 'TLSv1.1',
      minVersion: 'TLSv1',
      ciphers: 'ALL@SECLEVEL=0',
    })
    expect((await call(`https://127.0.0.1:${port}/`)).failure).toMatchObject({
      reason: 'tls',
      finding: expect.stringMatching(/no TLS version/),
    })
  })
  test.each(['TLSv1.2', 'TLSv1.3'] as const)('a client certificate is wanted, %s', async (version) => {
    const { port, seen } = await startTls('good.pem', {
      requestCert: true,
      rejectUnauthorized: true,
      maxVersion: version,
    })
    const { failure } = await call(`https://127.0.0.1:${port}/`)
    expect(['tls', 'connection']).toContain(failure?.reason)
    expect(`${failure?.finding} ${failure?.advice}`).toMatch(/wants a client certificate/)
    expect(seen.requests).toBe(0)
  })
  it('the connection is closed', async () => {
    const port = await listen(
      createTcpServer((socket) => socket.on('error', () => {}).once('data', () => socket.destroy())),
    )
    expect((await call(`https://127.0.0.1:${port}/`)).failure).toMatchObject({
      reason: 'tls',
      finding: expect.stringMatching(/closed the connection/),
    })
  })
  it('silence: the time limit holds, and the connection is closed', async () => {
    let open = 0
    const port = await listen(
      createTcpServer((socket) => {
        open += 1
        socket
          .on('error', () => {})
          .on('close', () => (open -= 1))
          .resume()
      }),
    )
    expect((await call(`https://127.0.0.1:${port}/`, 200)).failure).toMatchObject({
      reason: 'timeout',
      finding: expect.stringMatching(/TLS handshake/),
    })
    await expect.poll(() => open).toBe(0)
  })
})

it.each([
  ['before the answer', ''],
  ['in the headers', 'HTTP/1.1 200 OK\r\nx: '],
  ['in the body', 'HTTP/1.1 200 OK\r\ncontent-length: 99\r\n\r\n{'],
  ['in a body that ends with the connection', 'HTTP/1.1 200 OK\r\n\r\n{"response":true}'],
])('a broken record %s ends the call at once, long before its time limit', async (_where, begun) => {
  const clients: Socket[] = []
  const { port } = await startTls('good.pem', {}, (socket) => {
    // Right behind what was written well, from the middle: 32 bytes that no key made.
    const broken = () => clients[0]?.write(Buffer.from(`1703030020${'ab'.repeat(32)}`, 'hex'))
    if (begun === '') broken()
    else socket.write(begun, () => setTimeout(broken, 20))
  })
  const middle = createTcpServer((client) => {
    clients.push(client)
    const onward = connect(port, '127.0.0.1')
    client.on('error', () => {}).on('close', () => onward.destroy())
    onward.on('error', () => {}).on('close', () => client.destroy())
    client.pipe(onward).pipe(client, { end: false })
  })
  const { failure } = await call(`https://receiver.test:${await listen(middle)}/`, 20_000)
  expect(failure).toMatchObject({
    reason: 'connection',
    finding: expect.stringContaining('broken TLS record'),
  })
})

it('a kept connection is used again', async () => {
  const { port, seen } = await startTls('good.pem')
  const egress = createEgress(
    { allowHttp: false, allow: parseEgressAllow('127.0.0.0/8') },
    { certificateAuthorities: [tlsFile('authority.pem')] },
  )
  await post(egress, `https://127.0.0.1:${port}/`)
  const second = await post(egress, `https://127.0.0.1:${port}/`)
  expect(second).toMatchObject({ failure: null, timings: { connect_ms: null, tls_ms: null } })
  expect(seen.requests).toBe(2)
  await egress.close()
})
