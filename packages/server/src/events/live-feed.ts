/** What live readers share: one look at where the log stands, and each page of entries read once for all who want it. */
import type { EventRead } from '@keyhook/contract/api/event.ts'
import type { Context } from '../context.ts'
import { type EventFilter, listEvents } from './event-list.ts'
import { readEvent } from './event-store.ts'
import type { EventLog } from './log.ts'

/** Entries in one page: what a reader may have waiting in this process. */
export const livePage = 100
/** Entries that other processes numbered are seen after so long. */
const pollMs = 1_000

export type LiveFeed = {
  /** The last entry that is known of. */
  readonly head: number
  /** Entries after one and up to another, `livePage` at most, the oldest first. */
  read(filter: EventFilter, after: number, upTo: number): Promise<readonly EventRead[]>
  /** Calls back when there are new entries; returns how to stop that. */
  onMove(listener: () => void): () => void
  /** Looks where the log stands now. */
  refresh(): Promise<void>
}

export function createLiveFeed(ctx: Context, log: Pick<EventLog, 'onEntries'>): LiveFeed {
  const listeners = new Set<() => void>()
  const pages = new Map<string, Promise<readonly EventRead[]>>()
  let head = 0
  let stop: (() => void) | null = null

  function moveTo(position: number): void {
    if (position <= head) return
    head = position
    for (const listener of [...listeners]) listener()
  }

  async function refresh(): Promise<void> {
    const { position } = await ctx.db.selectFrom('log_head').select('position').executeTakeFirstOrThrow()
    moveTo(Number(position))
  }

  function begin(): () => void {
    const poll = setInterval(() => {
      refresh().catch((error: unknown) =>
        ctx.log.warn(
          { err: error },
          'the log could not be looked at for live readers; it will be tried again',
        ),
      )
    }, pollMs)
    poll.unref()
    const forget = log.onEntries(moveTo)
    return () => {
      clearInterval(poll)
      forget()
    }
  }

  async function readPage(filter: EventFilter, after: number, upTo: number): Promise<readonly EventRead[]> {
    const rows = await listEvents(ctx, { ...filter, after, upTo, newestFirst: false, limit: livePage })
    return rows.map(readEvent)
  }

  return {
    get head() {
      return head
    },
    read(filter, after, upTo) {
      const key = JSON.stringify([filter, after, upTo])
      const page = pages.get(key) ?? readPage(filter, after, upTo).finally(() => pages.delete(key))
      pages.set(key, page)
      return page
    },
    onMove(listener) {
      listeners.add(listener)
      stop ??= begin()
      return () => {
        listeners.delete(listener)
        if (listeners.size > 0) return
        stop?.()
        stop = null
      }
    },
    refresh,
  }
}
