/** The operator's forward proxy: what it is asked for, and that the address guard stands before it. */
import { once } from 'node:events'
import { type AddressInfo, connect, createServer, type Server, type Socket } from 'node:net'
import { createServer as createTlsServer } from 'node:tls'
import { EnvHttpProxyAgent, fetch as proxiedFetch } from 'undici'
import { afterEach, describe, expect, it, test, vi } from 'vitest'
import { createEgress } from '../../src/egress/egress.ts'
import { parseEgressAllow } from '../../src/egress/policy.ts'
import { type EgressProxy, parseProxy } from '../../src/egress/proxy.ts'
import { type DnsAnswer, startDnsServer } from '../support/dns-server.ts'
import { freePort } from '../support/free-port.ts'
import { cleanAnswer, startRawReceiver } from '../support/raw-receiver.ts'
import { recordDials } from './dials.ts'
import { post } from './exchange-for-test.ts'
import { fixture } from './fixtures.ts'

const closers: (() => Promise<unknown> | unknown)[] = []
afterEach(async () => {
  vi.unstubAllEnvs()
  for (const close of closers.splice(0).reverse()) await close()
})

async function listen(server: Server): Promise<number> {
  const sockets = new Set<Socket>()
  server.on('connection', (socket) => sockets.add(socket.on('error', () => {})))
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  closers.push(() => {
    for (const socket of sockets) socket.destroy()
    server.close()
  })
  return (server.address() as AddressInfo).port
}

/** A proxy that tunnels to loopback, or answers what it is told. Keeps the heads of the requests. */
async function startProxy(answer: string | null = null) {
  const requests: string[] = []
  const port = await listen(
    createServer((socket) => {
      socket
        .on('error', () => {})
        .once('data', (chunk) => {
          const head = chunk.toString('latin1')
          requests.push(head)
          if (answer !== null) return void socket.write(answer)
          const [, host = '', to = ''] = /^CONNECT (127\.[\d.]+|\[::1\]):(\d+) /.exec(head) ?? []
          const onward = connect(Number(to), host.replace(/[[\]]/g, ''), () => {
            socket.write('HTTP/1.1 200 Connection established\r\nvia: test\r\n\r\n')
            socket.pipe(onward).pipe(socket)
          })
          onward.on('error', () => socket.destroy())
        })
    }),
  )
  return { requests, proxy: parseProxy(`http://127.0.0.1:${port}`) }
}

async function open(proxy: EgressProxy | null, answer: DnsAnswer = { addresses: ['127.0.0.1'] }) {
  const dns = await startDnsServer((_name, type) => (type === 'A' ? answer : { addresses: [] }))
  const recorded = recordDials()
  const egress = createEgress(
    { allowHttp: true, allow: parseEgressAllow('127.0.0.0/8, ::1') },
    {
      proxy,
      dnsServers: [dns.address],
      certificateAuthorities: [fixture('tls/authority.pem')],
      openSocket: recorded.openSocket,
    },
  )
  closers.push(dns.close, egress.close)
  return { egress, dns, dialled: recorded.dialled }
}

