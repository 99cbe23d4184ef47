/** What a live tail sends: Server-Sent Events. Source: the HTML Living Standard, section 9.2. Pure. */
import type { EventRead } from '@keyhook/contract/api/event.ts'

/** Browsers come back after so many milliseconds. */
const retryMs = 2_000

/** An entry; its position is the id that a reader comes back with. */
export function entryFrame(entry: EventRead): string {
  return `id: ${entry.position}\ndata: ${JSON.stringify(entry)}\n\n`
}

/** The first of a connection. An id without data is kept by readers and shown to nobody. */
export function helloFrame(position: number): string {
  return `retry: ${retryMs}\nid: ${position}\n\n`
}

/** Something to send while nothing happens; carries how far the log was looked through. */
export function heartbeatFrame(position: number): string {
  return `: heartbeat\nid: ${position}\n\n`
}

/** Entries that were asked for have left the log, as its retention says. */
export function gapFrame(firstPosition: number): string {
  return hint('gap', { first_position: firstPosition })
}

/** The last of a reader that does not keep up: it may come back with the id of the last entry that it got. */
export function cutOffFrame(lastPosition: number): string {
  return hint('cut_off', { last_position: lastPosition })
}

/** The last of a reader who may not read the log any more. */
export function signedOutFrame(): string {
  return hint('signed_out', {})
}

function hint(event: string, data: Record<string, number>): string {
  return `event: ${event}\ndata: ${JSON.stringify(data)}\n\n`
}
