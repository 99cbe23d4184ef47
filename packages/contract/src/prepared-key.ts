import type { KeyObject } from 'node:crypto'

/**
 * `make`, remembering its result for each byte array: keys as node:crypto wants them are costly to make, and the same few
 * are used again and again. Each maker remembers for itself, as the same bytes may serve as two kinds of key. The bytes must
 * not change afterwards. Node only.
 */
export function preparing(make: (bytes: Uint8Array) => KeyObject): (bytes: Uint8Array) => KeyObject {
  const made = new WeakMap<Uint8Array, KeyObject>()
  return (bytes) => {
    let key = made.get(bytes)
    if (!key) {
      key = make(bytes)
      made.set(bytes, key)
    }
    return key
  }
}
