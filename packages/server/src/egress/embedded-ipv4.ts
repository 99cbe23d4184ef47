import ipaddr from 'ipaddr.js'
import { canonical, type IpAddress, type IpRange, inRange, parseRange } from './ip-range.ts'

/** Where each translation prefix keeps the IPv4 address it leads to: the offset in bytes, and whether it is inverted. */
const prefixes = [
  { range: '64:ff9b::/96', offset: 12 }, // RFC 6052, NAT64
  { range: '64:ff9b:1::/48', offset: 12 }, // RFC 8215, local NAT64, in its /96 form
  { range: '::/96', offset: 12 }, // RFC 4291, IPv4-compatible
  { range: '::ffff:0:0:0/96', offset: 12 }, // RFC 2765, IPv4-translated
  { range: '2002::/16', offset: 2 }, // RFC 3056, 6to4
  { range: '2001::/32', offset: 12, inverted: true }, // RFC 4380, Teredo: the client's address
].map(({ range, ...where }) => {
  const parsed = parseRange(range)
  if (parsed === null) throw new Error(`${range} is not a range`)
  return { range: parsed, inverted: false, ...where }
})

/** Inside ::/96 by number, but addresses of their own (RFC 4291). */
const notCompatible: ReadonlySet<string> = new Set(['::', '::1'])

/**
 * The IPv4 address that a gateway would reach for this IPv6 address, or null when it embeds none. `nat64`: prefixes that a
 * network made of its own addresses; nothing in such an address tells what it is.
 */
export function embeddedIpv4(address: IpAddress, nat64: readonly IpRange[] = []): ipaddr.IPv4 | null {
  if (notCompatible.has(canonical(address))) return null
  const own = nat64.find((range) => inRange(address, range))
  if (own) return behindNat64(address, own.prefix / 8)
  const prefix = prefixes.find(({ range }) => inRange(address, range))
  if (!prefix) return null
  const octets = address.toByteArray().slice(prefix.offset, prefix.offset + 4)
  return new ipaddr.IPv4(prefix.inverted ? octets.map((octet) => octet ^ 0xff) : octets)
}

/** Lengths that a NAT64 prefix can have (RFC 6052, section 2.2). */
export const nat64Lengths: readonly number[] = [32, 40, 48, 56, 64, 96]

/** Behind the prefix, with byte 8 left out. */
function behindNat64(address: IpAddress, offset: number): ipaddr.IPv4 {
  const behind = address.toByteArray().filter((_byte, index) => index >= offset && index !== 8)
  return new ipaddr.IPv4(behind.slice(0, 4))
}
