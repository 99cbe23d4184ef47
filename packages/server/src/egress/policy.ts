/** What the operator decides about outbound calls: server configuration, never a field of the API. */
import type { AddressPolicy } from './address-rules.ts'
import { metadataNames } from './closed-ranges.ts'
import { nat64Lengths } from './embedded-ipv4.ts'
import { canonical, type IpRange, parseAddress, parseRange } from './ip-range.ts'
import { belongsToInnerService, speaksAnotherProtocol } from './ports.ts'

/**
 * One entry of `KEYHOOK_EGRESS_ALLOW`. A wildcard rule covers every name below `name`, not `name` itself. A port is opened
 * at every address that may be called.
 */
export type AllowRule =
  | { readonly kind: 'range'; readonly range: IpRange }
  | { readonly kind: 'port'; readonly port: number }
  | { readonly kind: 'name'; readonly name: string; readonly wildcard: boolean }

export type EgressPolicy = {
  /** `http:` endpoint URLs are allowed beside `https:`. */
  readonly allowHttp: boolean
  readonly allow: readonly AllowRule[]
  /** Prefixes under which a gateway of this network translates to IPv4. */
  readonly nat64?: readonly IpRange[]
  /** Addresses of this server's network cards now; closed unless a rule names one of them exactly. */
  readonly ownAddresses?: () => readonly string[]
  /** The port that this server listens on, once it does; closed at every address of this machine whatever is allowed. */
  readonly ownPort?: () => number | null
}

const example =
  'Write CIDRs, IP addresses, names and ports, for example: 10.20.0.0/16, ::1, hooks.example.com, *.corp.example, :9200'

/**
 * Parses entries separated by commas or white space. An empty text opens nothing.
 * Throws an Error that names the wrong entry and its position, counted from 1.
 */
export function parseEgressAllow(text: string): AllowRule[] {
  return text
    .split(/[\s,]+/)
    .filter(Boolean)
    .map((entry, index) => parseRule(entry, index + 1))
}

function parseRule(entry: string, position: number): AllowRule {
  const bare = entry.replace(/^\[(.*)\]$/, '$1')
  const range = parseRange(bare)
  if (range) return { kind: 'range', range }
  const port = /^:([1-9]\d{0,4})$/.exec(entry)?.[1]
  if (port !== undefined) return portRule(Number(port), entry, position)
  const wildcard = entry.startsWith('*.')
  const name = (wildcard ? entry.slice(2) : entry).toLowerCase().replace(/\.$/, '')
  const problem = nameProblem(entry, name)
  if (problem) throw new Error(`entry ${position} ("${entry}") ${problem} ${example}.`)
  return { kind: 'name', name, wildcard }
}

function portRule(port: number, entry: string, position: number): AllowRule {
  if (belongsToInnerService(port)) return { kind: 'port', port }
  const why = speaksAnotherProtocol(port)
    ? 'is a port of another protocol than HTTP, which stays closed.'
    : 'is no port that can be opened: it is not closed.'
  throw new Error(`entry ${position} ("${entry}") ${why} ${example}.`)
}

function nameProblem(entry: string, name: string): string | null {
  if (/^[\d./]+$/.test(entry) || /[:/]/.test(entry)) {
    return 'is neither an IP address nor a CIDR (and takes no scheme, port or path).'
  }
  if (metadataNames.has(name)) return 'is a cloud metadata service, which stays closed.'
  if (
    name.length > 253 ||
    !name.split('.').every((label) => /^[a-z0-9_]([a-z0-9_-]{0,61}[a-z0-9_])?$/.test(label))
  ) {
    return 'is not a name; a wildcard is only possible as the first part.'
  }
  return null
}

/** Parses NAT64 prefixes separated by commas or white space. Throws what would be right. */
export function parseNat64(text: string): IpRange[] {
  return text
    .split(/[\s,]+/)
    .filter(Boolean)
    .map((entry) => {
      const range = parseRange(entry)
      if (range?.first.kind() === 'ipv6' && nat64Lengths.includes(range.prefix)) return range
      throw new Error(
        `"${entry}" is not an IPv6 prefix of ${nat64Lengths.join(', ')} bits. Write it like 2001:db8:64::/96.`,
      )
    })
}

/** Whether the operator opened this name (lower case, no dot at the end), wherever it resolves to. */
export function opensName(policy: EgressPolicy, name: string): boolean {
  return policy.allow.some((rule) => {
    if (rule.kind !== 'name') return false
    return rule.wildcard ? name.endsWith(`.${rule.name}`) : name === rule.name
  })
}

/** Whether the operator opened this port, one at which inner services listen. */
export function opensPort(policy: EgressPolicy, port: number): boolean {
  return policy.allow.some((rule) => rule.kind === 'port' && rule.port === port)
}

/** As it is now: to be made for each judgement. */
export function addressPolicy(policy: EgressPolicy): AddressPolicy {
  return {
    openRanges: policy.allow.flatMap((rule) => (rule.kind === 'range' ? [rule.range] : [])),
    nat64: policy.nat64 ?? [],
    ownAddresses: new Set(policy.ownAddresses?.().map((text) => canonicalText(text))),
  }
}

/** Network cards are listed with zones and in other spellings. */
function canonicalText(text: string): string {
  const address = parseAddress(text)
  return address ? canonical(address) : text
}
