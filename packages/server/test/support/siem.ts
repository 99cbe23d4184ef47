/** Streams of events under test: webhooks, custom events, and what a receiver got. */
import { gunzipSync } from 'node:zlib'
import type { EventRead } from '@keyhook/contract/api/event.ts'
import type { StreamRead } from '@keyhook/contract/api/stream.ts'
import type { WebhookCreated } from '@keyhook/contract/api/webhook.ts'
import { expect, vi } from 'vitest'
import type { TestService } from './harness.ts'
import type { Received, Receiver } from './receiver.ts'

type Api = TestService['api']

export async function siemWebhook(
  api: Api,
  url: string,
  stream: Record<string, unknown> = {},
  rest: Record<string, unknown> = {},
): Promise<WebhookCreated> {
  const made = await api<WebhookCreated>('POST', '/webhooks', {
    type: 'siem',
    name: 'SIEM',
    endpoint_url: url,
    retry_policy: { max_attempts: 2, first_delay_ms: 50, max_delay_ms: 50 },
    stream: { batch_wait_ms: 0, ...stream },
    ...rest,
  })
  expect(made.status, made.text).toBe(201)
  return made.body
}

/** Appends custom events with the numbers `from` to `to` in their metadata. */
export async function appendNumbers(api: Api, from: number, to: number): Promise<void> {
  for (let first = from; first <= to; first += 1_000) {
    const events = Array.from({ length: Math.min(1_000, to - first + 1) }, (_, index) =>
      numbered(first + index),
    )
    const answer = await api('POST', '/events/batch', { events })
    expect(answer.status, answer.text).toBe(201)
  }
}

export function numbered(n: number) {
  return {
    actor: { actor_type: 'SERVICE', actor_data: { email: '', given_name: 'Counter', family_name: '' } },
    event_type: 'CUSTOM_COUNTED',
    event_type_user_friendly: 'Counted',
    event_began_at: '2026-01-01T00:00:00.000Z',
    event_metadata: { n },
    outcome: 'SUCCEEDED',
    targets: [],
  }
}

/** The entries in one POST of the published shape, one or several. */
export function entriesIn({ body, headers }: Received): EventRead[] {
  const bytes = headers['content-encoding'] === 'gzip' ? gunzipSync(body) : body
  const sent = JSON.parse(bytes.toString())
  return sent.events ?? [sent]
}

/** The numbers of custom events in the order in which they arrived. */
export function numbersIn(received: readonly Received[]): number[] {
  return received.flatMap(entriesIn).flatMap(({ event }) => {
    const { n } = event.event_metadata
    return typeof n === 'number' ? [n] : []
  })
}

export async function streamOf(api: Api, id: string): Promise<StreamRead> {
  const answer = await api<StreamRead>('GET', `/webhooks/${id}/stream`)
  expect(answer.status, answer.text).toBe(200)
  return answer.body
}

/** Waits until all that happened was dealt with. */
export async function caughtUp(api: Api, id: string): Promise<StreamRead> {
  // Reading the log gives a place to everything that has committed.
  await api('GET', '/events?limit=1')
  return eventually(async () => {
    const stream = await streamOf(api, id)
    expect(stream.lag_events).toBe(0)
    return stream
  })
}

export function eventually<Result>(check: () => Result | Promise<Result>): Promise<Result> {
  return vi.waitFor(check, { timeout: 25_000, interval: 50 })
}

/** Numbers that `receiver` got and answered 2xx are `from` to `to`, each at least once. */
export function expectAll(receiver: Receiver, from: number, to: number): void {
  const got = new Set(numbersIn(receiver.received))
  const missing = Array.from({ length: to - from + 1 }, (_, index) => from + index).filter((n) => !got.has(n))
  expect(missing).toEqual([])
}
