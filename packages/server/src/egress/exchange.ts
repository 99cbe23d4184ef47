/** One HTTP exchange: a POST to an endpoint URL and its answer, whatever the receiver does, within one time limit. */
import { isIP } from 'node:net'
import type { HttpAnswer } from '@keyhook/contract/outcome.ts'
import type { Clock } from '../lib/clock.ts'
import { endsWithConnection } from './answer-framing.ts'
import { AnswerReader } from './answer-reader.ts'
import type { BodyBudget } from './body-budget.ts'
import { Connection } from './connection.ts'
import type { ConnectionPool, Slot } from './connection-pool.ts'
import { Deadline, Expired } from './deadline.ts'
import { dial, type OpenSocket } from './dial.ts'
import type { Endpoint } from './endpoint.ts'
import { describeFailure } from './exchange-findings.ts'
import type { Failure } from './failure.ts'
import type { EgressProxy } from './proxy.ts'
import type { ExchangeTls, SecureContexts, TlsIdentity } from './secure-contexts.ts'
import type { Vet } from './vet.ts'
import { wireHeaders } from './wire-headers.ts'

export type ExchangeRequest = {
  readonly url: string
  readonly headers: ReadonlyArray<readonly [name: string, value: string]>
  /** Sent byte for byte. */
  readonly body: Uint8Array
  /** Milliseconds for everything: waiting for a slot, DNS, connecting, TLS, sending, headers and body. */
  readonly timeLimitMs: number
  /** Whose call it is, a webhook's id for example. Connections are shared and waited for among the calls of one owner only. */
  readonly owner?: string | undefined
  /** What this caller trusts and presents beyond the usual. */
  readonly tls?: ExchangeTls | undefined
  /** Ends the exchange early, as `interrupted`. */
  readonly signal?: AbortSignal | undefined
}

/** Milliseconds; null for a phase that did not happen, as on a connection that was kept. */
export type ExchangeTimings = {
  readonly dns_ms: number | null
  readonly connect_ms: number | null
  readonly tls_ms: number | null
  /** From the request being written to the first byte of the answer. */
  readonly first_byte_ms: number | null
  readonly total_ms: number
}

export type ExchangeResult = {
  /** Epoch milliseconds. */
  readonly startedAt: number
  readonly durationMs: number
  readonly timings: ExchangeTimings
  /** Complete when `failure` is null; otherwise the headers, if they were there, and up to 64 KiB of the body. */
  readonly answer: HttpAnswer | null
  readonly failure: Failure | null
}

export type ExchangeParts = {
  readonly clock: Clock
  readonly pool: ConnectionPool
  readonly bodies: BodyBudget
  readonly vet: Vet
  /** Throws `ExchangeFailed`. */
  readonly endpoint: (text: string) => Endpoint
  /** Exchanges under way, so that they can be ended. */
  readonly underWay: Set<Deadline>
  readonly secureContexts: SecureContexts
  readonly proxy: EgressProxy | null
  readonly openSocket?: OpenSocket | undefined
  readonly connectionAgeMs: number
}

/**
 * Sends the request at most once and reads the answer. Redirects are answers like any other. Never throws: what goes
 * wrong is in `failure`.
 */
export function exchange(parts: ExchangeParts, request: ExchangeRequest): Promise<ExchangeResult> {
  return new Exchange(parts, request).run()
}

class Exchange {
  readonly #parts: ExchangeParts
  readonly #request: ExchangeRequest
  readonly #startedAt: number
  readonly #deadline: Deadline
  readonly #timings = { dns_ms: null, connect_ms: null, tls_ms: null } as Record<
    'dns_ms' | 'connect_ms' | 'tls_ms',
    number | null
  >
  #endpoint: Endpoint | null = null
  #tls: TlsIdentity | null = null
  #reused = false
  #reader: AnswerReader | null = null

  constructor(parts: ExchangeParts, request: ExchangeRequest) {
    this.#parts = parts
    this.#request = request
    this.#startedAt = parts.clock()
    this.#deadline = new Deadline(request.timeLimitMs, request.signal)
  }

