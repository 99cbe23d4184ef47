/**
 * Which connections there are, by key: whose they are and where they lead. At most so many per key at a time: waiting starts
 * when they are all in use, so whoever hangs can take sockets from nobody else. When very many are in use in all, each key
 * gets only a few, but those always.
 */
import type { Connection } from './connection.ts'

/** A slot that is free: `connection` to use, or null when the holder has to dial one. */
export type Slot = { readonly connection: Connection | null }

export type PoolLimits = {
  readonly perKey: number
  /** In use in all; beyond that a key gets `assured` and no more. */
  readonly inUse: number
  /** At least 1: a key that waits has one of its own in use, and goes on with that one. */
  readonly assured: number
  /** Kept in all while they are not used. */
  readonly idle: number
}

type Entry = { open: number; readonly idle: Connection[]; readonly waiting: Set<(slot: Slot) => void> }

export class ConnectionPool {
  readonly #entries = new Map<string, Entry>()
  readonly #limits: PoolLimits
  #maxIdle: number
  #open = 0
  #idle = 0

  constructor(limits: PoolLimits) {
    this.#limits = limits
    this.#maxIdle = limits.idle
  }

  /** A slot at once, or null when all are in use. Each slot must be given back with `release`. */
  take(key: string): Slot | null {
    const entry = this.#entries.get(key) ?? this.#add(key)
    // The one used last, so that those not needed run into their idle time.
    for (let connection = entry.idle.pop(); connection; connection = entry.idle.pop()) {
      this.#idle -= 1
      if (connection.reusable) return { connection }
      connection.destroy()
      this.#count(entry, -1)
    }
    const { perKey, inUse, assured } = this.#limits
    const limit = this.#open - this.#idle < inUse ? perKey : assured
    if (entry.open >= limit) return null
    this.#count(entry, 1)
    return { connection: null }
  }

  /** Calls back with the next slot that becomes free, first come first served. Returns how to stop waiting. */
  wait(key: string, next: (slot: Slot) => void): () => void {
    const { waiting } = this.#entries.get(key) ?? this.#add(key)
    waiting.add(next)
    return () => waiting.delete(next)
  }

  /** Gives a slot back: with the connection, if it is to be kept for others, or null. */
  release(key: string, connection: Connection | null): void {
    const entry = this.#entries.get(key)
    if (!entry) throw new Error(`no slot of ${key} is taken`)
    const kept = connection?.reusable ? connection : null
    if (connection && !kept) connection.destroy()
    const [next] = entry.waiting
    if (next) {
      entry.waiting.delete(next)
      next({ connection: kept })
    } else if (kept && this.#idle < this.#maxIdle) {
      this.#idle += 1
      entry.idle.push(kept)
    } else {
      kept?.destroy()
      this.#count(entry, -1)
      this.#forgetIfEmpty(key, entry)
    }
  }

  /** An idle connection ended by itself. */
  drop(key: string, connection: Connection): void {
    const entry = this.#entries.get(key)
    const index = entry?.idle.indexOf(connection) ?? -1
    if (!entry || index === -1) return
    entry.idle.splice(index, 1)
    this.#count(entry, -1)
    this.#idle -= 1
    this.#forgetIfEmpty(key, entry)
  }

  /** Open connections and dials under way, and how many of them are idle. */
  get counts(): { readonly keys: number; readonly open: number; readonly idle: number } {
    return { keys: this.#entries.size, open: this.#open, idle: this.#idle }
  }

  /** Closes idle connections now and the others as they are given back. */
  close(): void {
    this.#maxIdle = 0
    for (const { idle } of this.#entries.values()) for (const connection of [...idle]) connection.destroy()
  }

  #add(key: string): Entry {
    const entry: Entry = { open: 0, idle: [], waiting: new Set() }
    this.#entries.set(key, entry)
    return entry
  }

  #count(entry: Entry, change: 1 | -1): void {
    entry.open += change
    this.#open += change
  }

  #forgetIfEmpty(key: string, entry: Entry): void {
    if (entry.open === 0 && entry.waiting.size === 0) this.#entries.delete(key)
  }
}
