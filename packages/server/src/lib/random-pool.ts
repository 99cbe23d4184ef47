import { randomFillSync } from 'node:crypto'

const pool = new Uint8Array(4_096)
let used = pool.length

/** `size` random bytes, at most 256: asking the system for many at once costs far less than for a few each time. */
export function pooledRandomBytes(size: number): Uint8Array {
  if (used + size > pool.length) {
    randomFillSync(pool)
    used = 0
  }
  used += size
  return pool.slice(used - size, used)
}
