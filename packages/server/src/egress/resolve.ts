/** From a name to all of its addresses. What may be done with them is judged elsewhere. */
import { Resolver } from 'node:dns/promises'
import { createHostsFile } from './hosts-file.ts'

/** However long an exchange may take: a name that is not there in this time is not there. Milliseconds. */
const defaultTimeLimitMs = 5000

export type Lookup =
  | { readonly ok: true; readonly addresses: readonly string[] }
  /** `not_found`: DNS says that there is no such name or no address for it. `failed`: DNS answered with an error. */
  | { readonly ok: false; readonly problem: 'not_found' | 'timeout' | 'failed' }

export type ResolveName = (name: string) => Promise<Lookup>

export type ResolveOptions = {
  /** `address:port` of DNS servers instead of the system's. */
  readonly dnsServers?: readonly string[] | undefined
  readonly hostsFile?: string | undefined
  readonly lookupTimeLimitMs?: number | undefined
}

/**
 * Looks names up as the system would: `localhost` by definition (RFC 6761), then the hosts file, then DNS. DNS goes
 * through c-ares, not `dns.lookup`: that one blocks a thread of a pool of four, so that a few names whose servers
 * are silent would stall every other lookup and file access of the process.
 * Callers that ask for a name while it is being looked up share the answer; nothing is kept after that.
 */
export function createResolveName(options: ResolveOptions = {}): ResolveName {
  const hosts = createHostsFile(options.hostsFile)
  const underWay = new Map<string, Promise<Lookup>>()

  async function lookUp(name: string): Promise<Lookup> {
    if (name === 'localhost' || name.endsWith('.localhost'))
      return { ok: true, addresses: ['127.0.0.1', '::1'] }
    const listed = (await hosts()).get(name)
    if (listed) return { ok: true, addresses: listed }
    return queryDns(name, options.lookupTimeLimitMs ?? defaultTimeLimitMs, options.dnsServers)
  }

  return (name) => {
    let lookup = underWay.get(name)
    if (!lookup) {
      lookup = lookUp(name).finally(() => underWay.delete(name))
      underWay.set(name, lookup)
    }
    return lookup
  }
}

/** Asks for A and AAAA at once. A family that fails is left out when the other one is there. */
async function queryDns(name: string, timeLimitMs: number, servers?: readonly string[]): Promise<Lookup> {
  // A resolver of its own: `cancel` ends all queries of a resolver.
  const resolver = new Resolver({ timeout: Math.ceil(timeLimitMs / 3), tries: 2 })
  if (servers) resolver.setServers(servers)
  const timer = setTimeout(() => resolver.cancel(), timeLimitMs)
  try {
    const families = await Promise.allSettled([resolver.resolve4(name), resolver.resolve6(name)])
    const addresses = families.flatMap((family) => (family.status === 'fulfilled' ? family.value : []))
    if (addresses.length > 0) return { ok: true, addresses }
    return { ok: false, problem: worst(families) }
  } finally {
    clearTimeout(timer)
  }
}

function worst(families: readonly PromiseSettledResult<string[]>[]): 'not_found' | 'timeout' | 'failed' {
  const codes = families.map((family) =>
    family.status === 'rejected' ? String(family.reason?.code) : 'ENODATA',
  )
  if (codes.every((code) => notFoundCodes.has(code))) return 'not_found'
  return codes.some((code) => code === 'ETIMEOUT' || code === 'ECANCELLED') ? 'timeout' : 'failed'
}

/** EBADNAME: a name that DNS cannot carry. */
const notFoundCodes: ReadonlySet<string> = new Set(['ENOTFOUND', 'ENODATA', 'EBADNAME'])
