/**
 * One connection of the live tail. What it has not sent yet stays in the database: this process holds one page for it,
 * and reads the next when there is room. Who takes nothing while the log goes on is cut off, and may come back.
 */
import { Readable } from 'node:stream'
import type { EventFilter } from './event-list.ts'
import { type LiveFeed, livePage } from './live-feed.ts'
import {
  cutOffFrame,
  entryFrame,
  gapFrame,
  heartbeatFrame,
  helloFrame,
  signedOutFrame,
} from './live-frames.ts'

/** Entries that the log may go on by while a reader takes nothing. */
const mostBehind = 5_000
const heartbeatMs = 15_000
/** Heartbeats at which a reader may have taken nothing. */
const mostMissed = 2
/** How long the end of the answer may take, for a reader that was cut off. */
const goodbyeMs = 5_000

export type LiveReader = {
  readonly stream: Readable
  /** Ends the answer. */
  end(): void
}

export type LiveReaderParts = {
  readonly feed: LiveFeed
  readonly filter: EventFilter
  /** The entry behind which it begins. */
  readonly after: number
  /** Entries before this one have left the log. */
  readonly firstPosition: number
  /** Asked before anything is sent: a session ends, a person is deactivated. */
  readonly isStillAllowed: () => Promise<boolean>
  /** Ends the connection itself, for a reader that does not even take the end of the answer. */
  readonly cut: () => void
  readonly failed: (error: unknown) => void
}

export function openLiveReader(parts: LiveReaderParts): LiveReader {
  const { feed, filter, firstPosition } = parts
  /** Up to here the log was looked through. */
  let cursor = parts.after
  /** The last entry that was handed to the connection. */
  let given = parts.after
  let ended = false
  /** Set while the reader takes nothing: what to do when it does. */
  let onRoom: (() => void) | null = null
  let blockedAt = 0
  let missed = 0
  let onNews: (() => void) | null = null

  /** The id with which the reader comes back; it never goes backwards. */
  const place = () => Math.max(cursor, given)

  const stream = new Readable({
    read() {
      missed = 0
      onRoom?.()
    },
    destroy(error, done) {
      finish()
      done(error)
    },
  })
  const forget = feed.onMove(() => {
    if (onRoom !== null && feed.head - blockedAt > mostBehind) cutOff()
    onNews?.()
  })
  const heartbeat = setInterval(() => void beat().catch(fail), heartbeatMs)
  heartbeat.unref()

  function finish(): void {
    if (ended) return
    ended = true
    clearInterval(heartbeat)
    forget()
    onRoom?.()
    onNews?.()
  }

  function end(lastWords?: string): void {
    if (ended) return
    finish()
    if (lastWords !== undefined) stream.push(lastWords)
    stream.push(null)
    setTimeout(parts.cut, goodbyeMs).unref()
  }

  function cutOff(): void {
    end(cutOffFrame(place()))
  }

  function fail(error: unknown): void {
    parts.failed(error)
    // It comes back by itself, with the id of the last entry that it got.
    end()
  }

  async function beat(): Promise<void> {
    if (onRoom !== null) {
      missed += 1
      if (missed >= mostMissed) cutOff()
      return
    }
    if (!(await parts.isStillAllowed())) return end(signedOutFrame())
    if (!ended) stream.push(heartbeatFrame(place()))
  }

  async function send(text: string): Promise<void> {
    if (ended || stream.push(text)) return
    blockedAt = feed.head
    await new Promise<void>((resolve) => {
      onRoom = resolve
    })
    onRoom = null
  }

  async function news(): Promise<void> {
    await new Promise<void>((resolve) => {
      onNews = resolve
    })
    onNews = null
  }

  async function run(): Promise<void> {
    await send(helloFrame(cursor))
    if (cursor < firstPosition - 1) await send(gapFrame(firstPosition))
    while (!ended) {
      const upTo = feed.head
      if (cursor >= upTo) {
        await news()
        continue
      }
      const page = await feed.read(filter, cursor, upTo)
      if (page.length > 0 && !(await parts.isStillAllowed())) return end(signedOutFrame())
      for (const entry of page) {
        if (ended) return
        given = entry.position
        await send(entryFrame(entry))
      }
      cursor = page.length < livePage ? upTo : given
    }
  }

  run().catch(fail)
  return { stream, end: () => end() }
}
