import { setImmediate as nextTurn } from 'node:timers/promises'
import type { Log } from './log.ts'

export type Ticker = {
  start(): void
  /** No further run begins; resolves when the one under way is over. */
  stop(): Promise<void>
}

export type TickerParts = {
  log: Log
  shutdown: AbortSignal
  everyMs: number
  failed: string
  /** The first run is when it starts. */
  atStart?: boolean
}

/** Runs something again and again, never twice at once. What fails is logged as `failed` and tried again with the next. */
export function createTicker(
  { log, shutdown, everyMs, failed, atStart = false }: TickerParts,
  run: () => Promise<void>,
): Ticker {
  let running: Promise<void> | null = null
  let timer: NodeJS.Timeout | null = null
  const tick = () => {
    if (running || shutdown.aborted) return
    running = run()
      .catch((error: unknown) => {
        if (!shutdown.aborted) log.warn({ err: error }, failed)
      })
      .finally(() => {
        running = null
      })
  }
  return {
    start() {
      timer = setInterval(tick, everyMs)
      timer.unref()
      if (atStart) tick()
    },
    async stop() {
      if (timer) clearInterval(timer)
      await running
    },
  }
}

/**
 * Works through a list, so many at a time. In between others get their turn: a database in this process answers without one,
 * and many small pieces of work in a row would keep everybody else waiting.
 */
export async function inParallel<Item>(
  items: readonly Item[],
  atOnce: number,
  work: (item: Item) => Promise<void>,
): Promise<void> {
  const waiting = [...items]
  const lane = async () => {
    for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) {
      await work(next)
      await nextTurn()
    }
  }
  await Promise.all(Array.from({ length: Math.min(atOnce, waiting.length) }, lane))
}
