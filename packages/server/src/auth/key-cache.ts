import type { Context } from '../context.ts'
import type { Principal } from '../http/principal.ts'
import type { Clock } from '../lib/clock.ts'
import { hashOfKey, isPlausibleKey } from './api-key.ts'
import { findApiKey, stampLastUse } from './api-key-store.ts'

/** A verified key is trusted for this long, so that warm calls read nothing; also how long a revocation elsewhere takes. */
const trustMs = 5_000
const stampEveryMs = 60_000
const maxEntries = 1_000

type Entry = { principal: Principal; verifiedAt: number; stampedAt: number }

/** Checks API keys: a hash and a map look-up when warm, one read when cold, and never a write that a caller waits for. */
export class KeyCache {
  readonly #ctx: Context
  readonly #clock: Clock
  readonly #entries = new Map<string, Entry>()
  /** Counts what was forgotten: a look-up that was under way meanwhile may have read a key that is revoked now. */
  #forgotten = 0

  constructor(ctx: Context) {
    this.#ctx = ctx
    this.#clock = ctx.clock
  }

  /** The principal of a key that works, else null. */
  async verify(key: string): Promise<Principal | null> {
    if (!isPlausibleKey(key)) return null
    const hash = hashOfKey(key)
    const name = hash.toString('base64')
    const now = this.#clock()
    const known = this.#entries.get(name)
    if (known && now - known.verifiedAt < trustMs) return known.principal
    const forgotten = this.#forgotten
    const row = await findApiKey(this.#ctx, hash)
    if (!row) {
      this.#entries.delete(name)
      return null
    }
    const entry: Entry = {
      principal: { kind: 'api_key', id: row.id, name: row.name, email: null, role: row.role },
      verifiedAt: now,
      stampedAt: known?.stampedAt ?? row.last_used_at?.getTime() ?? 0,
    }
    if (now - entry.stampedAt >= stampEveryMs) this.#stamp(entry, now)
    if (this.#entries.size >= maxEntries) this.#entries.clear()
    if (forgotten === this.#forgotten) this.#entries.set(name, entry)
    return entry.principal
  }

  /** Drops a revoked key at once. */
  forget(hash: Uint8Array): void {
    this.#forgotten += 1
    this.#entries.delete(Buffer.from(hash).toString('base64'))
  }

  #stamp(entry: Entry, now: number): void {
    entry.stampedAt = now
    stampLastUse(this.#ctx, entry.principal.id, new Date(now)).catch((error: unknown) => {
      this.#ctx.log.warn({ err: error }, 'the last use of an API key could not be noted')
    })
  }
}
