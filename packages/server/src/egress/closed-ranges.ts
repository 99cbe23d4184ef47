/**
 * Where endpoint URLs may not reach unless the operator opens it. Sources: the IANA IPv4 and IPv6 Special-Purpose
 * Address Registries (RFC 6890), every row, reachable or not; multicast, which those registries leave out; and
 * addresses at which cloud platforms serve a machine its own credentials.
 */
import { type IpRange, parseRange } from './ip-range.ts'

export type ClosedRange = IpRange & { readonly what: string }

/**
 * Closed even when an allow rule covers them: there is no receiver behind these, only the machine's identity. All of
 * link-local is closed, because that is where nearly every cloud puts its metadata service.
 */
export const metadataRanges: readonly ClosedRange[] = ranges({
  '169.254.0.0/16': 'a link-local or cloud metadata address',
  'fe80::/10': 'a link-local or cloud metadata address',
  '100.100.100.200': 'the metadata address of Alibaba Cloud',
  '168.63.129.16': 'the platform address of Azure',
  '192.0.0.192': 'the metadata address of Oracle Cloud',
  'fd00:ec2::/32': 'a metadata address of AWS',
  'fd20:ce::254': 'the metadata address of Google Cloud',
  'fd00:c1::a9fe:a9fe': 'the metadata address of Oracle Cloud',
  'fd00:42::42': 'the metadata address of Scaleway',
})

/** Names under which those services are known. Their addresses are closed anyway; this gives the better sentence. */
export const metadataNames: ReadonlySet<string> = new Set([
  'metadata',
  'metadata.google.internal',
  'metadata.goog',
  'instance-data',
  'instance-data.ec2.internal',
  'metadata.tencentyun.com',
])

/** The first range that holds an address names it, so narrow rows stand before wide ones. */
export const closedRanges: readonly ClosedRange[] = ranges({
  '0.0.0.0/8': 'an address of "this network"',
  '10.0.0.0/8': 'a private address',
  '100.64.0.0/10': 'a shared carrier address',
  '127.0.0.0/8': 'a loopback address: this server itself',
  '172.16.0.0/12': 'a private address',
  '192.0.0.0/24': 'an address reserved for protocols',
  '192.0.2.0/24': 'an address for documentation',
  '192.31.196.0/24': 'an AS112 address',
  '192.52.193.0/24': 'a multicast relay address',
  '192.88.99.0/24': 'a 6to4 relay address',
  '192.168.0.0/16': 'a private address',
  '192.175.48.0/24': 'an AS112 address',
  '198.18.0.0/15': 'an address for benchmarks',
  '198.51.100.0/24': 'an address for documentation',
  '203.0.113.0/24': 'an address for documentation',
  '224.0.0.0/4': 'a multicast address',
  '255.255.255.255': 'the broadcast address',
  '240.0.0.0/4': 'a reserved address',
  '::1': 'a loopback address: this server itself',
  '::': 'the unspecified address',
  '::/96': 'an IPv4-compatible address',
  '::ffff:0:0:0/96': 'an IPv4-translated address',
  '64:ff9b::/96': 'a NAT64 address',
  '64:ff9b:1::/48': 'a NAT64 address',
  '100::/64': 'a discard address',
  '100:0:0:1::/64': 'a dummy address',
  '2001::/32': 'a Teredo address',
  '2001:2::/48': 'an address for benchmarks',
  '2001:10::/28': 'an ORCHID address',
  '2001:20::/28': 'an ORCHID address',
  '2001::/23': 'an address reserved for protocols',
  '2001:db8::/32': 'an address for documentation',
  '2002::/16': 'a 6to4 address',
  '2620:4f:8000::/48': 'an AS112 address',
  '3fff::/20': 'an address for documentation',
  '5f00::/16': 'a segment routing address',
  'fc00::/7': 'a private address',
  'fec0::/10': 'a site-local address',
  'ff00::/8': 'a multicast address',
})

function ranges(table: Record<string, string>): ClosedRange[] {
  return Object.entries(table).map(([text, what]) => {
    const range = parseRange(text)
    if (range === null) throw new Error(`${text} is not a range`)
    return { ...range, what }
  })
}
