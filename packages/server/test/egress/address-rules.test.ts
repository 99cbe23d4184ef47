import fc from 'fast-check'
import { describe, expect, it, test } from 'vitest'
import { isOfThisMachine, judgeAddress } from '../../src/egress/address-rules.ts'
import { embeddedIpv4 } from '../../src/egress/embedded-ipv4.ts'
import { type IpAddress, parseAddress } from '../../src/egress/ip-range.ts'
import { addressPolicy, parseEgressAllow, parseNat64 } from '../../src/egress/policy.ts'
import { ends, isPublic, toIpv4, toIpv6 } from './address-oracle.ts'
import { fixture, specialPurposeCidrs } from './fixtures.ts'

const nothingOpen = addressPolicy({ allowHttp: false, allow: [] })
const opened = (allow: string, ownAddresses: string[] = []) =>
  addressPolicy({ allowHttp: false, allow: parseEgressAllow(allow), ownAddresses: () => ownAddresses })
const allows = (address: string, policy = nothingOpen) => judgeAddress(address, policy).allowed

describe('every row of the IANA special-purpose registries is closed at both ends', () => {
  const cidrs = specialPurposeCidrs()
  it('has all rows', () => expect(cidrs.length).toBe(26 + 25))
  test.each(cidrs)('%s', (cidr) => {
    for (const end of ends(cidr)) expect(judgeAddress(end, nothingOpen)).toMatchObject({ allowed: false })
  })
})

describe('every range of safeurl is closed at both ends', () => {
  test.each(fixture('safeurl/blocked-cidrs.txt').trim().split('\n'))('%s', (cidr) => {
    for (const end of ends(cidr)) expect(judgeAddress(end, nothingOpen)).toMatchObject({ allowed: false })
  })
})

describe('what the registries leave out is closed too', () => {
  test.each([
    ['multicast', '224.0.0.1'],
    ['multicast, its last address', '239.255.255.255'],
    ['IPv6 multicast', 'ff02::1'],
    ['the Azure platform address, though public by number', '168.63.129.16'],
    ['IPv4-compatible loopback', '::7f00:1'],
    ['IPv4-compatible metadata', '::a9fe:a9fe'],
    ['IPv4-translated', '::ffff:0:10.0.0.1'],
    ['site-local', 'fec0::1'],
    ['unassigned', '4000::1'],
    ['unassigned', '8000::1'],
    ['another NAT64 prefix, which some filters allow', '64:ff9c::1'],
    ['Teredo', '2001::1'],
    ['6to4 of a public address', '2002:808:808::1'],
    ['NAT64 of a public address', '64:ff9b::808:808'],
    ['a zone id', 'fe80::1%eth0'],
    ['a mapped private address', '::ffff:10.0.0.1'],
    ['a mapped private address in hexadecimal', '::ffff:a00:1'],
  ])('%s: %s', (_what, address) => expect(allows(address)).toBe(false))
})

describe('public addresses are open, up to the edge of the closed ranges', () => {
  test.each([
    '8.8.8.8',
    '1.1.1.1',
    '9.255.255.255',
    '11.0.0.0',
    '100.63.255.255',
    '100.128.0.0',
    '126.255.255.255',
    '128.0.0.0',
    '168.63.129.17',
    '172.15.255.255',
    '172.32.0.0',
    '192.167.255.255',
    '192.169.0.0',
    '223.255.255.255',
    '2001:200::',
    '2001:4860:4860::8888',
    '2606:4700:4700::1111',
    '2003::1',
    '3ffe::1',
  ])('%s', (address) => expect(allows(address)).toBe(true))
})

test.each([
  '127.1',
  '0177.0.0.1',
  '0x7f.0.0.1',
  '2130706433',
  '127.0.0.1.',
  '',
  'localhost',
  '1.2.3.4/8',
  ' 8.8.8.8',
])('what is not a plain address is closed: "%s"', (text) => expect(allows(text)).toBe(false))

test('a mapped address is dialled as the IPv4 address that it is', () => {
  expect(judgeAddress('::ffff:8.8.8.8', nothingOpen)).toEqual({ allowed: true, address: '8.8.8.8' })
})

test('no address that a second opinion calls special is ever open', () => {
  const ipv4 = fc.bigInt({ min: 0n, max: 2n ** 32n - 1n }).map(toIpv4)
  const ipv6 = fc.bigInt({ min: 0n, max: 2n ** 128n - 1n }).map(toIpv6)
  const global = fc.bigInt({ min: 0n, max: 2n ** 125n - 1n }).map((low) => toIpv6(2n ** 125n + low))
  fc.assert(
    fc.property(fc.oneof(ipv4, ipv6, global), (address) => {
      if (allows(address)) expect(isPublic(address)).toBe(true)
    }),
    { numRuns: 2000 },
  )
})

