/** The way out: every call to an endpoint URL goes through here, from save and test to invoke and retries. */
import { concurrencyLimits } from '@keyhook/contract/setting-limits.ts'
import { type Clock, systemClock } from '../lib/clock.ts'
import { BodyBudget } from './body-budget.ts'
import { ConnectionPool } from './connection-pool.ts'
import type { Deadline } from './deadline.ts'
import type { OpenSocket } from './dial.ts'
import { type Endpoint, endpointOf } from './endpoint.ts'
import { type EndpointUrl, hostOf, parseEndpointUrl, portOf } from './endpoint-url.ts'
import { type ExchangeRequest, type ExchangeResult, exchange } from './exchange.ts'
import { ExchangeFailed, type Failure } from './failure.ts'
import { createOwnAddresses } from './own-addresses.ts'
import type { EgressPolicy } from './policy.ts'
import type { EgressProxy } from './proxy.ts'
import { createResolveName } from './resolve.ts'
import { createSecureContexts } from './secure-contexts.ts'
import { createVet } from './vet.ts'

export type EgressOptions = {
  readonly clock?: Clock | undefined
  /** `address:port` of DNS servers instead of the system's. */
  readonly dnsServers?: readonly string[] | undefined
  readonly hostsFile?: string | undefined
  /** Milliseconds that one lookup of a name may take. */
  readonly lookupTimeLimitMs?: number | undefined
  /** Certificates (PEM) to trust instead of the built-in authorities. */
  readonly certificateAuthorities?: readonly string[] | undefined
  /** Connections of one owner at a time to one scheme, name and port. */
  readonly connectionsPerOrigin?: number | undefined
  /** Idle connections kept in all. */
  readonly idleConnections?: number | undefined
  /** Milliseconds after which a connection is not used again, so that a change in DNS is followed. */
  readonly connectionAgeMs?: number | undefined
  /** The way out, when there is no other. */
  readonly proxy?: EgressProxy | null | undefined
  /** How TCP connections are opened. */
  readonly openSocket?: OpenSocket | undefined
}

export type Egress = {
  /**
   * Whether an endpoint URL may be saved, in good time and in friendly words; binding is only the check of each call.
   * A name that does not resolve passes unless it must: its DNS record may come later, and a test call says so.
   */
  readonly checkEndpointUrl: (
    text: string,
    options?: { readonly mustResolve?: boolean },
  ) => Promise<EndpointUrl>
  /** The part of that check that needs no name to be looked up. */
  readonly parseEndpointUrl: (text: string) => EndpointUrl
  readonly exchange: (request: ExchangeRequest) => Promise<ExchangeResult>
  /** Ends calls under way as `interrupted` and closes all connections. */
  readonly close: () => Promise<void>
}

/** Memory that bodies of more than 64 KiB may take together, in bytes. */
const sharedBodyBytes = 8 * 1_048_576
/** How many endpoint URLs are remembered in parsed form. */
const rememberedUrls = 1000

export function createEgress(policy: EgressPolicy, options: EgressOptions = {}): Egress {
  const rules = { ...policy, ownAddresses: policy.ownAddresses ?? createOwnAddresses() }
  const vet = createVet(rules, createResolveName(options))
  const pool = new ConnectionPool({
    // No webhook waits for its own: this is the highest concurrency limit that it can have.
    perKey: options.connectionsPerOrigin ?? concurrencyLimits.max,
    inUse: 1024,
    assured: 4,
    idle: options.idleConnections ?? 256,
  })
  const underWay = new Set<Deadline>()
  const parts = {
    clock: options.clock ?? systemClock,
    pool,
    bodies: new BodyBudget(sharedBodyBytes),
    vet,
    underWay,
    // What is remembered was allowed once; `vet` judges again whenever something is dialled.
    endpoint: remember((text: string): Endpoint => endpointOf(parseEndpointUrl(text, rules)), rememberedUrls),
    secureContexts: createSecureContexts(options.certificateAuthorities),
    proxy: options.proxy ?? null,
    openSocket: options.openSocket,
    connectionAgeMs: options.connectionAgeMs ?? 60_000,
  }
  return {
    async checkEndpointUrl(text, { mustResolve = false } = {}) {
      const parsed = parseEndpointUrl(text, rules)
      if (!parsed.ok) return parsed
      const failure = await vet(hostOf(parsed.url), portOf(parsed.url)).then(() => null, failureOf)
      if (failure === null || (failure.reason !== 'address_blocked' && !mustResolve)) return parsed
      return { ok: false, finding: failure.finding, advice: failure.advice ?? '' }
    },
    parseEndpointUrl: (text) => parseEndpointUrl(text, rules),
    exchange: (request) => exchange(parts, request),
    async close() {
      pool.close()
      for (const deadline of underWay) deadline.cancel()
      // Calls that were told to stop give their connections back in the meantime.
      await new Promise((resolve) => setImmediate(resolve))
    },
  }
}

function failureOf(error: unknown): Failure {
  if (error instanceof ExchangeFailed) return error.failure
  throw error
}

/** Keeps the results of a pure function for its latest arguments. */
function remember<Result>(compute: (text: string) => Result, limit: number): (text: string) => Result {
  const known = new Map<string, Result>()
  return (text) => {
    let result = known.get(text)
    if (result === undefined) {
      result = compute(text)
      if (known.size >= limit) known.clear()
      known.set(text, result)
    }
    return result
  }
}