  async run(): Promise<ExchangeResult> {
    try {
      this.#parts.underWay.add(this.#deadline)
      const endpoint = this.#parts.endpoint(this.#request.url)
      this.#endpoint = endpoint
      if (endpoint.secure) this.#tls = this.#parts.secureContexts(this.#request.tls)
      const headers = wireHeaders(this.#request.headers)
      let connection = await this.#onOneConnection(endpoint, headers)
      // A kept connection had ended before anything was sent on it: the next one, or a new one.
      while (connection === null) connection = await this.#onOneConnection(endpoint, headers)
      const result = this.#result(null)
      await this.#giveBack(endpoint, connection)
      return result
    } catch (error) {
      return this.#result(describeFailure(error, this.#situation()))
    } finally {
      this.#deadline.end()
      this.#reader?.release()
      this.#parts.underWay.delete(this.#deadline)
    }
  }

  /** The connection that the answer came on; null when nothing was sent, because it turned out to be closed. */
  async #onOneConnection(endpoint: Endpoint, headers: string[]): Promise<Connection | null> {
    const { pool } = this.#parts
    const key = this.#poolKey(endpoint)
    this.#deadline.phase = 'slot'
    const slot = pool.take(key) ?? (await this.#waitForSlot(key))
    let connection = slot.connection
    try {
      this.#reused = connection !== null
      connection ??= await this.#open(endpoint)
      await this.#send(connection, endpoint, headers)
      this.#requireWholeBody(connection)
      return connection
    } catch (error) {
      connection?.destroy()
      pool.release(key, null)
      if (this.#reused && this.#reader?.sentAt === null && !(error instanceof Expired)) return null
      throw error
    }
  }

  /**
   * Waits until the socket has been read once more: bytes after the answer, or the end of the connection, which often
   * come right behind it, make it unusable. Else they would meet the next request.
   */
  async #giveBack(endpoint: Endpoint, connection: Connection): Promise<void> {
    await new Promise((resolve) => setImmediate(resolve))
    connection.rest()
    this.#parts.pool.release(this.#poolKey(endpoint), connection)
  }

  /**
   * Whoever hangs holds up calls of its own only, on the same host too. A connection that was made with a client certificate
   * is not used after the webhook got another one.
   */
  #poolKey({ origin }: Endpoint): string {
    return `${this.#request.owner ?? ''} ${origin} ${this.#tls?.name ?? ''}`
  }

  #waitForSlot(key: string): Promise<Slot> {
    return new Promise((resolve, reject) => {
      const stopWaiting = this.#parts.pool.wait(key, resolve)
      this.#deadline.watch((expired) => {
        stopWaiting()
        reject(expired)
      })
    })
  }

  async #open(endpoint: Endpoint): Promise<Connection> {
    const { host, port, origin } = endpoint
    const { vet, pool, openSocket, proxy, connectionAgeMs } = this.#parts
    const startedAt = performance.now()
    this.#deadline.phase = 'dns'
    const addresses = await this.#deadline.race(vet(host, port))
    if (isIP(host) === 0) this.#timings.dns_ms = rounded(performance.now() - startedAt)
    const target = { host, port, tls: this.#tls && { secureContext: this.#tls.context }, proxy }
    const dialled = await dial(target, addresses, this.#deadline, openSocket)
    this.#timings.connect_ms = rounded(dialled.connect_ms)
    this.#timings.tls_ms = dialled.tls_ms === null ? null : rounded(dialled.tls_ms)
    const connection = new Connection(origin, dialled, connectionAgeMs)
    const key = this.#poolKey(endpoint)
    connection.onClose(() => pool.drop(key, connection))
    return connection
  }

  #send(connection: Connection, { path }: Endpoint, headers: string[]): Promise<void> {
    return new Promise((resolve, reject) => {
      const reader = new AnswerReader(this.#deadline, this.#parts.bodies, { done: resolve, failed: reject })
      this.#reader = reader
      this.#deadline.watch((expired) => {
        if (this.#deadline.phase === 'first_byte' && connection.stillSending) this.#deadline.phase = 'send'
        reader.fail(expired)
      })
      connection.dispatch({ method: 'POST', path, headers, body: this.#request.body }, reader)
    })
  }

  /**
   * A body without a length ends with the connection. When that ended with an error, nobody knows what is missing,
   * even if what came happens to be JSON.
   */
  #requireWholeBody(connection: Connection): void {
    if (connection.networkError === null) return
    const answer = this.#reader?.answer(true)
    if (answer && endsWithConnection(answer)) throw connection.networkError
  }

  #situation() {
    const { phase, limitMs } = this.#deadline
    const bodyBytes = this.#reader?.bodyBytes ?? 0
    const { at = '', secure = false } = this.#endpoint ?? {}
    return { at, secure, phase, limitMs, reused: this.#reused, bodyBytes }
  }

  #result(failure: Failure | null): ExchangeResult {
    const { sentAt = null, firstByteAt = null } = this.#reader ?? {}
    const total = rounded(performance.now() - this.#deadline.startedAt)
    const first_byte_ms = sentAt === null || firstByteAt === null ? null : rounded(firstByteAt - sentAt)
    return {
      startedAt: this.#startedAt,
      durationMs: total,
      timings: { ...this.#timings, first_byte_ms, total_ms: total },
      answer: this.#reader?.answer(failure === null) ?? null,
      failure,
    }
  }
}

/** Hundredths of a millisecond are as fine as these clocks are worth. */
function rounded(ms: number): number {
  return Math.round(ms * 100) / 100
}
