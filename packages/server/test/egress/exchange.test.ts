/** The exchange itself: what goes out, what comes back, and how connections are shared. */
import { connect, Socket } from 'node:net'
import { afterEach, describe, expect, it, test } from 'vitest'
import { createEgress, type EgressOptions } from '../../src/egress/egress.ts'
import { parseEgressAllow } from '../../src/egress/policy.ts'
import { cleanAnswer, type RawReceiver, type Reply, startRawReceiver } from '../support/raw-receiver.ts'
import { recordDials } from './dials.ts'
import { post } from './exchange-for-test.ts'

const closers: (() => Promise<void>)[] = []
afterEach(async () => {
  for (const close of closers.splice(0).reverse()) await close()
})

async function start(reply: Reply = (socket) => socket.write(cleanAnswer)): Promise<RawReceiver> {
  const receiver = await startRawReceiver(reply)
  closers.push(receiver.close)
  return receiver
}

function open(options: EgressOptions = {}, allow = '127.0.0.0/8, ::1, localhost') {
  const egress = createEgress({ allowHttp: true, allow: parseEgressAllow(allow) }, options)
  closers.push(egress.close)
  return egress
}

describe('the request', () => {
  it('is one POST with the headers and the bytes that were given', async () => {
    const receiver = await start()
    const headers = [
      ['content-type', 'application/json'],
      ['X-Key', 'abc'],
    ] as const
    await post(open(), `${receiver.url}a%20b?c=d`, { headers, body: Buffer.from('{"é":1}') })
    const [line, ...rest] = Buffer.from(receiver.requests[0] ?? '', 'latin1')
      .toString()
      .split('\r\n')
    expect(line).toBe('POST /a%20b?c=d HTTP/1.1')
    expect(rest).toEqual([
      `host: 127.0.0.1:${receiver.port}`,
      'connection: keep-alive',
      'content-type: application/json',
      'X-Key: abc',
      'accept-encoding: identity',
      'content-length: 8',
      '',
      '{"é":1}',
    ])
  })

  it('may have an empty body', async () => {
    const receiver = await start()
    await post(open(), receiver.url, { body: new Uint8Array() })
    expect(receiver.requests[0]).toContain('content-length: 0\r\n')
  })

  test.each([
    ['host', 'evil.example'],
    ['Content-Length', '3'],
    ['transfer-encoding', 'chunked'],
    ['connection', 'upgrade'],
    ['x-a\r\nx-b', 'c'],
    ['x-a', 's3cret\r\nx-b: c'],
    ['x-a', 's3cret é'],
  ])('is not sent with the header %j', async (name, value) => {
    const receiver = await start()
    const { failure } = await post(open(), receiver.url, { headers: [[name, value]] })
    expect(failure?.reason).toBe('protocol')
    expect(failure?.finding).not.toContain('s3cret')
    expect(receiver.requests).toEqual([])
  })

  it('ignores proxy variables', async () => {
    const proxy = await start()
    const receiver = await start()
    process.env.http_proxy = proxy.url
    process.env.HTTP_PROXY = proxy.url
    try {
      expect((await post(open(), receiver.url)).answer?.status).toBe(200)
    } finally {
      delete process.env.http_proxy
      delete process.env.HTTP_PROXY
    }
    expect(proxy.connections().made).toBe(0)
  })
})

describe('the answer', () => {
  it('has its headers in order, repeated ones too, names in lower case', async () => {
    const receiver = await start((socket) =>
      socket.write(
        'HTTP/1.1 201 Made\r\nSet-Cookie: a\r\nX: 1\r\nset-cookie: b\r\n__proto__: x\r\ncontent-length: 2\r\n\r\n{}',
      ),
    )
    const { answer, failure } = await post(open(), receiver.url)
    expect(failure).toBeNull()
    expect(answer).toMatchObject({ status: 201 })
    expect(answer?.headers).toEqual([
      ['set-cookie', 'a'],
      ['x', '1'],
      ['set-cookie', 'b'],
      ['__proto__', 'x'],
      ['content-length', '2'],
    ])
  })

  it('is the one behind interim answers', async () => {
    const receiver = await start((socket) =>
      socket.write(`HTTP/1.1 103 Early Hints\r\nx: y\r\n\r\n${cleanAnswer}`),
    )
    expect((await post(open(), receiver.url)).answer).toMatchObject({ status: 200 })
  })

  it('is not decoded', async () => {
    const receiver = await start((socket) =>
      socket.write(
        'HTTP/1.1 200 OK\r\ncontent-encoding: gzip\r\ncontent-length: 2\r\n\r\n\x1f\x8b',
        'latin1',
      ),
    )
    const { answer } = await post(open(), receiver.url)
    expect(Buffer.from(answer?.body ?? [])).toEqual(Buffer.from([0x1f, 0x8b]))
  })

  it('comes with its times; on a kept connection without those of connecting', async () => {
    const receiver = await start()
    const egress = open({ clock: () => 1_700_000_000_000 })
    const first = await post(egress, receiver.url)
    expect(first).toMatchObject({ startedAt: 1_700_000_000_000, failure: null })
    expect(first.timings).toMatchObject({ dns_ms: null, tls_ms: null })
    expect(first.timings.connect_ms).toBeGreaterThanOrEqual(0)
    expect(first.timings.first_byte_ms).toBeGreaterThanOrEqual(0)
    expect(first.durationMs).toBe(first.timings.total_ms)
    const second = await post(egress, receiver.url)
    expect(second.timings).toMatchObject({ dns_ms: null, connect_ms: null, tls_ms: null })
  })
})

