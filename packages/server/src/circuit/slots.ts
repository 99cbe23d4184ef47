/**
 * How many deliveries of one webhook are under way at a time. More wait in line, first come first served, so that a slow
 * receiver holds up its own callers and nobody else's.
 */
export type SlotRequest = {
  /** May be another one each time; the latest holds, also for those who wait. */
  limit: number
  /** Milliseconds. */
  maxWaitMs: number
  signal: AbortSignal
}

export type Slot = { readonly release: () => void }
export type NoSlot = { readonly refused: 'full' | 'aborted'; readonly waitedMs: number }

export type Slots = {
  /** At once when there is a free place, so that the usual case costs neither a timer nor a turn. */
  acquire(key: string, request: SlotRequest): Slot | NoSlot | Promise<Slot | NoSlot>
  /** Deliveries under way and in line. */
  counts(key: string): { active: number; waiting: number }
}

/** The line is at most this many times as long as there are places; whoever comes later has no hope of a turn. */
const lineFactor = 16

type Line = { limit: number; active: number; readonly waiting: Set<() => void> }

export function createSlots(): Slots {
  const lines = new Map<string, Line>()

  function taken(key: string, line: Line): Slot {
    let released = false
    return {
      release() {
        if (released) return
        released = true
        line.active -= 1
        letIn(line)
        if (line.active === 0) lines.delete(key)
      },
    }
  }

  return {
    acquire(key, { limit, maxWaitMs, signal }) {
      let line = lines.get(key)
      if (!line) {
        line = { limit, active: 0, waiting: new Set() }
        lines.set(key, line)
      }
      line.limit = limit
      // After a raise, those in line come before whoever comes now.
      letIn(line)
      if (line.active < limit) {
        line.active += 1
        return taken(key, line)
      }
      if (maxWaitMs <= 0 || line.waiting.size >= limit * lineFactor) return { refused: 'full', waitedMs: 0 }
      return waitInLine(line, maxWaitMs, signal, () => taken(key, line))
    },
    counts(key) {
      const line = lines.get(key)
      return { active: line?.active ?? 0, waiting: line?.waiting.size ?? 0 }
    },
  }
}

/** Gives the free places to the first in line. */
function letIn(line: Line): void {
  for (const next of line.waiting) {
    if (line.active >= line.limit) return
    // Counted here and not when the waiting caller goes on, so that nobody who comes in between can take the place.
    line.active += 1
    next()
  }
}

function waitInLine(
  line: Line,
  maxWaitMs: number,
  signal: AbortSignal,
  take: () => Slot,
): Promise<Slot | NoSlot> {
  const startedAt = performance.now()
  return new Promise((resolve) => {
    const settle = (result: Slot | NoSlot) => {
      clearTimeout(timer)
      signal.removeEventListener('abort', onAbort)
      line.waiting.delete(myTurn)
      resolve(result)
    }
    const giveUp = (refused: NoSlot['refused']) =>
      settle({ refused, waitedMs: performance.now() - startedAt })
    const myTurn = () => settle(take())
    const onAbort = () => giveUp('aborted')
    const timer = setTimeout(() => giveUp('full'), maxWaitMs)
    signal.addEventListener('abort', onAbort)
    line.waiting.add(myTurn)
    if (signal.aborted) onAbort()
  })
}