describe('a call goes through the proxy', () => {
  it('to the address that was vetted, also for http, and nothing but the tunnel is told to it', async () => {
    const { requests, proxy } = await startProxy()
    const receiver = await startRawReceiver((socket) => socket.write(cleanAnswer))
    closers.push(receiver.close)
    const { egress } = await open(proxy)
    const { failure, answer } = await post(egress, `http://receiver.test:${receiver.port}/hook`)
    expect({ failure, status: answer?.status }).toEqual({ failure: null, status: 200 })
    expect(requests).toEqual([
      `CONNECT 127.0.0.1:${receiver.port} HTTP/1.1\r\nhost: 127.0.0.1:${receiver.port}\r\n\r\n`,
    ])
    expect(receiver.requests[0]).toMatch(/^POST \/hook HTTP\/1\.1\r\nhost: receiver\.test:/)
  })

  it('with TLS from end to end: the name is in the certificate and SNI, the proxy sees an address', async () => {
    const { requests, proxy } = await startProxy()
    let servername: unknown
    const server = createTlsServer(
      { cert: fixture('tls/good.pem'), key: fixture('tls/receiver.key') },
      (socket) => {
        servername = socket.servername
        socket.on('error', () => {}).on('data', () => socket.write(cleanAnswer))
      },
    )
    const port = await listen(server)
    const { egress } = await open(proxy)
    const first = await post(egress, `https://receiver.test:${port}/`)
    const second = await post(egress, `https://receiver.test:${port}/`)
    expect([first.failure, second.failure, servername]).toEqual([null, null, 'receiver.test'])
    expect(requests).toEqual([expect.stringMatching(new RegExp(`^CONNECT 127\\.0\\.0\\.1:${port} `))])
  })

  it('with the client certificate of the webhook, which the proxy cannot see', async () => {
    const { requests, proxy } = await startProxy()
    const clients: string[] = []
    const server = createTlsServer(
      {
        cert: fixture('tls/good.pem'),
        key: fixture('tls/receiver.key'),
        requestCert: true,
        ca: fixture('client-certificates/authority.pem'),
      },
      (socket) => {
        clients.push(String(socket.getPeerCertificate().subject.CN))
        socket.on('error', () => {}).on('data', () => socket.write(cleanAnswer))
      },
    )
    const port = await listen(server)
    const { egress } = await open(proxy)
    for (const name of ['client-a', 'client-b']) {
      const certificate = fixture(`client-certificates/${name}.pem`)
      const privateKey = fixture(`client-certificates/${name}.key`)
      const tls = { clientCertificate: { certificate, privateKey } }
      expect((await post(egress, `https://receiver.test:${port}/`, { tls })).failure).toBeNull()
    }
    expect({ clients, tunnels: requests.length }).toEqual({ clients: ['client-a', 'client-b'], tunnels: 2 })
  })

  it('to an IPv6 address in brackets', async () => {
    const { requests, proxy } = await startProxy('HTTP/1.1 403 Forbidden\r\n\r\n')
    const { egress } = await open(proxy)
    await post(egress, 'http://[::1]:8080/')
    expect(requests).toEqual(['CONNECT [::1]:8080 HTTP/1.1\r\nhost: [::1]:8080\r\n\r\n'])
  })

  it('also when the proxy takes its time between the bytes of its answer', async () => {
    const receiver = await startRawReceiver((socket) => socket.write(cleanAnswer))
    closers.push(receiver.close)
    const port = await listen(
      createServer((socket) => {
        socket.once('data', async () => {
          for (const byte of 'HTTP/1.1 200 OK\r\nvia: x\r\n\r') {
            socket.write(byte)
            await new Promise((resolve) => setImmediate(resolve))
          }
          const onward = connect(receiver.port, '127.0.0.1').on('error', () => socket.destroy())
          onward.once('connect', () => {
            socket.write('\n')
            socket.pipe(onward).pipe(socket)
          })
        })
      }),
    )
    const { egress } = await open(parseProxy(`http://127.0.0.1:${port}`))
    const { failure, answer } = await post(egress, receiver.url)
    expect({ failure, status: answer?.status }).toEqual({ failure: null, status: 200 })
  })

  it('with the credentials of the proxy, which the receiver does not get', async () => {
    const { requests, proxy } = await startProxy()
    const receiver = await startRawReceiver((socket) => socket.write(cleanAnswer))
    closers.push(receiver.close)
    const named = parseProxy(`http://us%20er:p%40ss@127.0.0.1:${proxy.port}`)
    const { egress } = await open(named)
    expect((await post(egress, receiver.url)).failure).toBeNull()
    const credentials = Buffer.from('us er:p@ss').toString('base64')
    expect(requests[0]).toContain(`\r\nproxy-authorization: Basic ${credentials}\r\n`)
    expect(receiver.requests.join()).not.toContain(credentials)
  })
})

