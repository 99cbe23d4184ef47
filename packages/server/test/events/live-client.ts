/** A reader of the live tail, as a browser's EventSource reads it. */
import { Agent, fetch, type Headers, type Response } from 'undici'
import { onTestFinished } from 'vitest'
import { type TestService, testKey } from '../support/harness.ts'

export type Frame = { event: string; id: string | null; data: unknown; comment: boolean }

export type LiveClient = {
  status: number
  headers: Headers
  /** The next frame; null at the end of the answer. */
  next(): Promise<Frame | null>
  /** The next frame with data. */
  nextTold(): Promise<Frame | null>
  /** The id with which an EventSource would come back. */
  lastId(): string | null
  close(): void
}

export async function follow(
  service: Pick<TestService, 'url'>,
  query = '',
  headers: Record<string, string> = { authorization: `Bearer ${testKey}` },
): Promise<LiveClient> {
  // A connection of its own: a shared pool opens another for each answer that is cut off, and the server would wait for it
  // when it stops.
  const dispatcher = new Agent({ connections: 1 })
  const close = () => void dispatcher.destroy()
  onTestFinished(close)
  const answer = await fetch(`${service.url}/api/v1/events/stream${query}`, { headers, dispatcher })
  const frames = framesOf(answer)
  let lastId: string | null = null
  const next = async () => {
    const { value } = await frames.next()
    if (value?.id) lastId = value.id
    return value ?? null
  }
  return {
    status: answer.status,
    headers: answer.headers,
    next,
    async nextTold() {
      for (;;) {
        const frame = await next()
        if (frame === null || frame.data !== null) return frame
      }
    },
    lastId: () => lastId,
    close,
  }
}

async function* framesOf({ body }: Response): AsyncGenerator<Frame, undefined> {
  let text = ''
  const decoder = new TextDecoder()
  for await (const chunk of body ?? []) {
    text += decoder.decode(chunk, { stream: true })
    for (let end = text.indexOf('\n\n'); end >= 0; end = text.indexOf('\n\n')) {
      yield frameOf(text.slice(0, end))
      text = text.slice(end + 2)
    }
  }
}

function frameOf(text: string): Frame {
  const frame: Frame = { event: 'message', id: null, data: null, comment: false }
  for (const line of text.split('\n')) {
    const [, name, value = ''] = /^([^:]*):? ?(.*)$/.exec(line) ?? []
    if (name === '') frame.comment = true
    if (name === 'event') frame.event = value
    if (name === 'id') frame.id = value
    if (name === 'data') frame.data = JSON.parse(value)
  }
  return frame
}
