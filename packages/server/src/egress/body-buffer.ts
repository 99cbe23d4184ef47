import type { BodyBudget } from './body-budget.ts'

/**
 * Collects a body in one block that doubles when it is full. A list of chunks would cost a hundred bytes and more for
 * each one, so that a receiver that sends its answer byte by byte could take a hundred times the limit.
 */
export class BodyBuffer {
  #bytes: Buffer = Buffer.alloc(0)
  #length = 0
  #taken = 0
  readonly #limit: number
  readonly #budget: BodyBudget

  constructor(limit: number, budget: BodyBudget) {
    this.#limit = limit
    this.#budget = budget
  }

  /** Bytes kept. */
  get length(): number {
    return this.#length
  }

  /** What became of `chunk`: kept, cut at the limit, or left out because all bodies together take too much memory. */
  add(chunk: Uint8Array): 'kept' | 'over_limit' | 'no_memory' {
    const fits = chunk.subarray(0, this.#limit - this.#length)
    if (!this.#reserve(this.#length + fits.length)) return 'no_memory'
    this.#bytes.set(fits, this.#length)
    this.#length += fits.length
    return fits.length === chunk.length ? 'kept' : 'over_limit'
  }

  /** At most `limit` bytes from the start. Less than all of it is copied, so that the rest can go. */
  toBytes(limit = this.#length): Uint8Array {
    return limit < this.#length
      ? Buffer.from(this.#bytes.subarray(0, limit))
      : this.#bytes.subarray(0, this.#length)
  }

  /** Gives the memory back to the budget; nothing is added after that. */
  release(): void {
    this.#budget.give(this.#taken)
    this.#taken = 0
  }

  #reserve(needed: number): boolean {
    if (needed <= this.#bytes.length) return true
    // The first chunk is mostly the whole body: no room to spare then.
    const size =
      this.#length === 0 ? needed : Math.min(this.#limit, Math.max(needed, this.#bytes.length * 2, 1024))
    const beyond = Math.max(0, size - this.#budget.free) - this.#taken
    if (beyond > 0 && !this.#budget.take(beyond)) return false
    this.#taken += Math.max(0, beyond)
    const grown = Buffer.allocUnsafeSlow(size)
    grown.set(this.#bytes.subarray(0, this.#length))
    this.#bytes = grown
    return true
  }
}