describe('of the addresses of a name', () => {
  /** A proxy that tunnels to 127.0.0.1 only; to others it answers this, or nothing. */
  async function pickyProxy(refusal: string | null) {
    const asked: string[] = []
    const port = await listen(
      createServer((socket) => {
        socket
          .on('error', () => {})
          .once('data', (chunk) => {
            const [, host = '', to = ''] = /^CONNECT ([\d.]+):(\d+) /.exec(chunk.toString('latin1')) ?? []
            asked.push(host)
            if (host !== '127.0.0.1') return void (refusal && socket.write(refusal))
            const onward = connect(Number(to), host, () => {
              socket.write('HTTP/1.1 200 Connection established\r\n\r\n')
              socket.pipe(onward).pipe(socket)
            })
            onward.on('error', () => socket.destroy())
          })
      }),
    )
    return { asked, proxy: parseProxy(`http://127.0.0.1:${port}`) }
  }

  test.each([
    ['cannot connect', 'HTTP/1.1 502 Bad Gateway\r\n\r\n'],
    ['is slow to find that out', 'HTTP/1.1 504 Gateway Timeout\r\ncontent-length: 3\r\n\r\nno!'],
    ['says nothing', null],
  ])('the next is tried when the proxy %s', async (_what, refusal) => {
    const { asked, proxy } = await pickyProxy(refusal)
    const receiver = await startRawReceiver((socket) => socket.write(cleanAnswer))
    closers.push(receiver.close)
    const { egress } = await open(proxy, { addresses: ['127.0.0.9', '127.0.0.1'] })
    const { failure } = await post(egress, `http://receiver.test:${receiver.port}/`, { timeLimitMs: 2000 })
    expect({ failure, asked, requests: receiver.requests.length }).toEqual({
      ...{ failure: null, asked: ['127.0.0.9', '127.0.0.1'], requests: 1 },
    })
  })

  test('the last one tells what happened, within the time limit', async () => {
    const { asked, proxy } = await pickyProxy('HTTP/1.1 503 Service Unavailable\r\n\r\n')
    const { egress } = await open(proxy, { addresses: ['127.0.0.8', '127.0.0.9'] })
    const { failure } = await post(egress, 'http://receiver.test:9/')
    expect(failure?.finding).toMatch(/answered 503/)
    expect(asked).toEqual(['127.0.0.8', '127.0.0.9'])
  })

  test.each(['HTTP/1.1 403 Forbidden\r\n\r\n', 'HTTP/1.1 407 Proxy Authentication Required\r\n\r\n'])(
    'no other is tried when the proxy refuses: %j',
    async (refusal) => {
      const { asked, proxy } = await pickyProxy(refusal)
      const { egress } = await open(proxy, { addresses: ['127.0.0.9', '127.0.0.1'] })
      expect((await post(egress, 'http://receiver.test:9/')).failure?.reason).toBe('connection')
      expect(asked).toEqual(['127.0.0.9'])
    },
  )
})

describe('the address guard stands before the proxy', () => {
  test.each([
    ['http://10.0.0.1/', { addresses: [] }],
    ['http://[fd00::1]/', { addresses: [] }],
    ['http://169.254.169.254/', { addresses: [] }],
    ['http://receiver.test/', { addresses: ['10.0.0.1'] }],
    ['http://receiver.test/', { addresses: ['127.0.0.1', '192.168.0.1'] }],
  ] satisfies [string, DnsAnswer][])('%s %o: the proxy is not even dialled', async (url, answer) => {
    const { requests, proxy } = await startProxy()
    const { egress, dialled } = await open(proxy, answer)
    expect((await post(egress, url)).failure?.reason).toBe('address_blocked')
    expect({ requests, dialled }).toEqual({ requests: [], dialled: [] })
  })
})

describe('a proxy that gives no tunnel', () => {
  test.each([
    [
      'refuses, with a page',
      'HTTP/1.1 403 Forbidden\r\ncontent-length: 6\r\n\r\ndenied',
      /proxy .* answered 403/,
    ],
    ['wants to know who asks', 'HTTP/1.1 407 Proxy Authentication Required\r\n\r\n', /answered 407/],
    ['finds no way', 'HTTP/1.0 502 Bad Gateway\r\n\r\n', /answered 502/],
    ['speaks something else', 'SSH-2.0-OpenSSH_9.6\r\n\r\n', /gave no tunnel/],
    ['speaks for the receiver', 'HTTP/1.1 200 OK\r\n\r\nHTTP/1.1 200 OK\r\n\r\n', /gave no tunnel/],
    ['does not come to an end', `HTTP/1.1 200 OK\r\n${'x: y\r\n'.repeat(2000)}`, /gave no tunnel/],
  ])('%s', async (_what, answer, finding) => {
    const { proxy } = await startProxy(answer)
    const { egress } = await open(proxy)
    const { failure } = await post(egress, 'http://127.0.0.1:9/')
    expect(failure).toMatchObject({
      reason: 'connection',
      finding: expect.stringMatching(finding),
      advice: expect.stringMatching(/KEYHOOK_EGRESS_PROXY/),
    })
  })

  it('closes the connection', async () => {
    const port = await listen(createServer((socket) => socket.once('data', () => socket.destroy())))
    const { egress } = await open(parseProxy(`http://127.0.0.1:${port}`))
    expect((await post(egress, 'http://127.0.0.1:9/')).failure?.finding).toMatch(/proxy .* gave no tunnel/)
  })

  it('is not there', async () => {
    const { egress } = await open(parseProxy(`http://127.0.0.1:${await freePort()}`))
    expect((await post(egress, 'http://127.0.0.1:9/')).failure?.finding).toMatch(/proxy .*ECONNREFUSED/)
  })

  it('says nothing: the time limit holds', async () => {
    const { proxy } = await startProxy('')
    const { egress } = await open(proxy)
    expect((await post(egress, 'http://127.0.0.1:9/', { timeLimitMs: 200 })).failure?.reason).toBe('timeout')
  })
})

