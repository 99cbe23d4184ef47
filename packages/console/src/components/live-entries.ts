/** What a live tail has brought so far. Pure. */
import type { EventRead } from '@keyhook/contract/api/event.ts'

export type LiveState = 'connecting' | 'live' | 'reconnecting' | 'signed_out'

export type LiveEntries = {
  readonly state: LiveState
  /** The newest first, as they are on the page. */
  readonly shown: readonly EventRead[]
  /** The newest first: they wait until the reader looks at the top again. */
  readonly waiting: readonly EventRead[]
  /** The position to go on behind. */
  readonly last: number
  /** Entries were left out: the log goes on faster than it is shown, or has let them go. */
  readonly gap: boolean
}

export type LiveNews =
  | { readonly kind: 'state'; readonly state: LiveState }
  | { readonly kind: 'entry'; readonly entry: EventRead; readonly atTop: boolean }
  | { readonly kind: 'gap' }
  | { readonly kind: 'show' }

/** More are not kept on a page: the list below finds them. */
export const mostLive = 500

export function liveFrom(last: number): LiveEntries {
  return { state: 'connecting', shown: [], waiting: [], last, gap: false }
}

export function liveAfter(live: LiveEntries, news: LiveNews): LiveEntries {
  if (news.kind === 'state') return live.state === 'signed_out' ? live : { ...live, state: news.state }
  if (news.kind === 'gap') return { ...live, gap: true }
  if (news.kind === 'show') return trimmed({ ...live, shown: [...live.waiting, ...live.shown], waiting: [] })
  const { entry, atTop } = news
  // After a reconnection the same may come again.
  if (entry.position <= live.last) return live
  const moved = { ...live, last: entry.position }
  if (atTop && live.waiting.length === 0) return trimmed({ ...moved, shown: [entry, ...live.shown] })
  return trimmed({ ...moved, waiting: [entry, ...live.waiting] })
}

function trimmed(live: LiveEntries): LiveEntries {
  const { shown, waiting } = live
  if (shown.length <= mostLive && waiting.length <= mostLive) return live
  return { ...live, shown: shown.slice(0, mostLive), waiting: waiting.slice(0, mostLive), gap: true }
}
