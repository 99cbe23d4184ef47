/** Whatever a receiver does, the exchange ends in time with one verdict, and the next one is clean. */
import { once } from 'node:events'
import { type AddressInfo, createServer, type Socket } from 'node:net'
import { readOutcome } from '@keyhook/contract/read-outcome.ts'
import { describe, expect, it, test } from 'vitest'
import { createEgress } from '../../src/egress/egress.ts'
import type { ExchangeRequest } from '../../src/egress/exchange.ts'
import { parseEgressAllow } from '../../src/egress/policy.ts'
import { cleanAnswer, type RawReceiver, type Reply, startRawReceiver } from '../support/raw-receiver.ts'
import { post } from './exchange-for-test.ts'

const mebibyte = 1_048_576
const head = 'HTTP/1.1 200 OK\r\n'
const chunked = `${head}transfer-encoding: chunked\r\n\r\n`
const tryIt = { allowHttp: true, allow: parseEgressAllow('127.0.0.0/8') }

/** One call that is answered by `reply`, and one that is answered properly. */
async function call(reply: Reply, change: Partial<ExchangeRequest> = {}) {
  const receiver = await startRawReceiver((socket, number, request) => {
    if (number === 1) reply(socket, number, request)
    else socket.write(cleanAnswer)
  })
  const egress = createEgress(tryIt)
  const { failure, answer } = await post(egress, receiver.url, change)
  const next = await post(egress, receiver.url)
  await egress.close()
  await receiver.close()
  expect(next.answer && Buffer.from(next.answer.body).toString()).toBe('{"response":true}')
  expect(receiver.requests.length).toBe(2)
  return {
    reason: failure?.reason ?? null,
    finding: failure?.finding ?? '',
    status: answer?.status ?? null,
    body: Buffer.from(answer?.body ?? []),
    outcome: answer && failure === null ? readOutcome('pre_approval', answer) : null,
  }
}

/** Writes `first`, then `again` every few milliseconds until the connection ends. */
function drip(first: string, again: string): Reply {
  return (socket) => {
    socket.write(first)
    const timer = setInterval(() => socket.write(again), 5)
    socket.on('close', () => clearInterval(timer))
  }
}

/** Writes `first`, then `again` as fast as the connection takes it. */
function flood(first: string, again: string): Reply {
  return (socket) => {
    const more = () => {
      while (!socket.destroyed && socket.write(again)) {}
    }
    socket.on('drain', more)
    socket.write(first)
    more()
  }
}

function say(text: string, then: (socket: Socket) => void = () => {}): Reply {
  return (socket) => socket.write(text, () => then(socket))
}

/** Lets what was written arrive, then cuts the connection without an end. */
const reset = (socket: Socket) => setTimeout(() => socket.resetAndDestroy(), 30)

describe('the time limit covers everything', () => {
  test.concurrent.each<[what: string, reply: Reply, finding: RegExp]>([
    ['no answer', () => {}, /within 500 ms: .* took the request and sent no answer/],
    ['a drip of header bytes', drip(`${head}x: `, 'a'), /headers were not complete/],
    ['a drip of header lines', drip(head, 'x: y\r\n'), /headers were not complete/],
    [
      'a drip of body bytes',
      drip(`${head}content-length: 99999\r\n\r\n`, '.'),
      /body of the answer was still coming/,
    ],
    ['a drip of chunks', drip(chunked, '1\r\n.\r\n'), /still coming/],
    ['a drip of trailers', drip(`${chunked}0\r\n`, 'x: y\r\n'), /still coming/],
    [
      'a body that ends with the connection, which does not end',
      say(`${head}\r\n{"response":true}`),
      /17 bytes so far/,
    ],
  ])('%s', async (_what, reply, finding) => {
    expect((await call(reply, { timeLimitMs: 500 })).finding).toMatch(finding)
  })

  it('a receiver that takes nothing of a large request', async () => {
    const server = createServer({ pauseOnConnect: true }).listen(0, '127.0.0.1')
    await once(server, 'listening')
    const { port } = server.address() as AddressInfo
    const egress = createEgress(tryIt)
    // More than the system's own buffers take.
    const body = Buffer.alloc(32 * mebibyte)
    const { failure } = await post(egress, `http://127.0.0.1:${port}/`, { timeLimitMs: 300, body })
    expect(failure).toMatchObject({
      reason: 'timeout',
      finding: expect.stringMatching(/had not taken the whole request/),
    })
    await egress.close()
    server.close()
  })
})

