/** DNS answers through a real DNS server; which addresses are dialled is recorded, none but loopback ones are reached. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterAll, beforeAll, beforeEach, describe, expect, it, test } from 'vitest'
import { createEgress, type EgressOptions } from '../../src/egress/egress.ts'
import { parseEgressAllow } from '../../src/egress/policy.ts'
import { type DnsAnswer, type DnsServer, startDnsServer } from '../support/dns-server.ts'
import { recordDials } from './dials.ts'
import { post } from './exchange-for-test.ts'

let dns: DnsServer
let answer: (name: string, type: 'A' | 'AAAA') => DnsAnswer
let receiver: Server
let port: number
const folder = mkdtempSync(path.join(tmpdir(), 'keyhook-hosts-'))
const hostsFile = path.join(folder, 'hosts')

beforeAll(async () => {
  dns = await startDnsServer((name, type) => answer(name, type))
  receiver = createServer((request, response) =>
    request.resume().on('end', () => response.end('{"response":true}')),
  )
  await new Promise<void>((resolve) => receiver.listen(0, '127.0.0.1', resolve))
  port = (receiver.address() as AddressInfo).port
})
afterAll(async () => {
  await dns.close()
  receiver.closeAllConnections()
  receiver.close()
  rmSync(folder, { recursive: true })
})
beforeEach(() => {
  answer = () => ({ rcode: 'NXDOMAIN' })
  writeFileSync(
    hostsFile,
    '127.0.0.1 ignored.example.com # comment\n10.0.0.9 Listed.example.com listed2.example.com\nnonsense\n',
  )
})

/** Calls `name` with these answers: what was dialled, and what came of it. */
async function call(
  name: string,
  found: DnsAnswer | ((type: 'A' | 'AAAA') => DnsAnswer),
  allow = '',
  options: EgressOptions = {},
) {
  answer = (_name, type) => (typeof found === 'function' ? found(type) : found)
  const { dialled, openSocket } = recordDials()
  const policy = { allowHttp: true, allow: parseEgressAllow(allow), ownAddresses: () => [] }
  const egress = createEgress(policy, { dnsServers: [dns.address], hostsFile, openSocket, ...options })
  const result = await post(egress, `http://${name}:${port}/`, { timeLimitMs: 2000 })
  await egress.close()
  return { dialled, result, reason: result.failure?.reason ?? null, finding: result.failure?.finding ?? '' }
}
const addresses = (...list: string[]): DnsAnswer => ({ addresses: list })

describe('a name is refused, and nothing is dialled, when it leads to', () => {
  test.each<[what: string, found: DnsAnswer]>([
    ['a private address', addresses('10.0.0.1')],
    ['loopback', addresses('127.0.0.1')],
    ['a metadata address', addresses('169.254.169.254')],
    ['a public and a private address', addresses('8.8.8.8', '192.168.1.1')],
    ['a private address at the end of many', addresses(...many(200), '10.0.0.1')],
    ['a public A and a private AAAA', addresses('8.8.8.8', 'fd00::1')],
    ['a mapped private address', addresses('::ffff:10.0.0.1')],
    ['a NAT64 address', addresses('64:ff9b::8.8.8.8')],
    ['an alias of a private name', { addresses: ['10.0.0.1'], cname: 'db.corp.internal' }],
    [
      'a public address with the lifetime 0 and a private one',
      { addresses: ['8.8.8.8', '10.0.0.1'], ttl: 0 },
    ],
    ['a thousand addresses', addresses(...many(1000))],
  ])('%s', async (_what, found) => {
    const { dialled, reason } = await call('hooks.example.com', found)
    expect({ dialled, reason }).toEqual({ dialled: [], reason: 'address_blocked' })
  })
})

