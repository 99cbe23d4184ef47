/** What the exchange was doing; a timeout says where the time went. */
export type Phase = 'slot' | 'dns' | 'connect' | 'tls' | 'send' | 'first_byte' | 'headers' | 'body'

/** The time is over, or the caller gave up. */
export class Expired extends Error {
  override name = 'Expired'
  readonly cancelled: boolean

  constructor(cancelled: boolean) {
    super(cancelled ? 'cancelled' : 'time limit')
    this.cancelled = cancelled
  }
}

/**
 * The one deadline of an exchange: waiting for a slot, DNS, connecting, TLS, headers and body together. One timer, and
 * one watcher: the step under way, which is told to stop.
 */
export class Deadline {
  readonly startedAt = performance.now()
  readonly limitMs: number
  phase: Phase = 'slot'
  #expired: Expired | null = null
  #watcher: ((expired: Expired) => void) | null = null
  readonly #timer: NodeJS.Timeout
  readonly #signal: AbortSignal | undefined
  readonly #onAbort = () => this.cancel()

  constructor(limitMs: number, signal?: AbortSignal) {
    this.limitMs = limitMs
    this.#timer = setTimeout(() => this.#expire(false), limitMs)
    this.#signal = signal
    if (signal?.aborted) this.#expire(true)
    else signal?.addEventListener('abort', this.#onAbort)
  }

  get remainingMs(): number {
    return Math.max(0, this.limitMs - (performance.now() - this.startedAt))
  }

  /** From now on `watcher` is told, at once if it is too late already. Replaces the watcher of the step before. */
  watch(watcher: (expired: Expired) => void): void {
    this.#watcher = watcher
    if (this.#expired) watcher(this.#expired)
  }

  /** Waits for `work`, but not longer than the deadline; `work` itself goes on. */
  race<Value>(work: Promise<Value>): Promise<Value> {
    return new Promise((resolve, reject) => {
      work.then(resolve, reject)
      this.watch(reject)
    })
  }

  /** As if the time were over, for a reason of our own. */
  cancel(): void {
    this.#expire(true)
  }

  /** Ends the watch; must be called when the exchange is over. */
  end(): void {
    clearTimeout(this.#timer)
    this.#signal?.removeEventListener('abort', this.#onAbort)
    this.#watcher = null
  }

  #expire(cancelled: boolean): void {
    if (this.#expired) return
    this.#expired = new Expired(cancelled)
    this.#watcher?.(this.#expired)
  }
}
