/** Streams to SIEM webhooks against a real receiver. */
import type { DeliveryRead, DeliverySummary } from '@keyhook/contract/api/delivery.ts'
import type { Page } from '@keyhook/contract/api/list.ts'
import type { ReplayResult, StreamRead } from '@keyhook/contract/api/stream.ts'
import { sql } from 'kysely'
import { Webhook as StandardWebhook } from 'standardwebhooks'
import { beforeEach, describe, expect, test } from 'vitest'
import { json } from '../support/receiver.ts'
import { serviceWithReceiver } from '../support/service-with-receiver.ts'
import {
  appendNumbers,
  caughtUp,
  entriesIn,
  eventually,
  expectAll,
  numbersIn,
  siemWebhook,
  streamOf,
} from '../support/siem.ts'

const { service, receiver } = serviceWithReceiver()
const made: string[] = []

/** One webhook at a time: all of them would be sent all events. */
beforeEach(async () => {
  for (const id of made.splice(0)) await service.api('DELETE', `/webhooks/${id}`)
  // What happened until now has its place in the log before the next webhook begins.
  await service.api('GET', '/events?limit=1')
  receiver.received.length = 0
})

async function stream(settings: Record<string, unknown> = {}, rest: Record<string, unknown> = {}) {
  const webhook = await siemWebhook(service.api, receiver.url, settings, rest)
  made.push(webhook.id)
  return webhook
}

describe('what is sent', () => {
  test('each event once, signed, with its place in the log', async () => {
    const webhook = await stream()
    await appendNumbers(service.api, 1, 20)
    const state = await caughtUp(service.api, webhook.id)
    expect(numbersIn(receiver.received).sort((a, b) => a - b)).toEqual(
      Array.from({ length: 20 }, (_, i) => i + 1),
    )
    expect(state).toMatchObject({ state: 'running', lag_events: 0, set_aside: 0, failing_since: null })
    const [first] = receiver.received
    if (!first) throw new Error('nothing came')
    new StandardWebhook(webhook.signing_secret).verify(first.body, first.headers as Record<string, string>)
    const [entry] = entriesIn(first)
    expect(entry).toMatchObject({
      position: expect.any(Number),
      event: { event_hash: expect.stringMatching(/^[0-9a-f]{128}$/) },
    })
  })

  test('in batches that are filled, compressed and divided at the cap', async () => {
    const webhook = await stream({ batch_events: 50, gzip: true, batch_bytes: 20_000 })
    await appendNumbers(service.api, 1, 200)
    await caughtUp(service.api, webhook.id)
    expectAll(receiver, 1, 200)
    const sizes = receiver.received.map((request) => entriesIn(request).length)
    expect(Math.max(...sizes)).toBeGreaterThan(10)
    expect(Math.max(...sizes)).toBeLessThanOrEqual(50)
    for (const { headers } of receiver.received) expect(headers['content-encoding']).toBe('gzip')
    const deliveries = await service.api<Page<DeliverySummary>>(
      'GET',
      `/deliveries?webhook_id=${webhook.id}&limit=200`,
    )
    const sent = deliveries.body.data.reduce((sum, { events }) => sum + (events ?? 0), 0)
    expect(sent).toBeGreaterThanOrEqual(200)
  })

  test('only the types and events that the webhook wants', async () => {
    const webhook = await stream(
      { event_types: ['CUSTOM_*'] },
      { condition: 'payload.event.event_metadata.n > 5' },
    )
    await appendNumbers(service.api, 1, 10)
    await service.api('POST', '/groups', { name: `Streamed ${webhook.id}` })
    await caughtUp(service.api, webhook.id)
    expect(numbersIn(receiver.received).sort((a, b) => a - b)).toEqual([6, 7, 8, 9, 10])
    const types = receiver.received.flatMap(entriesIn).map(({ event }) => event.event_type)
    expect(new Set(types.filter((type) => type !== 'KEYHOOK_LOG_CHECKPOINT'))).toEqual(
      new Set(['CUSTOM_COUNTED']),
    )
  })

  test('from the beginning, from now, or from a time', async () => {
    await appendNumbers(service.api, 7_000, 7_003)
    const all = await stream({ start: 'beginning', batch_events: 1_000 })
    await caughtUp(service.api, all.id)
    expectAll(receiver, 7_000, 7_003)
    await service.api('DELETE', `/webhooks/${all.id}`)
    receiver.received.length = 0
    const now = await stream()
    await appendNumbers(service.api, 7_004, 7_004)
    await caughtUp(service.api, now.id)
    expect(numbersIn(receiver.received)).toEqual([7_004])
    await service.api('DELETE', `/webhooks/${now.id}`)
    receiver.received.length = 0
    const since = await stream({ start: '2026-01-01T00:00:00Z', batch_events: 1_000 })
    await caughtUp(service.api, since.id)
    expectAll(receiver, 7_000, 7_004)
  })

  test('a delivery shows the bytes that were sent, made again from the log', async () => {
    const webhook = await stream({ batch_events: 10 })
    await appendNumbers(service.api, 1, 10)
    await caughtUp(service.api, webhook.id)
    const request = receiver.received.find((one) => numbersIn([one]).includes(1))
    const id = request?.headers['webhook-id']
    const delivery = await service.api<DeliveryRead>('GET', `/deliveries/${id}`)
    expect(delivery.body).toMatchObject({ status: 'succeeded', attempts: [{ number: 1 }] })
    expect(delivery.body.payload).toBe(request?.body.toString())
  })
})