describe('a name is dialled at the address that was checked', () => {
  test.each<[what: string, found: DnsAnswer, dialled: string[]]>([
    ['an A record', addresses('8.8.8.8'), ['8.8.8.8']],
    ['an AAAA record', addresses('2606:4700::1111'), ['2606:4700::1111']],
    [
      'both: IPv4 first, then the other',
      addresses('2606:4700::1111', '8.8.8.8'),
      ['8.8.8.8', '2606:4700::1111'],
    ],
    ['a mapped public address, as IPv4', addresses('::ffff:8.8.8.8'), ['8.8.8.8']],
    ['an alias of a public name', { addresses: ['8.8.8.8'], cname: 'cdn.example.net' }, ['8.8.8.8']],
    [
      'an answer over TCP, because it is long; at most four addresses are tried',
      addresses(...many(250)),
      many(4),
    ],
  ])('%s', async (_what, found, expected) => {
    const { dialled, reason } = await call('hooks.example.com', found)
    expect({ dialled, reason }).toEqual({ dialled: expected, reason: 'connection' })
  })

  it('with one question for each family and no second one between check and dial', async () => {
    dns.questions.length = 0
    let asked = 0
    // Public for the first question of each family, private ever after: what a rebinding attack does.
    const { dialled } = await call('rebind.example.com', (type) => {
      if (type === 'AAAA') return addresses()
      asked += 1
      return asked === 1 ? addresses('8.8.8.8') : addresses('127.0.0.1')
    })
    expect(dialled).toEqual(['8.8.8.8'])
    expect(dns.questions).toEqual(['rebind.example.com', 'rebind.example.com'])
  })
})

it('a name that was public when it was saved and is private when it is sent is refused when it is sent', async () => {
  const { dialled, openSocket } = recordDials()
  const egress = createEgress(
    { allowHttp: true, allow: [] },
    { dnsServers: [dns.address], hostsFile, openSocket },
  )
  answer = () => addresses('8.8.8.8')
  expect(await egress.checkEndpointUrl('https://moving.example.com/')).toMatchObject({ ok: true })
  answer = () => addresses('127.0.0.1')
  expect(await post(egress, 'https://moving.example.com/')).toMatchObject({
    failure: { reason: 'address_blocked' },
  })
  expect(dialled).toEqual([])
  await egress.close()
})

describe('when it is saved', () => {
  const check = async (url: string, found: DnsAnswer, options = {}) => {
    answer = () => found
    const egress = createEgress({ allowHttp: false, allow: [] }, { dnsServers: [dns.address], hostsFile })
    const checked = await egress.checkEndpointUrl(url, options)
    await egress.close()
    return checked
  }
  it('a name that leads inside is refused, without telling where', async () => {
    const checked = await check('https://hooks.example.com/', addresses('10.1.2.3'))
    expect(checked).toMatchObject({ ok: false, finding: expect.stringContaining('a private address') })
    expect(JSON.stringify(checked)).not.toContain('10.1.2.3')
  })
  it('a name that is not there yet passes', async () => {
    expect(await check('https://soon.example.com/', { rcode: 'NXDOMAIN' })).toMatchObject({ ok: true })
  })
  test.each<DnsAnswer>([{ rcode: 'NXDOMAIN' }, { rcode: 'SERVFAIL' }, addresses('10.1.2.3')])(
    'a name that must resolve passes only when it leads to public addresses: %o',
    async (found) => {
      const mustResolve = { mustResolve: true }
      expect(await check('https://hooks.example.com/', found, mustResolve)).toMatchObject({ ok: false })
      const there = await check('https://hooks.example.com/', addresses('8.8.8.8'), mustResolve)
      expect(there).toMatchObject({ ok: true })
    },
  )
})

describe('a name that has no address is a failure that says so', () => {
  test.each<[what: string, found: DnsAnswer, reason: string, finding: RegExp]>([
    ['it does not exist', { rcode: 'NXDOMAIN' }, 'connection', /was not found/],
    ['it has no records', addresses(), 'connection', /was not found/],
    [
      'an alias that leads nowhere',
      { addresses: [], cname: 'gone.example.net' },
      'connection',
      /was not found/,
    ],
    ['the DNS server has an error', { rcode: 'SERVFAIL' }, 'connection', /answered with an error/],
    ['the DNS server refuses', { rcode: 'REFUSED' }, 'connection', /answered with an error/],
  ])('%s', async (_what, found, expected, finding) => {
    const result = await call('hooks.example.com', found)
    expect(result.reason).toBe(expected)
    expect(result.finding).toMatch(finding)
  })

  it('DNS is silent: the deadline of the exchange holds', async () => {
    answer = () => 'silent'
    const egress = createEgress({ allowHttp: true, allow: [] }, { dnsServers: [dns.address], hostsFile })
    const result = await post(egress, 'http://hooks.example.com/', { timeLimitMs: 150 })
    expect(result.failure).toMatchObject({ reason: 'timeout', finding: expect.stringContaining('looked up') })
    expect(result.timings).toMatchObject({ dns_ms: null, connect_ms: null })
    await egress.close()
  })

  it('a silent AAAA does not hold up a name that has an A record for longer than the lookup may take', async () => {
    const { dialled } = await call(
      'hooks.example.com',
      (type) => (type === 'A' ? addresses('8.8.8.8') : 'silent'),
      '',
      {
        lookupTimeLimitMs: 500,
      },
    )
    expect(dialled).toEqual(['8.8.8.8'])
  })

  it('names that are silent do not hold up others', async () => {
    answer = (name) => (name.startsWith('silent') ? 'silent' : addresses('8.8.8.8'))
    const { dialled, openSocket } = recordDials()
    const egress = createEgress(
      { allowHttp: true, allow: [] },
      { dnsServers: [dns.address], hostsFile, openSocket },
    )
    const order: string[] = []
    const silent = Array.from({ length: 40 }, (_, index) =>
      post(egress, `http://silent-${index}.example.com/`, { timeLimitMs: 1000 }).then(() =>
        order.push('silent'),
      ),
    )
    await post(egress, 'http://quick.example.com/').then(() => order.push('quick'))
    await Promise.all(silent)
    expect(order[0]).toBe('quick')
    expect(dialled).toEqual(['8.8.8.8'])
    await egress.close()
  })
})