describe('a connection that cannot be had', () => {
  it('refused: the finding says where', async () => {
    const receiver = await startRawReceiver(() => {})
    await receiver.close()
    expect((await post(open(), receiver.url)).failure).toMatchObject({
      reason: 'connection',
      finding: `Nothing answers at 127.0.0.1:${receiver.port}: the connection was refused.`,
    })
  })

  it('the next address of a name is tried', async () => {
    const receiver = await start()
    const dialled: string[] = []
    const egress = open({
      openSocket: (options) => {
        dialled.push('host' in options ? String(options.host) : '')
        // Nothing listens on IPv6 here: the second address stands for one that answers.
        return connect({ ...options, port: dialled.length === 1 ? 9 : receiver.port, host: '127.0.0.1' })
      },
    })
    await post(egress, `http://localhost:${receiver.port}/`)
    expect(dialled).toEqual(['127.0.0.1', '::1'])
  })

  it('an address that swallows packets gets a part of the time only', async () => {
    const receiver = await start()
    const dialled: string[] = []
    const egress = open({
      openSocket: (options) => {
        dialled.push('host' in options ? String(options.host) : '')
        // A socket that was never told to connect stays silent, as behind a firewall that drops packets.
        return dialled.length === 1 ? new Socket() : connect({ ...options, host: '127.0.0.1' })
      },
    })
    await post(egress, `http://localhost:${receiver.port}/`, { timeLimitMs: 1000 })
    expect(dialled).toEqual(['127.0.0.1', '::1'])
  })

  it('an address that this machine gets later is closed from then on', async () => {
    const receiver = await start()
    const own: string[] = []
    const egress = createEgress(
      { allowHttp: true, allow: parseEgressAllow('127.0.0.0/8'), ownAddresses: () => own },
      // Each call dials.
      { connectionAgeMs: 0 },
    )
    closers.push(egress.close)
    expect((await post(egress, receiver.url)).failure).toBeNull()
    own.push('127.0.0.1')
    expect((await post(egress, receiver.url)).failure).toMatchObject({
      reason: 'address_blocked',
      finding: expect.stringContaining('an address of this server itself'),
    })
    expect(await egress.checkEndpointUrl(receiver.url)).toMatchObject({ ok: false })
    expect(receiver.requests.length).toBe(1)
  })

  it('the port that this server listens on is closed, by every way to this machine', async () => {
    const receiver = await start()
    const egress = createEgress({
      allowHttp: true,
      allow: parseEgressAllow('0.0.0.0/0, ::/0, 127.0.0.1, localhost'),
      ownPort: () => receiver.port,
    })
    closers.push(egress.close)
    for (const host of ['127.0.0.1', '127.0.0.2', '[::1]', '[::ffff:127.0.0.1]', '0.0.0.0', 'localhost']) {
      const url = `http://${host}:${receiver.port}/`
      expect(await egress.checkEndpointUrl(url)).toMatchObject({ ok: false })
      expect((await post(egress, url)).failure).toMatchObject({
        reason: 'address_blocked',
        finding: expect.stringContaining('Keyhook itself'),
      })
    }
    expect(receiver.connections().made).toBe(0)
    const other = await start()
    expect((await post(egress, other.url)).failure).toBeNull()
  })

  it('a closed URL is refused without a dial', async () => {
    const { dialled, openSocket } = recordDials()
    const egress = open({ openSocket }, '')
    for (const url of [
      'http://127.0.0.1/',
      'http://user@example.com/',
      'ftp://example.com/',
      'nonsense',
      'http://[::1]:25/',
    ]) {
      expect(await post(egress, url)).toMatchObject({ failure: { reason: 'address_blocked' }, answer: null })
    }
    expect(dialled).toEqual([])
  })
})