describe('a window behind the one that is sent', () => {
  /** One POST under way, so that a window has four. */
  const ofFour = { event_types: ['CUSTOM_*'] }
  const quick = { max_attempts: 5, first_delay_ms: 50, max_delay_ms: 50 }
  const windowOf = (n: number) => Math.ceil(n / 4)

  test('is begun while the one before is written, and no further while that does not work', async () => {
    const { db } = service.ctx
    await sql`create function refuse_delivery() returns trigger language plpgsql as 'begin raise exception ''no room''; end'`.execute(
      db,
    )
    await sql`create trigger refuse before insert on deliveries execute function refuse_delivery()`.execute(
      db,
    )
    const webhook = await stream(ofFour, { concurrency_limit: 1 })
    await appendNumbers(service.api, 1, 30)
    await service.api('GET', '/events?limit=1')
    const times = (n: number) => numbersIn(receiver.received).filter((one) => one === n).length
    // Nothing of it is recorded, so both windows are sent again.
    await eventually(async () => expect(times(8)).toBeGreaterThan(1))
    expect(Math.max(...numbersIn(receiver.received))).toBe(8)
    await sql`drop trigger refuse on deliveries`.execute(db)
    await caughtUp(service.api, webhook.id)

    expectAll(receiver, 1, 30)
    const first = [...new Set(numbersIn(receiver.received))]
    expect(first.map(windowOf)).toEqual(first.map(windowOf).sort((a, b) => a - b))
    const ids = new Map<number, Set<string>>()
    for (const request of receiver.received)
      for (const n of numbersIn([request]))
        ids.set(n, (ids.get(n) ?? new Set()).add(String(request.headers['webhook-id'])))
    expect([...ids.values()].map(({ size }) => size)).toEqual(Array(30).fill(1))
  })

  test('waits until all of the one before is taken', async () => {
    const tries = new Map<number, number>()
    const taken = new Set<number>()
    const early: number[] = []
    receiver.answerWith((request, response) => {
      const [n = 0] = numbersIn([request])
      for (let before = 1; windowOf(before) < windowOf(n); before++) if (!taken.has(before)) early.push(n)
      tries.set(n, (tries.get(n) ?? 0) + 1)
      const fails = n % 4 === 2 && (tries.get(n) ?? 0) < 3
      if (!fails) taken.add(n)
      response.writeHead(fails ? 503 : 204).end()
    })
    const webhook = await stream(ofFour, { concurrency_limit: 1, retry_policy: quick })
    await appendNumbers(service.api, 1, 14)
    await caughtUp(service.api, webhook.id)
    expect(early).toEqual([])
    expect([...taken].sort((a, b) => a - b)).toEqual(Array.from({ length: 14 }, (_, index) => index + 1))
    receiver.answerWith(json(200))
  })
})

