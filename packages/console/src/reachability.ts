/** Whether the server answered the last time it was asked: one value that the banner watches. */
let reachable = true
const listeners = new Set<() => void>()

export function setReachable(next: boolean): void {
  if (next === reachable) return
  reachable = next
  for (const listener of listeners) listener()
}

export const reachability = {
  subscribe(listener: () => void): () => void {
    listeners.add(listener)
    return () => listeners.delete(listener)
  },
  get: () => reachable,
}