describe('connections', () => {
  it('are kept: calls one after another use one', async () => {
    const receiver = await start()
    const egress = open()
    for (let call = 0; call < 20; call += 1) await post(egress, receiver.url)
    expect(receiver.connections().made).toBe(1)
  })

  it('are not kept for long, so that a change in DNS is followed', async () => {
    const receiver = await start()
    const egress = open({ connectionAgeMs: 0 })
    for (let call = 0; call < 3; call += 1) await post(egress, receiver.url)
    expect(receiver.connections().made).toBe(3)
  })

  it('are never more at a time than the limit; the others wait', async () => {
    let most = 0
    const receiver = await start((socket) => {
      most = Math.max(most, receiver.connections().open)
      setTimeout(() => socket.write(cleanAnswer), 2)
    })
    const egress = open({ connectionsPerOrigin: 3 })
    const results = await Promise.all(Array.from({ length: 50 }, () => post(egress, receiver.url)))
    expect(results.every(({ failure }) => failure === null)).toBe(true)
    expect(most).toBe(3)
    expect(receiver.requests.length).toBe(50)
  })

  it('waiting for one counts: the time limit holds, and nothing is sent later', async () => {
    const receiver = await start((socket, number) => {
      if (number > 1) socket.write(cleanAnswer)
    })
    const egress = open({ connectionsPerOrigin: 1 })
    const slow = post(egress, receiver.url, { timeLimitMs: 400 })
    const waiting = await post(egress, receiver.url, { timeLimitMs: 100 })
    expect(waiting.failure).toMatchObject({
      reason: 'timeout',
      finding: expect.stringContaining('were in use'),
    })
    expect((await slow).failure?.reason).toBe('timeout')
    expect(receiver.requests.length).toBe(1)
    expect((await post(egress, receiver.url)).failure).toBeNull()
  })

  it('to one endpoint that hangs do not hold up another endpoint', async () => {
    const hangs = await start(() => {})
    const answers = await start()
    const egress = open({ connectionsPerOrigin: 2 })
    const hanging = Array.from({ length: 10 }, () => post(egress, hangs.url, { timeLimitMs: 300 }))
    expect((await post(egress, answers.url)).failure).toBeNull()
    await Promise.all(hanging)
  })

  it('of one owner that hang do not hold up another owner on the same host', async () => {
    const receiver = await start((socket, _number, request) => {
      if (request.startsWith('POST /good')) socket.write(cleanAnswer)
    })
    const egress = open({ connectionsPerOrigin: 2 })
    const controller = new AbortController()
    const hanging = Array.from({ length: 10 }, (_, call) =>
      post(egress, receiver.url, { owner: call % 2 ? 'a' : 'b', signal: controller.signal }),
    )
    await expect.poll(() => receiver.requests.length).toBe(4)
    for (let call = 0; call < 3; call += 1) {
      expect((await post(egress, `${receiver.url}good`, { owner: 'c' })).failure).toBeNull()
    }
    // Those of c used one and the same.
    expect(receiver.connections().made).toBe(5)
    controller.abort()
    await Promise.all(hanging)
  })

  it('that the receiver closed while they were idle are not used', async () => {
    const receiver = await start((socket) => {
      socket.write(cleanAnswer)
      setTimeout(() => socket.end(), 20)
    })
    const egress = open()
    await post(egress, receiver.url)
    await new Promise((resolve) => setTimeout(resolve, 60))
    expect((await post(egress, receiver.url)).failure).toBeNull()
    expect(receiver.connections().made).toBe(2)
  })

  it('that end right behind the answer are not used', async () => {
    const receiver = await start((socket) => socket.end(cleanAnswer))
    const egress = open()
    for (let call = 0; call < 10; call += 1) expect((await post(egress, receiver.url)).failure).toBeNull()
    expect(receiver.requests.length).toBe(10)
  })

  it('a request is sent once even if the connection ends under it', async () => {
    const receiver = await start((socket, number) => {
      if (number === 1) socket.write(cleanAnswer)
      else socket.destroy()
    })
    const egress = open()
    await post(egress, receiver.url)
    expect((await post(egress, receiver.url)).failure).toMatchObject({
      reason: 'connection',
      finding: expect.stringContaining('kept from an earlier call'),
    })
    expect(receiver.requests.length).toBe(2)
  })

  it('idle ones are closed beyond the number that is kept', async () => {
    const receiver = await start((socket) => setTimeout(() => socket.write(cleanAnswer), 20))
    const egress = open({ idleConnections: 2 })
    await Promise.all(Array.from({ length: 6 }, () => post(egress, receiver.url)))
    await expect.poll(() => receiver.connections().open).toBe(2)
  })

  it('are all closed with the egress, and calls under way end as interrupted', async () => {
    const receiver = await start((socket, number) => {
      if (number === 1) socket.write(cleanAnswer)
    })
    const egress = open()
    await post(egress, receiver.url)
    const hanging = post(egress, receiver.url)
    await expect.poll(() => receiver.requests.length).toBe(2)
    await egress.close()
    expect((await hanging).failure?.reason).toBe('interrupted')
    await expect.poll(() => receiver.connections().open).toBe(0)
  })
})

describe('a signal', () => {
  it('ends the call as interrupted, and its connection', async () => {
    const receiver = await start(() => {})
    const controller = new AbortController()
    const call = post(open(), receiver.url, { signal: controller.signal })
    await expect.poll(() => receiver.requests.length).toBe(1)
    controller.abort()
    expect((await call).failure?.reason).toBe('interrupted')
    await expect.poll(() => receiver.connections().open).toBe(0)
  })
  it('that was given before keeps the request from being sent', async () => {
    const receiver = await start()
    const { failure } = await post(open(), receiver.url, { signal: AbortSignal.abort() })
    expect(failure?.reason).toBe('interrupted')
    expect(receiver.requests).toEqual([])
  })
})