describe('a receiver in trouble', () => {
  test('that is down loses nothing, and what is sent again has the same webhook-id', async () => {
    const seen = new Map<number, Set<string>>()
    let down = true
    receiver.answerWith((request, response) => {
      for (const n of numbersIn([request]))
        seen.set(n, (seen.get(n) ?? new Set()).add(String(request.headers['webhook-id'])))
      response.writeHead(down ? 503 : 204).end()
    })
    const webhook = await stream({ batch_events: 5 })
    await appendNumbers(service.api, 1, 50)
    const failing = await eventually(async () => {
      const state = await streamOf(service.api, webhook.id)
      expect(state.state).toBe('failing')
      return state
    })
    expect(failing.lag_events).toBeGreaterThanOrEqual(50)
    expect(failing.last_failure).toMatchObject({ http_status: 503 })
    down = false
    await service.api('POST', `/webhooks/${webhook.id}/stream/resume`, {})
    const state = await caughtUp(service.api, webhook.id)
    expectAll(receiver, 1, 50)
    for (const ids of seen.values()) expect(ids.size).toBe(1)
    expect(state).toMatchObject({ state: 'running', set_aside: 0 })
  })

  test('that fails half of all requests at random gets every event', async () => {
    receiver.answerWith((_request, response) => response.writeHead(Math.random() < 0.5 ? 500 : 200).end())
    const taken = new Set<number>()
    receiver.answerWith((request, response) => {
      const ok = Math.random() < 0.5
      if (ok) for (const n of numbersIn([request])) taken.add(n)
      response.writeHead(ok ? 200 : 500).end()
    })
    const webhook = await stream({ batch_events: 3 })
    await appendNumbers(service.api, 1, 300)
    await caughtUp(service.api, webhook.id)
    expect(taken.size).toBe(300)
  })

  test('that always refuses one event has it set aside; the others arrive, and it can be sent again', async () => {
    let refuses = true
    receiver.answerWith((request, response) =>
      response.writeHead(refuses && numbersIn([request]).includes(13) ? 400 : 200).end(),
    )
    const webhook = await stream({ batch_events: 8 })
    await appendNumbers(service.api, 1, 40)
    const state = await caughtUp(service.api, webhook.id)
    expect(state.set_aside).toBe(1)
    expectAll(receiver, 1, 40)
    refuses = false
    const retry = await service.api('POST', '/deliveries/retry', {
      webhook_id: webhook.id,
      accept_repeat: true,
    })
    expect(retry.body).toMatchObject({ matching: 1, queued: 1 })
    await eventually(async () => expect((await streamOf(service.api, webhook.id)).set_aside).toBe(0))
  })

  test('that refuses one event of a stream with strict order stops it there', async () => {
    let refuses = true
    receiver.answerWith((request, response) =>
      response.writeHead(refuses && numbersIn([request]).includes(5) ? 422 : 200).end(),
    )
    const webhook = await stream({ strict_order: true })
    await appendNumbers(service.api, 1, 10)
    await eventually(async () => expect((await streamOf(service.api, webhook.id)).state).toBe('failing'))
    expect(numbersIn(receiver.received)).not.toContain(6)
    refuses = false
    await service.api('POST', `/webhooks/${webhook.id}/stream/resume`, {})
    await caughtUp(service.api, webhook.id)
    const order = [...new Set(numbersIn(receiver.received))]
    expect(order).toEqual(Array.from({ length: 10 }, (_, index) => index + 1))
  })

  test('that says 429 is left alone for as long as it asks', async () => {
    const times: number[] = []
    receiver.answerWith((request, response) => {
      times.push(performance.now())
      if (times.length > 1) return json(200)(request, response)
      response.writeHead(429, { 'retry-after': '1' }).end()
    })
    const webhook = await stream({ event_types: ['CUSTOM_*'] })
    await appendNumbers(service.api, 1, 1)
    await caughtUp(service.api, webhook.id)
    expect(times).toHaveLength(2)
    expect((times[1] ?? 0) - (times[0] ?? 0)).toBeGreaterThanOrEqual(990)
    expectAll(receiver, 1, 1)
  })

  test('that refuses everything stops the stream instead of having it all set aside', async () => {
    receiver.answerWith(json(400))
    const webhook = await stream({}, { concurrency_limit: 1 })
    await appendNumbers(service.api, 1, 60)
    const state = await eventually(async () => {
      const now = await streamOf(service.api, webhook.id)
      expect(now.state).toBe('failing')
      expect(now.set_aside).toBeGreaterThanOrEqual(20)
      return now
    })
    expect(state.set_aside).toBeLessThan(40)
    receiver.answerWith(json(200))
    await service.api('POST', `/webhooks/${webhook.id}/stream/resume`, {})
    await caughtUp(service.api, webhook.id)
  })

  test('that says 413 gets smaller batches', async () => {
    receiver.answerWith((request, response) =>
      response.writeHead(entriesIn(request).length > 4 ? 413 : 200).end(),
    )
    const webhook = await stream({ batch_events: 32 })
    await appendNumbers(service.api, 1, 32)
    const state = await caughtUp(service.api, webhook.id)
    expect(state.set_aside).toBe(0)
    const small = receiver.received.filter((request) => entriesIn(request).length <= 4)
    expect(new Set(numbersIn(small)).size).toBe(32)
  })

  test('that answers 2xx with garbage has taken the events', async () => {
    receiver.answerWith((_request, response) =>
      response.writeHead(200, { 'content-type': 'application/json' }).end('{"response": fal'),
    )
    const webhook = await stream()
    await appendNumbers(service.api, 1, 3)
    expect(await caughtUp(service.api, webhook.id)).toMatchObject({ set_aside: 0, state: 'running' })
  })
})

