/** Events for streams: appended in bulk, and waited for at the receiver. */
import { setTimeout as sleep } from 'node:timers/promises'
import { callApi } from './company.ts'

export const benchEvent = (n: number) => ({
  event_type: 'CUSTOM_BENCH',
  event_metadata: { n, source_ip: '198.51.100.7', note: 'Quarterly close, read-only access to billing' },
  outcome: 'SUCCEEDED',
  actor: {
    actor_type: 'USER',
    actor_data: { email: 'ada@example.com', given_name: 'Ada', family_name: 'Lovelace' },
  },
  targets: [
    { target_type: 'APP_INSTANCE', target_data: { app_id: 'demo_app', user_friendly_label: 'Demo App' } },
  ],
})

export async function addStream(
  server: string,
  url: string,
  stream: Readonly<Record<string, unknown>>,
): Promise<string> {
  const body = { type: 'siem', name: 'Bench', endpoint_url: url, stream }
  return (await callApi<{ id: string }>(server, 'POST', '/webhooks', body)).id
}

/** Appends `count` events by the API, a thousand at a time. */
export async function append(server: string, count: number): Promise<void> {
  for (let from = 0; from < count; from += 1_000) {
    const events = Array.from({ length: Math.min(1_000, count - from) }, (_, index) =>
      benchEvent(from + index),
    )
    await callApi(server, 'POST', '/events/batch', { events })
  }
}

/** What a counting receiver has got by now. */
export async function countOf(receiver: string): Promise<{ posts: number; events: number }> {
  return (await (await fetch(receiver)).json()) as { posts: number; events: number }
}

/** Waits until it has got so many events. */
export async function untilCount(receiver: string, events: number): Promise<void> {
  while ((await countOf(receiver)).events < events) await sleep(10)
}
