import type { EventRead } from '@keyhook/contract/api/event.ts'
import { useEffect, useReducer, useRef } from 'react'
import type { Search } from '../http.ts'
import { eventStream } from '../log-api.ts'
import { liveAfter, liveFrom } from './live-entries.ts'

/** The browser comes back by itself unless the server refused: then it is tried again so much later. */
const againMs = 5_000
/** Farther down, what is new waits: nothing moves under the reader's eyes. */
const topPx = 160

/** Follows the log behind `after`, with these filters, as long as the component is on the page. */
export function useLiveEntries(filters: Search, after: number) {
  const [live, tell] = useReducer(liveAfter, after, liveFrom)
  const last = useRef(after)
  last.current = live.last
  const key = JSON.stringify(filters)

  useEffect(() => {
    let source: EventSource | null = null
    let timer: number | undefined
    const open = () => {
      source = new EventSource(eventStream({ ...(JSON.parse(key) as Search), after: last.current }))
      source.onopen = () => tell({ kind: 'state', state: 'live' })
      source.onmessage = ({ data }: MessageEvent<string>) =>
        tell({ kind: 'entry', entry: JSON.parse(data) as EventRead, atTop: window.scrollY < topPx })
      source.addEventListener('gap', () => tell({ kind: 'gap' }))
      source.addEventListener('signed_out', () => {
        source?.close()
        tell({ kind: 'state', state: 'signed_out' })
      })
      source.onerror = () => {
        tell({ kind: 'state', state: 'reconnecting' })
        if (source?.readyState === EventSource.CLOSED) timer = window.setTimeout(open, againMs)
      }
    }
    open()
    return () => {
      source?.close()
      window.clearTimeout(timer)
    }
  }, [key])

  return { ...live, show: () => tell({ kind: 'show' }) }
}
