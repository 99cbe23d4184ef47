/** A second opinion on addresses, made of node:net and the registries alone, to hold the guard against. */
import { BlockList, isIPv4 } from 'node:net'
import { specialPurposeCidrs } from './fixtures.ts'

const special = new BlockList()
for (const cidr of [...specialPurposeCidrs(), '224.0.0.0/4', 'ff00::/8']) {
  const [network = '', bits] = cidr.split('/')
  // BlockList would take a rule for mapped addresses as one for every IPv4 address.
  if (network !== '::ffff:0:0') special.addSubnet(network, Number(bits), isIPv4(network) ? 'ipv4' : 'ipv6')
}
const global = new BlockList()
global.addSubnet('2000::', 3, 'ipv6')

/** Whether the Internet at large may know this address; `text` is in a strict spelling. */
export function isPublic(text: string): boolean {
  const family = isIPv4(text) ? 'ipv4' : 'ipv6'
  if (special.check(text, family)) return false
  return family === 'ipv4' || global.check(text, family)
}

/** The first and the last address of a CIDR. */
export function ends(cidr: string): [first: string, last: string] {
  const [network = '', bits = ''] = cidr.split('/')
  const width = isIPv4(network) ? 32 : 128
  const host = (1n << BigInt(width - Number(bits))) - 1n
  const value = isIPv4(network) ? fromIpv4(network) : fromIpv6(network)
  const text = width === 32 ? toIpv4 : toIpv6
  return [text(value & ~host), text(value | host)]
}

export function toIpv4(value: bigint): string {
  return [24n, 16n, 8n, 0n].map((shift) => (value >> shift) & 255n).join('.')
}

export function toIpv6(value: bigint): string {
  return [112n, 96n, 80n, 64n, 48n, 32n, 16n, 0n]
    .map((shift) => ((value >> shift) & 0xffffn).toString(16))
    .join(':')
}

function fromIpv4(text: string): bigint {
  return text.split('.').reduce((value, octet) => value * 256n + BigInt(octet), 0n)
}

function fromIpv6(text: string): bigint {
  const [head = '', tail] = text.split('::')
  const parts = (half: string) => half.split(':').filter(Boolean)
  const missing = tail === undefined ? 0 : 8 - parts(head).length - parts(tail).length
  const groups = [...parts(head), ...Array<string>(missing).fill('0'), ...parts(tail ?? '')]
  return groups.reduce((value, group) => value * 65536n + BigInt(`0x${group}`), 0n)
}
