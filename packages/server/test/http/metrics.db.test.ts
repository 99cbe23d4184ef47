/** `/metrics`: who may read it, what it counts, and that it answers while the database does not. */
import { sql } from 'kysely'
import { expect, onTestFinished, test } from 'vitest'
import { serviceForTest, testKey } from '../support/harness.ts'
import { makePerson } from '../support/person.ts'
import { json, startReceiver } from '../support/receiver.ts'
import { appendNumbers, caughtUp, eventually, siemWebhook } from '../support/siem.ts'

const withKey = { authorization: `Bearer ${testKey}` }

async function scrape({ url }: { url: string }, headers: Record<string, string> = withKey) {
  const answer = await fetch(`${url}/metrics`, { headers })
  return { status: answer.status, type: answer.headers.get('content-type'), text: await answer.text() }
}

/** The value of a metric, its labels as they are written; null: it is not there. */
function readValue(text: string, metric: string): number | null {
  const line = text.split('\n').find((candidate) => candidate.startsWith(`${metric} `))
  return line === undefined ? null : Number(line.slice(metric.length + 1))
}

test('is for administrators and API keys', async () => {
  const service = await serviceForTest()
  const employee = await makePerson(service, 'employee@example.com')
  const admin = await makePerson(service, 'admin@example.com', { role: 'admin' })
  expect((await scrape(service, {})).status).toBe(401)
  expect((await scrape(service, { authorization: 'Bearer kh_wrong' })).status).toBe(401)
  expect((await scrape(service, { cookie: employee.cookie })).status).toBe(404)
  expect((await scrape(service, { cookie: admin.cookie })).status).toBe(200)
  expect(await scrape(service)).toMatchObject({ status: 200, type: expect.stringContaining('text/plain') })
  expect((await fetch(`${service.url}/metrics`, { method: 'POST', headers: withKey })).status).toBe(404)
})

test('is for everyone when the operator says so', async () => {
  const service = await serviceForTest({ KEYHOOK_METRICS: 'public' })
  expect((await scrape(service, {})).status).toBe(200)
})

test('counts deliveries by type, status and failure reason, without tests, and how long they took', async () => {
  const service = await serviceForTest()
  const receiver = await startReceiver()
  onTestFinished(() => receiver.close())
  receiver.answerWith(json(200, { response: true }))
  const webhook = { type: 'pre_approval', name: 'W', endpoint_url: receiver.url }
  const { id } = (await service.api<{ id: string }>('POST', '/webhooks', webhook)).body
  const invoke = () => service.api('POST', `/webhooks/${id}/invoke`, { payload: {} })
  await service.api('POST', `/webhooks/${id}/test`, { payload: {} })
  await invoke()
  await invoke()
  receiver.answerWith(json(200, {}))
  await invoke()
  const { text } = await scrape(service)
  const deliveries = (status: string, reason: string) =>
    readValue(
      text,
      `keyhook_deliveries_total{type="pre_approval",status="${status}",failure_reason="${reason}"}`,
    )
  expect(deliveries('succeeded', '')).toBe(2)
  expect(deliveries('failed', 'missing_response')).toBe(1)
  expect(
    readValue(text, 'keyhook_delivery_duration_seconds_count{type="pre_approval",status="succeeded"}'),
  ).toBe(2)
  expect(readValue(text, 'keyhook_deliveries_unfinished{status="sending"}')).toBe(0)
  expect(readValue(text, 'process_resident_memory_bytes')).toBeGreaterThan(0)
  // A new id for each person, delivery or request would be a new series for each.
  expect(text).not.toMatch(/(dlv|usr|req|evt)_[0-9a-f]{32}/)
})

test('tells how far each stream is, and no longer once its webhook is deleted', async () => {
  const service = await serviceForTest()
  const receiver = await startReceiver()
  onTestFinished(() => receiver.close())
  receiver.answerWith((request, response) =>
    json(request.body.includes('"n":2') ? 422 : 200, {})(request, response),
  )
  const fine = await siemWebhook(service.api, receiver.url, { event_types: ['CUSTOM_*'] })
  // Nobody listens there.
  const dead = await siemWebhook(service.api, 'http://127.0.0.1:1/')
  await appendNumbers(service.api, 1, 3)
  await caughtUp(service.api, fine.id)
  // The log goes on: a checkpoint, or an event that was set aside, is an entry of its own.
  await eventually(async () => {
    const { text } = await scrape(service)
    const stream = (name: string, { id }: { id: string }) =>
      readValue(text, `keyhook_stream_${name}{webhook_id="${id}"}`)
    expect(stream('lag_events', fine)).toBe(0)
    expect(stream('lag_seconds', fine)).toBe(0)
    expect(stream('set_aside_events', fine)).toBe(1)
    expect(stream('rate_events_per_second', fine)).toBeGreaterThan(0)
    expect(stream('last_success_timestamp_seconds', fine)).toBeGreaterThan(1_700_000_000)
    expect(stream('lag_events', dead)).toBeGreaterThanOrEqual(3)
    expect(stream('lag_seconds', dead)).toBeGreaterThan(0)
    expect(stream('last_success_timestamp_seconds', dead)).toBeNull()
  })
  expect((await service.api('DELETE', `/webhooks/${dead.id}`)).status).toBe(204)
  const { text: later } = await scrape(service)
  expect(readValue(later, `keyhook_stream_lag_events{webhook_id="${dead.id}"}`)).toBeNull()
})

test('tells how many events are logged and how long they wait, and leaves out what cannot be read', async () => {
  const time = { now: Date.now() }
  const service = await serviceForTest({}, { clock: () => time.now })
  const { db } = service.ctx
  const event = { actor: { actor_type: 'S', actor_data: {} }, event_type: 'CUSTOM_N' }
  await service.api('POST', '/events', event)
  // A checkpoint of what was numbered is an event itself.
  const waiting = async () => readValue((await scrape(service)).text, 'keyhook_log_inbox_entries')
  await expect.poll(waiting, { timeout: 15_000 }).toBe(0)
  const log = (await service.api<{ position: number }>('GET', '/log')).body
  const calm = (await scrape(service)).text
  expect(readValue(calm, 'keyhook_log_entries')).toBe(log.position)
  expect(readValue(calm, 'keyhook_log_lag_seconds')).toBe(0)

  // Nobody finds the end of the log.
  await sql`alter table log_head rename to log_head_away`.execute(db)
  await service.api('POST', '/events', event)
  time.now += 7_000
  const stuck = await scrape(service)
  expect(stuck.status).toBe(200)
  expect(readValue(stuck.text, 'keyhook_log_entries')).toBeNull()
  expect(readValue(stuck.text, 'keyhook_log_inbox_entries')).toBe(1)
  expect(readValue(stuck.text, 'keyhook_log_lag_seconds')).toBe(7)
  await sql`alter table log_head_away rename to log_head`.execute(db)
})