describe('steering', () => {
  test('a paused stream waits and goes on where it was', async () => {
    const webhook = await stream()
    const paused = await service.api<StreamRead>('POST', `/webhooks/${webhook.id}/stream/pause`, {})
    expect(paused.body.state).toBe('paused')
    receiver.received.length = 0
    await appendNumbers(service.api, 1, 5)
    expect(
      await eventually(async () => {
        const now = await streamOf(service.api, webhook.id)
        expect(now.lag_events).toBeGreaterThanOrEqual(5)
        return now
      }),
    ).toMatchObject({ state: 'paused', estimate_seconds: null })
    expect(numbersIn(receiver.received)).toEqual([])
    await service.api('POST', `/webhooks/${webhook.id}/stream/resume`, {})
    await caughtUp(service.api, webhook.id)
    expectAll(receiver, 1, 5)
  })

  test('a range is counted, then sent again under other webhook-ids', async () => {
    const webhook = await stream({ event_types: ['CUSTOM_*'] })
    await appendNumbers(service.api, 1, 12)
    await caughtUp(service.api, webhook.id)
    const before = receiver.received.map(({ headers }) => headers['webhook-id'])
    const positions = receiver.received
      .flatMap(entriesIn)
      .filter(({ event }) => 'n' in event.event_metadata)
      .map(({ position }) => position)
    const range = { from_position: Math.min(...positions), to_position: Math.max(...positions) }
    receiver.received.length = 0
    const preview = await service.api<ReplayResult>('POST', `/webhooks/${webhook.id}/stream/replays`, {
      ...range,
      preview: true,
    })
    expect(preview.body).toMatchObject({ ...range, replay: null })
    expect(preview.body.events).toBeGreaterThanOrEqual(12)
    const replay = await service.api<ReplayResult>('POST', `/webhooks/${webhook.id}/stream/replays`, range)
    expect(replay.body.replay).toMatchObject(range)
    await eventually(async () => expect((await streamOf(service.api, webhook.id)).replays).toEqual([]))
    expectAll(receiver, 1, 12)
    for (const { headers } of receiver.received) expect(before).not.toContain(headers['webhook-id'])
  })

  test('a stream that is moved to now leaves out what lies between', async () => {
    const webhook = await stream()
    await service.api('POST', `/webhooks/${webhook.id}/stream/pause`, {})
    await appendNumbers(service.api, 1, 5)
    await eventually(async () =>
      expect((await streamOf(service.api, webhook.id)).lag_events).toBeGreaterThanOrEqual(5),
    )
    receiver.received.length = 0
    await service.api('POST', `/webhooks/${webhook.id}/stream/move`, { to: 'now' })
    await service.api('POST', `/webhooks/${webhook.id}/stream/resume`, {})
    await appendNumbers(service.api, 6, 6)
    await caughtUp(service.api, webhook.id)
    expect(numbersIn(receiver.received)).toEqual([6])
  })

  test('whatever ends a stream ends what it was about to send again; a dead receiver keeps no webhook alive', async () => {
    receiver.answerWith(json(503))
    const webhook = await stream({ event_types: ['CUSTOM_*'] })
    const deliveries = async (status: string) =>
      (
        await service.api<Page<DeliverySummary>>(
          'GET',
          `/deliveries?webhook_id=${webhook.id}&status=${status}`,
        )
      ).body.data.length
    const waitsAgain = async (from: number) => {
      await appendNumbers(service.api, from, from + 2)
      await service.api('POST', `/webhooks/${webhook.id}/stream/resume`, {})
      await eventually(async () => expect(await deliveries('sending')).toBeGreaterThan(0))
    }
    await waitsAgain(1)
    await service.api('POST', `/webhooks/${webhook.id}/stream/move`, { to: 'now' })
    expect(await deliveries('sending')).toBe(0)
    expect(await deliveries('skipped')).toBeGreaterThan(0)
    await waitsAgain(4)
    const before = await deliveries('skipped')
    expect((await service.api('DELETE', `/webhooks/${webhook.id}`)).status).toBe(204)
    await eventually(async () => expect(await deliveries('sending')).toBe(0))
    expect(await deliveries('skipped')).toBeGreaterThan(before)
  })

  test('what cannot be is refused and says why', async () => {
    const webhook = await stream()
    const at = (path: string) => `/webhooks/${webhook.id}/stream/${path}`
    expect(await service.api('POST', at('move'), { to: 'tomorrow' })).toMatchObject({ status: 422 })
    expect(await service.api('POST', at('move'), { to: '2999-01-01T00:00:00Z' })).toMatchObject({
      status: 422,
    })
    expect(await service.api('POST', at('replays'), {})).toMatchObject({ status: 422 })
    expect(await service.api('DELETE', at('replays/str_no'))).toMatchObject({ status: 404 })
    expect(await service.api('GET', '/webhooks/wh_no/stream')).toMatchObject({ status: 404 })
    for (const settings of [
      { batch_events: 0 },
      { start: '2999-01-01T00:00:00Z' },
      { start: '0000-01-01T00:00:00Z' },
      { batch_events: 1_001 },
      { format: 'xml' },
      { event_types: [] },
      { event_types: ['lower'] },
      { start: 'soon' },
      { unknown: 1 },
    ]) {
      const answer = await service.api<{ errors: { pointer: string }[] }>('POST', '/webhooks', {
        type: 'siem',
        name: 'x',
        endpoint_url: receiver.url,
        stream: settings,
      })
      expect(answer.status, JSON.stringify(settings)).toBe(422)
      expect(answer.body.errors[0]?.pointer).toMatch(/^\/stream/)
    }
    const inline = await service.api('POST', '/webhooks', {
      type: 'pre_approval',
      name: 'x',
      endpoint_url: receiver.url,
      stream: { format: 'ocsf' },
    })
    expect(inline.status).toBe(422)
  })
})
