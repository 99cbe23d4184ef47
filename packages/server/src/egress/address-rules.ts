/**
 * The address guard's one judgement: may this address be dialled? Everything that dials asks here, for IP literals and
 * for each address a name resolves to.
 */
import type ipaddr from 'ipaddr.js'
import { type ClosedRange, closedRanges, metadataRanges } from './closed-ranges.ts'
import { embeddedIpv4 } from './embedded-ipv4.ts'
import { canonical, type IpAddress, type IpRange, inRange, parseAddress, parseRange } from './ip-range.ts'

export type AddressPolicy = {
  /** Ranges that the operator opened. */
  readonly openRanges: readonly IpRange[]
  /** NAT64 prefixes of the operator's network. */
  readonly nat64: readonly IpRange[]
  /** Addresses of this server's own network cards at the moment, in canonical form. */
  readonly ownAddresses: ReadonlySet<string>
}

/** `address` is the one to dial. `what` completes the sentence "It is …". */
export type AddressVerdict =
  | { readonly allowed: true; readonly address: string }
  | { readonly allowed: false; readonly what: string; readonly operatorMayOpen: boolean }

/**
 * Judges one address in text form.
 * `nameOpened`: the operator opened the name it was resolved from, wherever that leads, metadata addresses excepted.
 */
export function judgeAddress(text: string, policy: AddressPolicy, nameOpened = false): AddressVerdict {
  const address = parseAddress(text)
  // Also zone ids (fe80::1%eth0): they name an interface of this machine.
  if (address === null) return { allowed: false, what: 'not a plain IP address', operatorMayOpen: false }
  return judge(address, policy, nameOpened)
}

/** Whether an address that may be dialled leads to this machine, by whatever way. */
export function isOfThisMachine(text: string, { ownAddresses, nat64 }: AddressPolicy): boolean {
  const address = parseAddress(text)
  if (address === null) return false
  return [address, embeddedIpv4(address, nat64) ?? address].some(
    // The unspecified address is taken for loopback by the system.
    (one) => ['loopback', 'unspecified'].includes(one.range()) || ownAddresses.has(canonical(one)),
  )
}

function judge(address: IpAddress, policy: AddressPolicy, nameOpened: boolean): AddressVerdict {
  const behind = embeddedIpv4(address, policy.nat64)
  const metadata = find(metadataRanges, address) ?? (behind && find(metadataRanges, behind))
  if (metadata) return { allowed: false, what: metadata.what, operatorMayOpen: false }
  const allowed: AddressVerdict = { allowed: true, address: canonical(address) }
  if (nameOpened) return allowed

  const openedBy = policy.openRanges.filter((range) => inRange(address, range))
  if (policy.ownAddresses.has(allowed.address) && !openedBy.some(isSingleAddress)) {
    // A wide rule is about the network around this server: it should not let webhooks call Keyhook itself.
    return { allowed: false, what: 'an address of this server itself', operatorMayOpen: true }
  }
  // The operator said that this prefix only leads on.
  const leadsOn = policy.nat64.some((range) => inRange(address, range))
  if (openedBy.length > 0 || leadsOn) return behind ? judgeBehind(behind, policy, allowed) : allowed

  const closed = find(closedRanges, address)
  if (closed) return { allowed: false, what: closed.what, operatorMayOpen: true }
  if (address.kind() === 'ipv6' && !inRange(address, globalUnicast)) {
    return { allowed: false, what: 'not a public address', operatorMayOpen: true }
  }
  return allowed
}

/** Opening a translation prefix (a DNS64 network) opens the way, not every IPv4 address behind it. */
function judgeBehind(behind: ipaddr.IPv4, policy: AddressPolicy, allowed: AddressVerdict): AddressVerdict {
  const verdict = judge(behind, policy, false)
  return verdict.allowed ? allowed : verdict
}

/** All that IANA has given out for the public Internet (RFC 4291); what lies outside is closed without a row. */
const globalUnicast = parseRange('2000::/3') as IpRange

function find(ranges: readonly ClosedRange[], address: IpAddress): ClosedRange | undefined {
  return ranges.find((range) => inRange(address, range))
}

function isSingleAddress(range: IpRange): boolean {
  return range.prefix === (range.first.kind() === 'ipv4' ? 32 : 128)
}