describe('what the operator opens', () => {
  it('opens a range and nothing beside it', () => {
    const policy = opened('10.20.0.0/16, fd12:3456::/32')
    expect(
      ['10.20.0.0', '10.20.255.255', 'fd12:3456::1', '::ffff:10.20.1.1'].map((a) => allows(a, policy)),
    ).toEqual(Array(4).fill(true))
    expect(['10.19.255.255', '10.21.0.0', 'fd12:3457::1'].map((a) => allows(a, policy))).toEqual(
      Array(3).fill(false),
    )
  })

  test.each([
    ['0.0.0.0/0', '169.254.169.254'],
    ['169.254.169.254', '169.254.169.254'],
    ['169.254.0.0/16', '169.254.170.2'],
    ['0.0.0.0/0', '168.63.129.16'],
    ['100.64.0.0/10', '100.100.100.200'],
    ['0.0.0.0/0', '::ffff:169.254.169.254'],
    ['::/0', 'fd00:ec2::254'],
    ['fc00::/7', 'fd20:ce::254'],
    ['::/0', 'fe80::a9fe:a9fe'],
    ['64:ff9b::/96', '64:ff9b::a9fe:a9fe'],
    ['2002::/16', '2002:a9fe:a9fe::1'],
    ['::/0', '::a9fe:a9fe'],
  ])('%s does not open the metadata address %s', (allow, address) => {
    expect(judgeAddress(address, opened(allow))).toMatchObject({ allowed: false, operatorMayOpen: false })
    expect(judgeAddress(address, opened(allow), true)).toMatchObject({ allowed: false })
  })

  it('opening a NAT64 prefix judges the IPv4 address behind it', () => {
    const policy = opened('64:ff9b::/96')
    expect(allows('64:ff9b::808:808', policy)).toBe(true)
    expect(allows('64:ff9b::a00:1', policy)).toBe(false)
    expect(allows('64:ff9b::a00:1', opened('64:ff9b::/96, 10.0.0.0/8'))).toBe(true)
  })

  it('an opened name may lead to a private address', () => {
    expect(judgeAddress('10.0.0.5', nothingOpen, true)).toEqual({ allowed: true, address: '10.0.0.5' })
  })

  it('addresses of this server stay closed under a wide rule, and open when named', () => {
    const own = ['10.0.0.5', '198.100.0.1']
    expect(allows('10.0.0.5', opened('10.0.0.0/8', own))).toBe(false)
    expect(allows('10.0.0.6', opened('10.0.0.0/8', own))).toBe(true)
    expect(allows('198.100.0.1', opened('', own))).toBe(false)
    expect(allows('10.0.0.5', opened('10.0.0.0/8, 10.0.0.5', own))).toBe(true)
  })
})

test.each([
  ['127.0.0.1', true],
  ['127.200.0.1', true],
  ['::1', true],
  ['::ffff:127.0.0.1', true],
  ['64:ff9b::7f00:1', true],
  ['0.0.0.0', true],
  ['::', true],
  ['10.0.0.5', true],
  ['::ffff:10.0.0.5', true],
  ['10.0.0.6', false],
  ['8.8.8.8', false],
])('%s is of this machine, which has 10.0.0.5: %s', (address, ours) => {
  expect(isOfThisMachine(address, opened('', ['10.0.0.5']))).toBe(ours)
})

describe('under a NAT64 prefix of the network', () => {
  // RFC 6052, section 2.4: 192.0.2.33 under prefixes of each length.
  test.each([
    ['2001:db8::/32', '2001:db8:c000:221::'],
    ['2001:db8:100::/40', '2001:db8:1c0:2:21::'],
    ['2001:db8:122::/48', '2001:db8:122:c000:2:2100::'],
    ['2001:db8:122:300::/56', '2001:db8:122:3c0:0:221::'],
    ['2001:db8:122:344::/64', '2001:db8:122:344:c0:2:2100:0'],
    ['2001:db8:122:344::/96', '2001:db8:122:344::192.0.2.33'],
  ])('%s: %s leads to the IPv4 address inside', (prefix, address) => {
    const found = embeddedIpv4(parseAddress(address) as IpAddress, parseNat64(prefix))
    expect(found?.toString()).toBe('192.0.2.33')
  })

  const policy = (allow = '') => {
    const nat64 = parseNat64('2a00:64::/96')
    return addressPolicy({ allowHttp: false, allow: parseEgressAllow(allow), nat64 })
  }
  it('the IPv4 address inside is judged', () => {
    expect(allows('2a00:64::10.0.0.1')).toBe(true)
    expect(allows('2a00:64::10.0.0.1', policy())).toBe(false)
    expect(allows('2a00:64::127.0.0.1', policy())).toBe(false)
    expect(allows('2a00:64::8.8.8.8', policy())).toBe(true)
    expect(allows('2a00:64::10.0.0.1', policy('10.0.0.0/8'))).toBe(true)
    expect(allows('2a00:64::169.254.169.254', policy('0.0.0.0/0, 2a00:64::/96'))).toBe(false)
    expect(isOfThisMachine('2a00:64::127.0.0.1', policy())).toBe(true)
  })

  test.each(['10.0.0.0/8', '2001:db8::/33', '2001:db8::1', 'x'])('%s is no such prefix', (text) => {
    expect(() => parseNat64(text)).toThrow(/Write it like 2001:db8:64::\/96/)
  })
})
