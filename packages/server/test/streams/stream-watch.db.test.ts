/** What administrators hear of streams. */
import type { EventPage } from '@keyhook/contract/api/event.ts'
import { expect, test } from 'vitest'
import { lookAfterStreams } from '../../src/streams/stream-watch.ts'
import { serviceForTest, type TestService } from '../support/harness.ts'
import { json, startReceiver } from '../support/receiver.ts'
import { appendNumbers, caughtUp, eventually, numbersIn, siemWebhook, streamOf } from '../support/siem.ts'

/** The entries of the log that tell of streams. */
async function toldOf(api: TestService['api']): Promise<string[]> {
  const events = await api<EventPage>('GET', '/events?order=oldest&limit=200')
  return events.body.data
    .map(({ event }) => event.event_type)
    .filter((type) => type.startsWith('KEYHOOK_STREAM'))
}

test('a stream that is not let in is told of at once', async () => {
  const { api, ctx } = await serviceForTest()
  const receiver = await startReceiver(json(401))
  try {
    const webhook = await siemWebhook(api, receiver.url)
    await appendNumbers(api, 1, 3)
    await eventually(async () => expect((await streamOf(api, webhook.id)).state).toBe('failing'))
    await lookAfterStreams(ctx)
    expect(await toldOf(api)).toEqual(['KEYHOOK_STREAM_FELL_BEHIND'])
  } finally {
    await receiver.close()
  }
})

test('a stream that is too far behind is told of once, and once more when it has caught up', async () => {
  let now = Date.now()
  const { api, ctx } = await serviceForTest({}, { clock: () => now })
  const receiver = await startReceiver(json(503))
  try {
    const webhook = await siemWebhook(api, receiver.url, { lag_alert_seconds: 60 })
    await appendNumbers(api, 1, 3)
    await eventually(async () => expect((await streamOf(api, webhook.id)).state).toBe('failing'))
    await lookAfterStreams(ctx)
    expect(await toldOf(api)).toEqual([])
    now += 61_000
    await lookAfterStreams(ctx)
    await lookAfterStreams(ctx)
    expect(await toldOf(api)).toEqual(['KEYHOOK_STREAM_FELL_BEHIND'])
    const orders = await ctx.db.selectFrom('notice_orders').select(['kind', 'principal_id']).execute()
    const notices = await ctx.db.selectFrom('notices').select('kind').execute()
    // Expanded already, or not yet: there is no administrator with an account in this test.
    for (const { kind } of [...orders, ...notices]) expect(kind).toBe('stream_behind')
    receiver.answerWith(json(200))
    await api('POST', `/webhooks/${webhook.id}/stream/resume`, {})
    await caughtUp(api, webhook.id)
    await lookAfterStreams(ctx)
    expect(await toldOf(api)).toEqual(['KEYHOOK_STREAM_FELL_BEHIND', 'KEYHOOK_STREAM_CAUGHT_UP'])
  } finally {
    await receiver.close()
  }
})

test('a heartbeat comes once a day, to those who want it', async () => {
  let now = Date.now()
  const { api, ctx } = await serviceForTest({}, { clock: () => now })
  const receiver = await startReceiver(json(200))
  try {
    const webhook = await siemWebhook(api, receiver.url, { heartbeat: true, event_types: ['CUSTOM_*'] })
    await caughtUp(api, webhook.id)
    const beats = () => receiver.received.filter(({ body }) => body.includes('KEYHOOK_HEARTBEAT')).length
    for (const expected of [1, 1, 2]) {
      if (expected === 2) now += 24 * 3_600_000
      await lookAfterStreams(ctx)
      await caughtUp(api, webhook.id)
      await eventually(() => expect(beats()).toBe(expected))
    }
    expect(numbersIn(receiver.received)).toEqual([])
  } finally {
    await receiver.close()
  }
})
