/** Addresses and ranges of addresses, on top of ipaddr.js. Only strict spellings are read. */
import { isIP } from 'node:net'
import ipaddr from 'ipaddr.js'

export type IpAddress = ipaddr.IPv4 | ipaddr.IPv6

/** A CIDR; a single address is a range of one. `text` is how it was written. */
export type IpRange = { readonly text: string; readonly first: IpAddress; readonly prefix: number }

/**
 * An address as `node:net` reads it, or null. ipaddr.js alone would also take `127.1` and `0177.0.0.1`, which the
 * next program may read as another address. `::ffff:a.b.c.d` comes back as the IPv4 address that it reaches.
 */
export function parseAddress(text: string): IpAddress | null {
  if (isIP(text) === 0 || text.includes('%')) return null
  return ipaddr.process(text)
}

/** `10.0.0.0/8`, `fd00::/8`, `192.0.2.7`; null for anything else. */
export function parseRange(text: string): IpRange | null {
  const slash = text.indexOf('/')
  const address = slash === -1 ? text : text.slice(0, slash)
  if (isIP(address) === 0 || address.includes('%')) return null
  const first = ipaddr.parse(address)
  const width = first.kind() === 'ipv4' ? 32 : 128
  const bits = slash === -1 ? String(width) : text.slice(slash + 1)
  if (!/^(0|[1-9]\d{0,2})$/.test(bits) || Number(bits) > width) return null
  return unmapped({ text, first, prefix: Number(bits) })
}

export function inRange(address: IpAddress, range: IpRange): boolean {
  return address.kind() === range.first.kind() && address.match([range.first, range.prefix] as never)
}

/** The one spelling that is dialled, compared and shown. */
export function canonical(address: IpAddress): string {
  return address instanceof ipaddr.IPv6 ? address.toRFC5952String() : address.toString()
}

/** Addresses are unmapped before they are compared, so a rule for mapped addresses has to be a rule for IPv4. */
function unmapped(range: IpRange): IpRange | null {
  if (!(range.first instanceof ipaddr.IPv6) || !range.first.isIPv4MappedAddress()) return range
  if (range.prefix < 96) return null
  return { ...range, first: range.first.toIPv4Address(), prefix: range.prefix - 96 }
}
