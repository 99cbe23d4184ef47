import { networkInterfaces } from 'node:os'

/**
 * Addresses of this machine's network cards, without loopback, which has its own rule. Read again after a second: cards get
 * other addresses while the server runs.
 */
export function createOwnAddresses(read = networkInterfaces, maxAgeMs = 1000): () => readonly string[] {
  let addresses: readonly string[] = []
  let readAt = Number.NEGATIVE_INFINITY
  return () => {
    if (performance.now() - readAt >= maxAgeMs) {
      readAt = performance.now()
      addresses = Object.values(read()).flatMap((cards) =>
        (cards ?? []).filter((card) => !card.internal).map((card) => card.address),
      )
    }
    return addresses
  }
}
