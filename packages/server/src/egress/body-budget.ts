/**
 * Memory that bodies under way may take together. Answers are small, so the limit of a single one says little about
 * what many hostile receivers could take at once; only bodies larger than `free` count, and compete.
 */
export class BodyBudget {
  /** Bytes that every body may take without asking. */
  readonly free = 65_536
  #left: number

  constructor(bytes: number) {
    this.#left = bytes
  }

  /** False when there is not enough left. */
  take(bytes: number): boolean {
    if (bytes > this.#left) return false
    this.#left -= bytes
    return true
  }

  give(bytes: number): void {
    this.#left += bytes
  }
}