describe('names that are not asked of DNS', () => {
  it('localhost is loopback by definition', async () => {
    const { dialled, result } = await call('localhost', addresses('8.8.8.8'), '127.0.0.0/8, ::1, localhost')
    expect(dialled).toEqual(['127.0.0.1'])
    expect(result.failure).toBeNull()
  })
  it('the hosts file comes before DNS, and is judged like DNS', async () => {
    const closed = await call('listed.example.com', addresses('8.8.8.8'))
    expect(closed).toMatchObject({ dialled: [], reason: 'address_blocked' })
    const open = await call('listed2.example.com', addresses('8.8.8.8'), '10.0.0.0/8')
    expect(open).toMatchObject({ dialled: ['10.0.0.9'], reason: 'connection' })
  })
  it('calls at the same time share one lookup', async () => {
    dns.questions.length = 0
    answer = () => ({ addresses: ['8.8.8.8'], delayMs: 50 })
    const { dialled, openSocket } = recordDials()
    const egress = createEgress(
      { allowHttp: true, allow: [] },
      { dnsServers: [dns.address], hostsFile, openSocket },
    )
    await Promise.all(Array.from({ length: 10 }, () => post(egress, 'http://shared.example.com/')))
    expect(dns.questions.length).toBe(2)
    expect(dialled.length).toBe(10)
    await egress.close()
  })
})

describe('what the operator opened', () => {
  it('a range opens the names that lead into it', async () => {
    const { dialled } = await call('hooks.example.com', addresses('10.20.0.5'), '10.20.0.0/16')
    expect(dialled).toEqual(['10.20.0.5'])
  })
  it('a name opens itself, wherever it leads', async () => {
    const { result } = await call('hooks.corp.internal', addresses('127.0.0.1'), '*.corp.internal')
    expect(result.answer?.status).toBe(200)
    expect(result.timings.dns_ms).not.toBeNull()
  })
  it('but never to a metadata address', async () => {
    const result = await call(
      'hooks.corp.internal',
      addresses('169.254.169.254'),
      '*.corp.internal, 169.254.0.0/16',
    )
    expect(result).toMatchObject({ dialled: [], reason: 'address_blocked' })
  })
})

it('a socket that ends at another address than the one checked is not used', async () => {
  answer = () => addresses('8.8.8.8')
  let requests = 0
  receiver.on('request', () => {
    requests += 1
  })
  const { openSocket } = recordDials()
  const egress = createEgress(
    { allowHttp: true, allow: [] },
    { dnsServers: [dns.address], hostsFile, openSocket: () => openSocket({ host: '127.0.0.1', port }) },
  )
  const result = await post(egress, `http://hooks.example.com:${port}/`)
  expect(result.failure).toMatchObject({
    reason: 'address_blocked',
    finding: expect.stringContaining('another address'),
  })
  expect(requests).toBe(0)
  await egress.close()
})

it('a literal address is judged at the dial too, where no name is looked up', async () => {
  dns.questions.length = 0
  const { dialled, reason } = await call('127.0.0.1', addresses('8.8.8.8'))
  expect({ dialled, reason, asked: dns.questions }).toEqual({
    dialled: [],
    reason: 'address_blocked',
    asked: [],
  })
})

/** Different public addresses. */
function many(count: number): string[] {
  return Array.from({ length: count }, (_, index) => `8.8.${Math.floor(index / 250)}.${(index % 250) + 1}`)
}
