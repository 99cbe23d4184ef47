import type { DeliveryRead } from '@keyhook/contract/api/delivery.ts'
import { sql } from 'kysely'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { startTestService, type TestService } from '../support/harness.ts'
import { json, type Receiver, startReceiver } from '../support/receiver.ts'

let service: TestService
let receiver: Receiver
let webhookId: string
beforeAll(async () => {
  service = await startTestService()
  receiver = await startReceiver()
  const webhook = { type: 'pre_approval', name: 'W', endpoint_url: receiver.url }
  webhookId = (await service.api<{ id: string }>('POST', '/webhooks', webhook)).body.id
})
afterAll(async () => {
  await receiver.close()
  await service.stop()
})
beforeEach(() => {
  receiver.received.length = 0
  receiver.answerWith(json(200, { response: true, message: 'yes' }))
})

const invoke = () => service.api<DeliveryRead>('POST', `/webhooks/${webhookId}/invoke`, { payload: {} })
const retry = (id: string) =>
  service.api<DeliveryRead>('POST', `/deliveries/${id}/retry`, { accept_repeat: true })
const ready = async () => (await fetch(`${service.url}/readyz`)).status
const rename = (from: string, to: string) =>
  sql`alter table ${sql.table(from)} rename to ${sql.table(to)}`.execute(service.ctx.db)

/** As an administrator of the database would: for all connections. */
function takeWrites(value: 'on' | 'off'): Promise<void> {
  const readOnly = sql.raw(value === 'off' ? 'on' : 'off')
  return service.ctx.db.connection().execute(async (db) => {
    await sql`set default_transaction_read_only = off`.execute(db)
    const { rows } = await sql<{ name: string }>`select current_database() as name`.execute(db)
    await sql`alter database ${sql.id(rows[0]?.name ?? '')} set default_transaction_read_only = ${readOnly}`.execute(
      db,
    )
    await sql`set default_transaction_read_only = ${readOnly}`.execute(db)
    await sql`select pg_terminate_backend(pid) from pg_stat_activity
      where datname = current_database() and pid <> pg_backend_pid() and backend_type = 'client backend'`.execute(
      db,
    )
  })
}

describe('a database that refuses writes', () => {
  test('before sending: 503 with Retry-After, nothing is sent, and all is well again afterwards', async () => {
    await rename('deliveries', 'deliveries_away')
    const refused = await invoke()
    expect(refused.body).toMatchObject({ status: 503, code: 'unavailable' })
    expect(refused.headers.get('retry-after')).toBe('5')
    expect(receiver.received).toHaveLength(0)
    await rename('deliveries_away', 'deliveries')
    await expect.poll(ready, { timeout: 15_000 }).toBe(200)
    expect((await invoke()).body).toMatchObject({ status: 'succeeded' })
  })

  test('sending again by hand: 503 with Retry-After, and the delivery stays as it was', async () => {
    const before = (await invoke()).body
    await sql`create function refuse() returns trigger language plpgsql as
      $$ begin raise exception 'refused'; end $$`.execute(service.ctx.db)
    await sql`create trigger refuse before update on deliveries for each row execute function refuse()`.execute(
      service.ctx.db,
    )
    const refused = await retry(before.id)
    await sql`drop function refuse cascade`.execute(service.ctx.db)
    expect(refused.body).toMatchObject({ status: 503, code: 'unavailable' })
    expect(refused.headers.get('retry-after')).toBe('5')
    await expect.poll(ready, { timeout: 15_000 }).toBe(200)
    expect((await service.api<DeliveryRead>('GET', `/deliveries/${before.id}`)).body).toEqual({
      ...before,
      access_request_id: null,
    })
    expect(receiver.received).toHaveLength(1)
  })

  test('one that was made read-only: not ready until it takes writes again', async () => {
    await takeWrites('off')
    await expect.poll(ready).toBe(503)
    expect((await invoke()).body).toMatchObject({ status: 503, code: 'unavailable' })
    expect(receiver.received).toHaveLength(0)
    await takeWrites('on')
    await expect.poll(ready, { timeout: 15_000 }).toBe(200)
    const sent = await invoke()
    expect(sent.body, sent.text).toMatchObject({ status: 'succeeded' })
  })

  test('after the answer: the outcome stays what it is and is stored as soon as that works', async () => {
    const before = (await invoke()).body
    receiver.received.length = 0
    await rename('attempts', 'attempts_away')
    const waiting = invoke()
    await expect.poll(ready).toBe(503)
    expect(receiver.received).toHaveLength(1)
    // Meanwhile nothing new is begun, nor anything old again.
    expect((await invoke()).body).toMatchObject({ status: 503, code: 'unavailable' })
    expect((await retry(before.id)).body).toMatchObject({ status: 503, code: 'unavailable' })
    expect(receiver.received).toHaveLength(1)
    await rename('attempts_away', 'attempts')
    const { status, body } = await waiting
    expect(status).toBe(200)
    expect(body).toMatchObject({ status: 'succeeded', outcome: { decision: true, message: 'yes' } })
    expect((await service.api<DeliveryRead>('GET', `/deliveries/${body.id}`)).body).toEqual({
      ...body,
      access_request_id: null,
    })
    expect(await ready()).toBe(200)
    expect(receiver.received).toHaveLength(1)
  })
})

test('a caller is told what is recorded when another process ended the delivery in the meantime', async () => {
  receiver.answerWith((_request, response) => {
    const outcome = JSON.stringify({
      status: 'failed',
      failure_reason: 'interrupted',
      explanation: 'Taken for dead.',
    })
    void sql`update deliveries set status = 'failed', failure_reason = 'interrupted', outcome = ${outcome}::json,
      finished_at = now() where finished_at is null`
      .execute(service.ctx.db)
      .then(() => response.end('{"response":true}'))
  })
  expect((await invoke()).body).toMatchObject({
    status: 'failed',
    outcome: { failure_reason: 'interrupted', explanation: 'Taken for dead.' },
    attempts: [],
  })
})