describe('size and number are limited', () => {
  test.concurrent.each<[what: string, reply: Reply, reason: string, kept: number | null]>([
    [
      'a body of 1 MiB is read',
      say(`${head}content-length: ${mebibyte}\r\n\r\n${'a'.repeat(mebibyte)}`),
      'none',
      mebibyte,
    ],
    [
      'an announced larger one is not waited for',
      say(`${head}content-length: ${mebibyte + 1}\r\n\r\n`),
      'body_too_large',
      0,
    ],
    [
      'a larger one in chunks is cut',
      flood(chunked, `1000\r\n${'a'.repeat(4096)}\r\n`),
      'body_too_large',
      65_536,
    ],
    [
      'a larger one without a length is cut',
      flood(`${head}\r\n`, 'a'.repeat(4096)),
      'body_too_large',
      65_536,
    ],
    [
      'a larger one in chunks of one byte is cut',
      flood(chunked, '1\r\na\r\n'.repeat(4096)),
      'body_too_large',
      32_768,
    ],
    ['a header of more than 16 KiB', say(`${head}x: ${'a'.repeat(17_000)}\r\n\r\n`), 'protocol', null],
    ['a header without end', flood(`${head}x: `, 'a'.repeat(4096)), 'protocol', null],
    ['header lines without end', flood(head, 'x: y\r\n'.repeat(100)), 'protocol', null],
    ['trailers without end', flood(`${chunked}0\r\n`, 'x: y\r\n'.repeat(100)), 'protocol', 0],
    ['a chunk extension without end', flood(`${chunked}1;`, 'a'.repeat(4096)), 'body_too_large', 0],
    ['a reason phrase without end', flood('HTTP/1.1 200 ', 'a'.repeat(4096)), 'protocol', null],
    ['a flood of interim answers', flood('', 'HTTP/1.1 102 Processing\r\n\r\n'), 'protocol', null],
    ['a drip of interim answers', drip('', 'HTTP/1.1 102 Processing\r\n\r\n'), 'protocol', null],
  ])('%s', async (_what, reply, reason, kept) => {
    const result = await call(reply)
    expect(result.reason ?? 'none').toBe(reason)
    expect(result.status === null ? null : result.body.length).toBe(kept)
  })
})

describe('an answer that is not whole is never taken for one, even if what came is JSON', () => {
  const json = '{"response":true}'
  test.concurrent.each<[what: string, reply: Reply, reason: string]>([
    ['closed without a word', (socket) => socket.end(), 'connection'],
    ['reset without a word', reset, 'connection'],
    ['closed in the headers', say(`${head}content-le`, (socket) => socket.end()), 'connection'],
    [
      'a length that is too long',
      say(`${head}content-length: 99\r\n\r\n${json}`, (socket) => socket.end()),
      'connection',
    ],
    [
      'the same with connection: close',
      say(`${head}connection: close\r\ncontent-length: 99\r\n\r\n${json}`, (socket) => socket.end()),
      'connection',
    ],
    [
      'a chunked body without its end',
      say(`${chunked}11\r\n${json}\r\n`, (socket) => socket.end()),
      'connection',
    ],
    [
      'the same with connection: close',
      say(`${head}connection: close\r\ntransfer-encoding: chunked\r\n\r\n11\r\n${json}\r\n`, (socket) =>
        socket.end(),
      ),
      'connection',
    ],
    ['reset in a body with a length', say(`${head}content-length: 99\r\n\r\n${json}`, reset), 'connection'],
    ['reset in a chunked body', say(`${chunked}11\r\n${json}\r\n`, reset), 'connection'],
    ['reset in a body that ends with the connection', say(`${head}\r\n${json}`, reset), 'connection'],
    ['two lengths', say(`${head}content-length: 17\r\ncontent-length: 17\r\n\r\n${json}`), 'protocol'],
    [
      'two lengths that differ',
      say(`${head}content-length: 2\r\ncontent-length: 17\r\n\r\n${json}`),
      'protocol',
    ],
    [
      'a length and chunks',
      say(`${head}content-length: 17\r\ntransfer-encoding: chunked\r\n\r\n11\r\n${json}\r\n0\r\n\r\n`),
      'protocol',
    ],
    ['a length that is not a number', say(`${head}content-length: 0x11\r\n\r\n${json}`), 'protocol'],
    ['a chunk size that is not a number', say(`${chunked}zz\r\n${json}\r\n0\r\n\r\n`), 'protocol'],
    ['HTTP/0.9, just the body', say(json, (socket) => socket.end()), 'protocol'],
    ['another protocol that speaks first', say('SSH-2.0-OpenSSH_9.9\r\n'), 'protocol'],
    ['a TLS alert', say('\x15\x03\x03\x00\x02\x02\x28'), 'protocol'],
    [
      'an upgrade',
      say('HTTP/1.1 101 Switching Protocols\r\nconnection: upgrade\r\nupgrade: x\r\n\r\n'),
      'protocol',
    ],
    ['100 Continue without end', drip('', 'HTTP/1.1 100 Continue\r\n\r\n'), 'protocol'],
  ])('%s', async (_what, reply, reason) => {
    expect((await call(reply)).reason).toBe(reason)
  })

  it('a body that ends with the connection is whole', async () => {
    const { reason, body } = await call(say(`${head}\r\n${json}`, (socket) => socket.end()))
    expect({ reason, body: body.toString() }).toEqual({ reason: null, body: json })
  })
})