describe('the proxy variables of the environment', () => {
  const names = ['HTTP_PROXY', 'HTTPS_PROXY', 'ALL_PROXY'].flatMap((name) => [name, name.toLowerCase()])

  it.each(['http', 'https'])('are not read, for %s', async (scheme) => {
    const { requests, proxy } = await startProxy()
    for (const name of names) vi.stubEnv(name, `http://127.0.0.1:${proxy.port}`)
    for (const name of ['NO_PROXY', 'no_proxy']) vi.stubEnv(name, '')
    vi.stubEnv('NODE_USE_ENV_PROXY', '1')
    const answering = (socket: Socket) =>
      void socket.on('error', () => {}).on('data', () => socket.write(cleanAnswer))
    const server =
      scheme === 'http'
        ? createServer(answering)
        : createTlsServer({ cert: fixture('tls/good.pem'), key: fixture('tls/receiver.key') }, answering)
    const port = await listen(server)
    const { egress, dialled } = await open(null)
    expect((await post(egress, `${scheme}://receiver.test:${port}/`)).failure).toBeNull()
    expect({ requests, dialled }).toEqual({ requests: [], dialled: ['127.0.0.1'] })

    // They are set: a client that reads them does go through the proxy.
    const dispatcher = new EnvHttpProxyAgent({
      proxyTunnel: true,
      requestTls: { ca: fixture('tls/authority.pem') },
    })
    closers.push(() => dispatcher.close())
    await (await proxiedFetch(`${scheme}://127.0.0.1:${port}/`, { dispatcher })).text()
    expect(requests).toHaveLength(1)
  })

  it('say nothing beside the proxy of the operator, and NO_PROXY opens no way around it', async () => {
    const other = await startProxy()
    const { requests, proxy } = await startProxy()
    const receiver = await startRawReceiver((socket) => socket.write(cleanAnswer))
    closers.push(receiver.close)
    for (const name of names) vi.stubEnv(name, `http://127.0.0.1:${other.proxy.port}`)
    for (const name of ['NO_PROXY', 'no_proxy']) vi.stubEnv(name, '*')
    const { egress } = await open(proxy)
    expect((await post(egress, receiver.url)).failure).toBeNull()
    expect({ asked: requests.length, other: other.requests }).toEqual({ asked: 1, other: [] })
  })
})

describe('the address of the proxy', () => {
  test.each([
    ['http://proxy.example.com:3128', { host: 'proxy.example.com', port: 3128, authorization: null }],
    ['http://proxy.example.com', { host: 'proxy.example.com', port: 80, authorization: null }],
    ['http://[fd00::1]:8080/', { host: 'fd00::1', port: 8080, authorization: null }],
    ['http://a:b@proxy', { host: 'proxy', port: 80, authorization: 'Basic YTpi' }],
    ['http://:b@proxy', { host: 'proxy', port: 80, authorization: 'Basic OmI=' }],
  ])('%s is read', (text, proxy) => {
    expect(parseProxy(text)).toEqual(proxy)
  })

  test.each([
    'proxy.example.com:3128',
    'https://us3r:s3cret@proxy.example.com',
    'socks5://proxy.example.com',
    'http://us3r:s3cret@proxy/path',
    'http://us3r:s3cret@proxy/?a',
    'http://us3r:s3cret%zz@proxy/',
    'http://us3r:s3cret@',
  ])('%s is refused, and not repeated', (text) => {
    const said = () => parseProxy(text)
    expect(said).toThrow(/it must be an http address without path, for example http:\/\/proxy/)
    expect(said).not.toThrow(/s3cret/)
  })
})
