/** TLS material that one webhook brings with it: a client certificate, and authorities to trust. */
import { once } from 'node:events'
import type { AddressInfo } from 'node:net'
import { createServer, type Server, type TLSSocket, type TlsOptions } from 'node:tls'
import { afterEach, describe, expect, it, test } from 'vitest'
import { createEgress, type Egress, type EgressOptions } from '../../src/egress/egress.ts'
import { parseEgressAllow } from '../../src/egress/policy.ts'
import { createSecureContexts, type ExchangeTls } from '../../src/egress/secure-contexts.ts'
import { cleanAnswer } from '../support/raw-receiver.ts'
import { post } from './exchange-for-test.ts'
import { fixture } from './fixtures.ts'

const serverFile = (name: string) => fixture(`tls/${name}`)
const clientFile = (name: string) => fixture(`client-certificates/${name}`)
const clientOf = (name: string): ExchangeTls => ({
  clientCertificate: { certificate: clientFile(`${name}.pem`), privateKey: clientFile(`${name}.key`) },
})

const servers: Server[] = []
const opened: Egress[] = []
afterEach(async () => {
  for (const egress of opened.splice(0)) await egress.close()
  for (const server of servers.splice(0)) server.close()
})

/** Answers `200` and keeps who asked: the name in the client certificate and the number of the connection. */
async function start(options: TlsOptions = {}) {
  const asked: { client: string | null; connection: number }[] = []
  let connections = 0
  const server = createServer(
    { cert: serverFile('good.pem'), key: serverFile('receiver.key'), ...options },
    (socket: TLSSocket) => {
      connections += 1
      const connection = connections
      const subject = socket.getPeerCertificate().subject
      socket
        .on('error', () => {})
        .on('data', () => {
          asked.push({ client: subject ? String(subject.CN) : null, connection })
          socket.write(cleanAnswer)
        })
    },
  )
  server.on('tlsClientError', () => {})
  servers.push(server.listen(0, '127.0.0.1'))
  await once(server, 'listening')
  return { url: `https://127.0.0.1:${(server.address() as AddressInfo).port}/`, asked }
}

/** A receiver that lets nobody in without a client certificate of this authority. */
const demanding = (options: TlsOptions = {}) =>
  start({ requestCert: true, rejectUnauthorized: true, ca: clientFile('authority.pem'), ...options })

function open(options: EgressOptions = {}): Egress {
  const egress = createEgress(
    { allowHttp: false, allow: parseEgressAllow('127.0.0.0/8') },
    { certificateAuthorities: [serverFile('authority.pem')], ...options },
  )
  opened.push(egress)
  return egress
}

const versions = ['TLSv1.2', 'TLSv1.3'] as const

describe.each(versions)('a receiver that wants a client certificate, %s', (maxVersion) => {
  // The receiver knows the root only: the intermediate of `client-chain` has to come along.
  test.each(['client-a', 'client-chain'])('lets %s in', async (name) => {
    const { url, asked } = await demanding({ maxVersion })
    const { failure, answer } = await post(open(), url, { tls: clientOf(name) })
    expect({ failure, status: answer?.status }).toEqual({ failure: null, status: 200 })
    expect(asked).toEqual([{ client: name, connection: 1 }])
  })

  test.each<[string, ExchangeTls | undefined, TlsOptions, RegExp]>([
    ['none is there', undefined, {}, /wants a client certificate/],
    [
      'it is of an authority that the receiver does not know',
      clientOf('client-a'),
      { ca: serverFile('authority.pem') },
      /did not accept the client certificate|wants a client certificate|which client certificates it accepts/,
    ],
    [
      'it has expired',
      {
        clientCertificate: { certificate: clientFile('expired.pem'), privateKey: clientFile('client-a.key') },
      },
      {},
      /did not accept the client certificate|wants a client certificate|which client certificates it accepts/,
    ],
  ])('nothing is taken when %s, and the finding says so', async (_what, tls, options, words) => {
    const { url, asked } = await demanding({ maxVersion, ...options })
    const { failure, answer } = await post(open(), url, { tls })
    expect(['tls', 'connection']).toContain(failure?.reason)
    expect(`${failure?.finding} ${failure?.advice}`).toMatch(words)
    expect({ answer, asked }).toEqual({ answer: null, asked: [] })
  })
})