describe('bytes after an answer never reach the next call', () => {
  const forged = 'HTTP/1.1 200 OK\r\ncontent-length: 18\r\n\r\n{"response":false}'
  test.concurrent.each<[what: string, reply: Reply]>([
    ['a second answer in the same packet', say(cleanAnswer + forged)],
    ['a second answer in the next packet', say(cleanAnswer, (socket) => socket.write(forged))],
    ['a body behind 204', say(`HTTP/1.1 204 No Content\r\n\r\n${forged}`)],
    [
      'a body behind 204 with a length',
      say(`HTTP/1.1 204 No Content\r\ncontent-length: 18\r\n\r\n${forged}`),
    ],
    ['more than the length says', say(`${head}content-length: 2\r\n\r\n{}${forged}`)],
    ['a second answer behind the last chunk', say(`${chunked}2\r\n{}\r\n0\r\n\r\n${forged}`)],
  ])('%s', async (_what, reply) => {
    // `call` itself expects the second answer to be the right one.
    expect((await call(reply)).reason).toBeNull()
  })
})

describe('a transfer coding that would have to be undone fails as encoding', () => {
  const body = '11\r\n{"response":true}\r\n0\r\n\r\n'
  test.concurrent.each<[what: string, lines: string, outcome: string | boolean | null]>([
    ['chunks alone', 'transfer-encoding: chunked', true],
    ['gzip in chunks', 'transfer-encoding: gzip, chunked', 'encoding'],
    ['the same in two lines', 'transfer-encoding: gzip\r\ntransfer-encoding: chunked', 'encoding'],
    ['an unknown one in chunks', 'Transfer-Encoding: x-own, Chunked', 'encoding'],
    ['chunks, then gzip', 'transfer-encoding: chunked, gzip', 'encoding'],
    ['gzip alone', 'transfer-encoding: gzip', 'encoding'],
  ])('%s', async (_what, lines, expected) => {
    const { outcome } = await call((socket) => socket.end(`${head}${lines}\r\n\r\n${body}`))
    expect(outcome?.status === 'failed' ? outcome.failure_reason : outcome?.decision).toBe(expected)
  })
})

it('a connection that was answered before it took the whole request is not used again', async () => {
  let connections = 0
  const server = createServer((socket) => {
    connections += 1
    socket.on('error', () => {}).once('data', () => socket.pause().write(cleanAnswer))
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`
  const egress = createEgress(tryIt)
  expect((await post(egress, url, { body: Buffer.alloc(32 * mebibyte) })).failure).toBeNull()
  expect((await post(egress, url)).failure).toBeNull()
  expect(connections).toBe(2)
  await egress.close()
  server.close()
})

describe('redirects are answers: one request, and none at the target', () => {
  const statuses = [301, 302, 303, 307, 308]
  test.each<[what: string, location: (own: string, target: string) => string]>([
    ['elsewhere', (_own, target) => target],
    ['a path of the same server', () => '/elsewhere'],
    ['a relative path', () => '../x?y=z'],
    ['an address without a scheme', (_own, target) => target.slice('http:'.length)],
    ['itself', (own) => own],
    ['itself, by an empty address', () => ''],
    ['https', (_own, target) => target.replace('http:', 'https:')],
    ['another scheme', () => 'file:///etc/passwd'],
  ])('to %s', async (_what, location) => {
    const target = await startRawReceiver((socket) => socket.write(cleanAnswer))
    const egress = createEgress(tryIt)
    for (const status of statuses) {
      const receiver: RawReceiver = await startRawReceiver((socket) => {
        const to = location(receiver.url, target.url)
        socket.write(
          `HTTP/1.1 ${status} Moved\r\nlocation: ${to}\r\nrefresh: 0; url=${to}\r\ncontent-length: 0\r\n\r\n`,
        )
      })
      const { answer, failure } = await post(egress, receiver.url)
      expect({ status: answer?.status, failure, requests: receiver.requests.length }).toEqual({
        ...{ status, failure: null, requests: 1 },
      })
      expect(answer && readOutcome('pre_approval', answer)).toMatchObject({ failure_reason: 'redirect' })
      await receiver.close()
    }
    expect(target.connections().made).toBe(0)
    await egress.close()
    await target.close()
  })
})

it('no finding ever holds the value of a header', async () => {
  const replies: Reply[] = [() => {}, reset, say('nonsense'), say(`${head}x: ${'a'.repeat(20_000)}\r\n\r\n`)]
  for (const reply of replies) {
    const headers = [['authorization', 'Bearer s3cret']] as const
    const { finding } = await call(reply, { headers, timeLimitMs: 200 })
    expect(finding).not.toContain('s3cret')
  }
})
