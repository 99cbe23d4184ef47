/**
 * Which connections there are, by origin (scheme, name, port). At most so many per origin at a time: waiting starts when
 * they are all in use, so one slow receiver cannot take sockets from the others.
 */
import type { Connection } from './connection.ts'

/** A slot that is free: `connection` to use, or null when the holder has to dial one. */
export type Slot = { readonly connection: Connection | null }

type Origin = { open: number; readonly idle: Connection[]; readonly waiting: Set<(slot: Slot) => void> }

export class ConnectionPool {
  readonly #origins = new Map<string, Origin>()
  readonly #perOrigin: number
  #maxIdle: number
  #idle = 0

  constructor(perOrigin: number, maxIdle: number) {
    this.#perOrigin = perOrigin
    this.#maxIdle = maxIdle
  }

  /** A slot at once, or null when all are in use. Each slot must be given back with `release`. */
  take(key: string): Slot | null {
    const origin = this.#origins.get(key) ?? this.#add(key)
    // The one used last, so that those not needed run into their idle time.
    for (let connection = origin.idle.pop(); connection; connection = origin.idle.pop()) {
      this.#idle -= 1
      if (connection.reusable) return { connection }
      connection.destroy()
      origin.open -= 1
    }
    if (origin.open >= this.#perOrigin) return null
    origin.open += 1
    return { connection: null }
  }

  /** Calls back with the next slot that becomes free, first come first served. Returns how to stop waiting. */
  wait(key: string, next: (slot: Slot) => void): () => void {
    const { waiting } = this.#origins.get(key) ?? this.#add(key)
    waiting.add(next)
    return () => waiting.delete(next)
  }

  /** Gives a slot back: with the connection, if it is to be kept for others, or null. */
  release(key: string, connection: Connection | null): void {
    const origin = this.#origins.get(key)
    if (!origin) throw new Error(`no slot of ${key} is taken`)
    const kept = connection?.reusable ? connection : null
    if (connection && !kept) connection.destroy()
    const [next] = origin.waiting
    if (next) {
      origin.waiting.delete(next)
      next({ connection: kept })
    } else if (kept && this.#idle < this.#maxIdle) {
      this.#idle += 1
      origin.idle.push(kept)
    } else {
      kept?.destroy()
      origin.open -= 1
      this.#forgetIfEmpty(key, origin)
    }
  }

  /** An idle connection ended by itself. */
  drop(key: string, connection: Connection): void {
    const origin = this.#origins.get(key)
    const index = origin?.idle.indexOf(connection) ?? -1
    if (!origin || index === -1) return
    origin.idle.splice(index, 1)
    origin.open -= 1
    this.#idle -= 1
    this.#forgetIfEmpty(key, origin)
  }

  /** Open connections and dials under way, and how many of them are idle. */
  get counts(): { readonly origins: number; readonly open: number; readonly idle: number } {
    const open = [...this.#origins.values()].reduce((sum, origin) => sum + origin.open, 0)
    return { origins: this.#origins.size, open, idle: this.#idle }
  }

  /** Closes idle connections now and the others as they are given back. */
  close(): void {
    this.#maxIdle = 0
    for (const { idle } of this.#origins.values()) for (const connection of [...idle]) connection.destroy()
  }

  #add(key: string): Origin {
    const origin: Origin = { open: 0, idle: [], waiting: new Set() }
    this.#origins.set(key, origin)
    return origin
  }

  #forgetIfEmpty(key: string, origin: Origin): void {
    if (origin.open === 0 && origin.waiting.size === 0) this.#origins.delete(key)
  }
}