describe('a connection with one webhook’s certificate is used for nobody else', () => {
  it('is kept for the same material, however it is passed', async () => {
    const { url, asked } = await demanding()
    const egress = open()
    const first = clientOf('client-a')
    for (const tls of [first, first, structuredClone(first)]) await post(egress, url, { tls })
    expect(asked).toEqual([1, 1, 1].map((connection) => ({ client: 'client-a', connection })))
  })

  it('not for another certificate, another trust, or none', async () => {
    const { url, asked } = await start({ requestCert: true, rejectUnauthorized: false })
    const egress = open()
    const a = clientOf('client-a')
    const trusting = { certificateAuthorities: [serverFile('unknown-authority.pem')] }
    for (const tls of [a, clientOf('client-b'), undefined, { ...a, ...trusting }, trusting, a, undefined]) {
      expect((await post(egress, url, { tls })).failure).toBeNull()
    }
    expect(asked).toEqual([
      { client: 'client-a', connection: 1 },
      { client: 'client-b', connection: 2 },
      { client: null, connection: 3 },
      { client: 'client-a', connection: 4 },
      { client: null, connection: 5 },
      { client: 'client-a', connection: 1 },
      { client: null, connection: 3 },
    ])
  })

  it('not even when it waits for a place', async () => {
    const { url, asked } = await start({ requestCert: true, rejectUnauthorized: false })
    const egress = open({ connectionsPerOrigin: 1 })
    const callers = ['client-a', 'client-b', 'client-a', 'client-b']
    await Promise.all(callers.map((name) => post(egress, url, { tls: clientOf(name) })))
    const byConnection = new Map<number, Set<string | null>>()
    for (const { client, connection } of asked) {
      byConnection.set(connection, (byConnection.get(connection) ?? new Set()).add(client))
    }
    expect(asked.map(({ client }) => client).sort()).toEqual([...callers].sort())
    for (const clients of byConnection.values()) expect(clients.size).toBe(1)
  })
})

describe('an extra authority', () => {
  const ofUnknown: TlsOptions = { cert: serverFile('of-unknown-authority.pem') }
  const extra = { certificateAuthorities: [serverFile('unknown-authority.pem')] }

  it('is trusted by the webhook that brings it and by no other', async () => {
    const { url, asked } = await start(ofUnknown)
    const egress = open()
    expect((await post(egress, url, { tls: extra })).failure).toBeNull()
    const other = await post(egress, url)
    expect(other.failure).toMatchObject({
      reason: 'tls',
      advice: expect.stringMatching(/authority to the webhook/),
    })
    expect(asked).toHaveLength(1)
  })

  it('is trusted beside the usual ones, not instead of them', async () => {
    const { url } = await start()
    expect((await post(open(), url, { tls: extra })).failure).toBeNull()
  })

  it('may be one of several in one text, and come with a client certificate', async () => {
    const { url, asked } = await demanding(ofUnknown)
    const both = clientFile('authority.pem') + serverFile('unknown-authority.pem')
    const tls = { ...clientOf('client-b'), certificateAuthorities: [both] }
    expect((await post(open({ certificateAuthorities: undefined }), url, { tls })).failure).toBeNull()
    expect(asked).toEqual([{ client: 'client-b', connection: 1 }])
  })

  it('does not make a certificate for another name, or one that expired, good', async () => {
    for (const [cert, words] of [
      ['other-name.pem', /for another name/],
      ['expired.pem', /has expired/],
    ] as const) {
      const { url } = await start({ cert: serverFile(cert) })
      const tls = { certificateAuthorities: [serverFile('authority.pem')] }
      const { failure } = await post(open({ certificateAuthorities: undefined }), url, { tls })
      expect(failure).toMatchObject({ reason: 'tls', finding: expect.stringMatching(words) })
    }
  })
})

it('material that TLS does not take ends in a failure', async () => {
  const { url, asked } = await start()
  const { failure } = await post(open(), url, { tls: clientOf('weak') })
  expect(failure).toMatchObject({ reason: 'tls', finding: expect.stringMatching(/EE_KEY_TOO_SMALL/) })
  expect(asked).toEqual([])
})

it('material is parsed once while it is in use, and no more than 64 of it is kept', () => {
  const contexts = createSecureContexts([serverFile('authority.pem')])
  const first = clientOf('client-a')
  const { context, name } = contexts(first)
  const many = Array.from({ length: 63 }, (_, index) => ({
    certificateAuthorities: [`${serverFile('authority.pem')}${'\n'.repeat(index)}`],
  }))
  for (const tls of many) contexts(tls)
  expect(contexts(structuredClone(first)).context).toBe(context)
  for (const tls of many) contexts({ ...tls, ...first })
  contexts(clientOf('client-b'))
  expect(contexts(first).context).not.toBe(context)
  expect(contexts(first).name).toBe(name)
})
