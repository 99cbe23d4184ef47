import type { DeliveryRead } from '@keyhook/contract/api/delivery.ts'
import type { Problem } from '@keyhook/contract/api/problem.ts'
import type { WebhookCreated } from '@keyhook/contract/api/webhook.ts'
import { verify } from '@keyhook/contract/signature.ts'
import { parseSigningSecret } from '@keyhook/contract/signing-secret.ts'
import { sql } from 'kysely'
import { describe, expect, onTestFinished, test } from 'vitest'
import { newId } from '../../src/lib/ids.ts'
import { startTestService } from '../support/harness.ts'
import { type Answer, json, startReceiver } from '../support/receiver.ts'
import { serviceWithReceiver } from '../support/service-with-receiver.ts'

const { service, receiver } = serviceWithReceiver()

const create = async (more: Record<string, unknown> = {}) => {
  const made = await service.api<WebhookCreated>('POST', '/webhooks', {
    type: 'provisioning',
    name: 'W',
    endpoint_url: receiver.url,
    ...more,
  })
  expect(made.status, made.text).toBe(201)
  return made.body
}
const invoke = async (webhook: { id: string }, payload: unknown = { a: 1 }) =>
  (await service.api<DeliveryRead>('POST', `/webhooks/${webhook.id}/invoke`, { payload })).body
const retry = (id: string, body: unknown = {}) =>
  service.api<DeliveryRead & Pick<Problem, 'code'>>('POST', `/deliveries/${id}/retry`, body)
const quick = { max_attempts: 4, first_delay_ms: 50, max_delay_ms: 100 }

/** The same place, where nobody speaks TLS. */
const tlsUrl = ({ url }: { url: string }) => url.replace('http:', 'https:')
/** Deliveries under way in a process that is not there any more. */
async function leaveBehind(webhookId: string, count: number): Promise<void> {
  const ids = Array.from({ length: count }, () => newId('dlv', Date.now()))
  await sql`insert into deliveries (id, webhook_id, webhook_name, webhook_type, test, payload, status, process_id)
    select id, ${webhookId}, 'W', 'provisioning', false, '{}'::bytea, 'sending', 'prc_dead'
    from unnest(${ids}::text[]) as id`.execute(service.ctx.db)
}
/** Each answer once, the last one for all that follow. */
const inTurn = (...answers: Answer[]): Answer => {
  let next = 0
  return (request, response) => (answers[Math.min(next++, answers.length - 1)] as Answer)(request, response)
}

describe('a retry policy', () => {
  test('is off by default: an inline delivery is sent once', async () => {
    receiver.answerWith(json(503))
    const delivery = await invoke(await create())
    expect(delivery.attempts.length).toBe(1)
    expect(receiver.received.length).toBe(1)
  })

  test('sends again what a retry can mend, under the same webhook-id, signed anew, and records each attempt', async () => {
    receiver.answerWith(inTurn(json(503), json(500), json(200, { response: true })))
    const webhook = await create({ retry_policy: quick })
    const delivery = await invoke(webhook)
    expect(delivery.outcome).toMatchObject({ status: 'succeeded', decision: true })
    expect(delivery.attempts.map((attempt) => [attempt.number, attempt.outcome?.status])).toEqual([
      [1, 'failed'],
      [2, 'failed'],
      [3, 'succeeded'],
    ])
    expect(new Set(receiver.received.map((got) => got.headers['webhook-id']))).toEqual(new Set([delivery.id]))
    expect(new Set(receiver.received.map((got) => got.body.toString())).size).toBe(1)
    const stored = await service.api<DeliveryRead>('GET', `/deliveries/${delivery.id}`)
    expect(stored.body).toEqual({ ...delivery, access_request_id: null })
  })

  test('gives up after the last attempt', async () => {
    receiver.answerWith(json(503))
    const delivery = await invoke(await create({ retry_policy: quick }))
    expect(delivery.attempts.length).toBe(4)
    expect(delivery.outcome).toMatchObject({ status: 'failed', failure_reason: 'http_status' })
  })

  test.each([
    ['a 400', json(400)],
    ['a redirect', ((_request, response) => response.writeHead(302, { location: '/' }).end()) as Answer],
    ['an answer that cannot be read', json(200, { no: 'response' })],
    ['a decision of false', json(200, { response: false })],
  ])('%s is not sent again', async (_what, answer) => {
    receiver.answerWith(answer)
    await invoke(await create({ retry_policy: quick }))
    expect(receiver.received.length).toBe(1)
  })

  test('stays within the time limit of the webhook', async () => {
    receiver.answerWith((request, response) => setTimeout(() => json(503)(request, response), 600))
    const webhook = await create({ retry_policy: { ...quick, max_attempts: 10 }, time_limit_ms: 1_500 })
    const delivery = await invoke(webhook)
    expect(delivery.attempts.length).toBeLessThanOrEqual(3)
    expect(delivery.attempts.length).toBeGreaterThanOrEqual(2)
  })

  test('waits as long as Retry-After says, where there is time for it, else gives up at once', async () => {
    receiver.answerWith(
      inTurn(
        (_request, response) => response.writeHead(429, { 'retry-after': '1' }).end(),
        json(200, { response: true }),
      ),
    )
    const policy = { max_attempts: 3, first_delay_ms: 50, max_delay_ms: 5_000 }
    const patient = await invoke(await create({ retry_policy: policy }))
    const [first, second] = patient.attempts
    expect(Date.parse(second?.started_at ?? '') - Date.parse(first?.started_at ?? '')).toBeGreaterThanOrEqual(
      990,
    )

    receiver.answerWith((_request, response) => response.writeHead(429, { 'retry-after': '3600' }).end())
    const hurried = await invoke(await create({ retry_policy: policy, time_limit_ms: 2_000 }))
    expect(hurried.attempts.length).toBe(1)
  })

  test('does not apply to a test', async () => {
    receiver.answerWith(json(503))
    const webhook = await create({ retry_policy: quick })
    const tested = await service.api<DeliveryRead>('POST', `/webhooks/${webhook.id}/test`, {})
    expect(tested.body.attempts.length).toBe(1)
  })

  test.each([
    [{ max_attempts: 1 }, '/retry_policy/max_attempts'],
    [{ max_attempts: 11 }, '/retry_policy/max_attempts'],
    [{ first_delay_ms: 0 }, '/retry_policy/first_delay_ms'],
    [{ first_delay_ms: 1_000, max_delay_ms: 500 }, '/retry_policy/max_delay_ms'],
    [{ attempts: 3 }, '/retry_policy/attempts'],
    ['often', '/retry_policy'],
  ])('%j is refused at %s', async (policy, pointer) => {
    const made = await service.api<Problem>('POST', '/webhooks', {
      type: 'provisioning',
      name: 'W',
      endpoint_url: receiver.url,
      retry_policy: policy,
    })
    expect(made.status).toBe(422)
    expect(made.body.errors.map((error) => error.pointer)).toContain(pointer)
  })
})

describe('sending again by hand', () => {
  test('asks first when the receiver may have acted, then adds an attempt to the same delivery', async () => {
    receiver.answerWith(json(500))
    const webhook = await create()
    const failed = await invoke(webhook)
    const asked = await retry(failed.id)
    expect([asked.status, asked.body.code]).toEqual([409, 'retry_may_repeat'])
    expect(receiver.received.length).toBe(1)

    receiver.answerWith(json(200, { response: true }))
    const sent = await retry(failed.id, { accept_repeat: true })
    expect(sent.body).toMatchObject({ id: failed.id, status: 'succeeded', outcome: { decision: true } })
    expect(sent.body.attempts.map((attempt) => attempt.number)).toEqual([1, 2])
    expect(receiver.received.map((got) => got.headers['webhook-id'])).toEqual([failed.id, failed.id])
    expect(receiver.received[1]?.body).toEqual(receiver.received[0]?.body)
  })

  test('signs with the secret of now', async () => {
    receiver.answerWith(json(500))
    const webhook = await create()
    const failed = await invoke(webhook)
    const rotated = await service.api<WebhookCreated>(
      'POST',
      `/webhooks/${webhook.id}/rotate-signing-secret`,
      {
        overlap_seconds: 0,
      },
    )
    await retry(failed.id, { accept_repeat: true })
    const got = receiver.received[1]
    const check = (text: string) => {
      const secret = parseSigningSecret(text)
      return verify(
        secret.ok ? [secret.bytes] : [],
        got?.headers as Record<string, string>,
        got?.body ?? Buffer.alloc(0),
        Math.floor(Date.now() / 1000),
      ).ok
    }
    expect(check(rotated.body.signing_secret)).toBe(true)
    expect(check(webhook.signing_secret)).toBe(false)
  })

  test('needs no question where nothing was sent, works on a disabled webhook, and passes an open circuit', async () => {
    const webhook = await create({ enabled: false })
    const refused = await invoke(webhook)
    expect(refused.outcome).toMatchObject({ failure_reason: 'webhook_disabled' })
    const sent = await retry(refused.id)
    expect(sent.body).toMatchObject({ status: 'succeeded' })
    expect(sent.body.attempts.length).toBe(1)
  })

  test('a delivery that succeeded asks too', async () => {
    const delivery = await invoke(await create())
    expect((await retry(delivery.id)).body).toMatchObject({ code: 'retry_may_repeat' })
    expect((await retry(delivery.id, { accept_repeat: true })).body.attempts.length).toBe(2)
  })

  test('asks also when only an earlier sending may have arrived', async () => {
    const webhook = await create()
    const delivery = await invoke(webhook)
    await service.api('PATCH', `/webhooks/${webhook.id}`, { endpoint_url: tlsUrl(receiver) })
    const broken = await retry(delivery.id, { accept_repeat: true })
    expect(broken.body).toMatchObject({ status: 'failed', outcome: { failure_reason: 'tls' } })
    const filter = { webhook_id: webhook.id, preview: true }
    expect((await service.api('POST', '/deliveries/retry', filter)).body).toMatchObject({ may_repeat: 1 })
    expect((await retry(delivery.id)).body).toMatchObject({ code: 'retry_may_repeat' })
  })

  test('asks when the first of several attempts may have arrived', async () => {
    const webhook = await create({ retry_policy: quick })
    receiver.answerWith((request, response) => {
      json(503)(request, response)
      // The next one does not come as far as this receiver.
      void service.api('PATCH', `/webhooks/${webhook.id}`, { enabled: false })
    })
    const failed = await invoke(webhook)
    await service.ctx.db
      .updateTable('deliveries')
      .set({ failure_reason: 'auth_failed' })
      .where('id', '=', failed.id)
      .execute()
    expect(failed.attempts.length).toBeGreaterThan(1)
    expect((await retry(failed.id)).body).toMatchObject({ code: 'retry_may_repeat' })
  })

  test('does not ask when it waited for a free place in vain', async () => {
    const webhook = await create({ concurrency_limit: 1, max_wait_ms: 100 })
    let release = () => {}
    receiver.answerWith((request, response) => {
      release = () => json(200, { response: true })(request, response)
    })
    const first = invoke(webhook)
    await expect.poll(() => receiver.received.length).toBe(1)
    const second = await invoke(webhook)
    expect(second).toMatchObject({ status: 'failed', outcome: { failure_reason: 'timeout' }, attempts: [] })
    release()
    await first
    receiver.answerWith(json(200, { response: true }))
    expect((await retry(second.id)).body).toMatchObject({ status: 'succeeded' })
  })

  test('two clicks at once send once', async () => {
    const webhook = await create()
    receiver.answerWith(json(500))
    const failed = await invoke(webhook)
    receiver.answerWith((request, response) =>
      setTimeout(() => json(200, { response: true })(request, response), 200),
    )
    const answers = await Promise.all([1, 2, 3].map(() => retry(failed.id, { accept_repeat: true })))
    expect(answers.map((answer) => answer.status).sort()).toEqual([200, 409, 409])
    expect(receiver.received.length).toBe(2)
  })

  test.each([
    [
      'the test of an unsaved webhook',
      async () => {
        const tested = await service.api<DeliveryRead>('POST', '/webhooks/test', {
          webhook: { type: 'siem', name: 'W', endpoint_url: receiver.url },
        })
        return tested.body.id
      },
    ],
    ['a skipped delivery', async () => (await invoke(await create({ condition: 'false' }))).id],
    [
      'a delivery of a deleted webhook',
      async () => {
        const webhook = await create()
        const { id } = await invoke(webhook)
        await service.api('DELETE', `/webhooks/${webhook.id}`)
        return id
      },
    ],
  ])('%s cannot be sent again', async (_what, make) => {
    const answer = await retry(await make(), { accept_repeat: true })
    expect([answer.status, answer.body.code]).toEqual([409, 'delivery_not_retryable'])
  })

  test('an unknown delivery is not found; a wrong body is refused', async () => {
    expect((await retry('dlv_nothing')).status).toBe(404)
    expect((await retry('dlv_nothing', { accept: true })).status).toBe(422)
  })

  test('does not count for the circuit breaker', async () => {
    const webhook = await create({
      circuit_breaker: { failure_share: 0.5, minimum_calls: 2, window_seconds: 60, pause_seconds: 30 },
    })
    receiver.answerWith(json(500))
    const failed = await invoke(webhook)
    for (let count = 0; count < 4; count++) await retry(failed.id, { accept_repeat: true })
    const read = await service.api<WebhookCreated>('GET', `/webhooks/${webhook.id}`)
    expect(read.body.circuit.state).toBe('closed')
  })
})

describe('sending again in bulk', () => {
  test('counts first, leaves out what may repeat unless told, and sends in the background', async () => {
    const webhook = await create({ enabled: false })
    for (let count = 0; count < 30; count++) await invoke(webhook, { count })
    await service.api('PATCH', `/webhooks/${webhook.id}`, { enabled: true })
    receiver.answerWith(json(500))
    for (let count = 0; count < 5; count++) await invoke(webhook, { count })
    receiver.received.length = 0
    receiver.answerWith(json(200, { response: true }))

    const filter = { webhook_id: webhook.id }
    const bulk = (body: object) =>
      service.api<{ matching: number; may_repeat: number; queued: number }>('POST', '/deliveries/retry', body)
    expect((await bulk({ ...filter, preview: true })).body).toEqual({
      matching: 35,
      may_repeat: 5,
      queued: 0,
    })
    expect((await bulk({ ...filter, failure_reason: 'http_status', preview: true })).body.matching).toBe(5)
    expect((await bulk({ ...filter, type: 'siem', preview: true })).body.matching).toBe(0)
    expect((await bulk(filter)).body).toEqual({ matching: 35, may_repeat: 5, queued: 30 })
    await expect.poll(() => receiver.received.length, { timeout: 15_000 }).toBe(30)
    expect((await bulk({ ...filter, accept_repeat: true })).body.queued).toBe(5)
    await expect
      .poll(
        async () => {
          const page = await service.api<{ data: unknown[] }>(
            'GET',
            `/deliveries?webhook_id=${webhook.id}&status=succeeded&limit=200`,
          )
          return page.body.data.length
        },
        { timeout: 15_000 },
      )
      .toBe(35)
    expect(new Set(receiver.received.map((got) => got.headers['webhook-id'])).size).toBe(35)
  })

  test('waits for its turn where few may be sent at a time, and does not give up', async () => {
    const webhook = await create({ enabled: false, concurrency_limit: 1, max_wait_ms: 50 })
    for (let count = 0; count < 10; count++) await invoke(webhook, { count })
    await service.api('PATCH', `/webhooks/${webhook.id}`, { enabled: true })
    receiver.answerWith((request, response) =>
      setTimeout(() => json(200, { response: true })(request, response), 150),
    )
    await service.api('POST', '/deliveries/retry', { webhook_id: webhook.id })
    const ended = async () =>
      (
        await service.api<{ data: DeliveryRead[] }>('GET', `/deliveries?webhook_id=${webhook.id}&limit=200`)
      ).body.data.map(({ status }) => status)
    await expect.poll(ended, { timeout: 20_000 }).toEqual(Array(10).fill('succeeded'))
    expect(receiver.received.length).toBe(10)
  })

  test('a receiver that hangs holds up its own deliveries only', async () => {
    const hanging = await startReceiver(() => {})
    onTestFinished(() => hanging.close())
    const slow = await create({ enabled: false, endpoint_url: hanging.url, time_limit_ms: 60_000 })
    for (let count = 0; count < 40; count++) await invoke(slow, { count })
    const good = await create({ enabled: false })
    const { id } = await invoke(good)
    await service.api('POST', '/deliveries/retry', { webhook_id: slow.id })
    await expect.poll(() => hanging.received.length).toBe(16)
    await service.api('POST', '/deliveries/retry', { webhook_id: good.id })
    await expect
      .poll(async () => (await service.api<DeliveryRead>('GET', `/deliveries/${id}`)).body.status)
      .toBe('succeeded')
    expect(hanging.received.length).toBe(16)
  })

  test('all that a dead process left is sent again where the policy allows, unless the webhook was disabled since', async () => {
    const policy = { retry_policy: quick, concurrency_limit: 2, max_wait_ms: 0 }
    const idempotent = await create(policy)
    const disabled = await create({ ...policy, enabled: false })
    const plain = await create()
    for (const { id } of [idempotent, disabled, plain]) await leaveBehind(id, 120)
    const counts = async ({ id }: { id: string }) => {
      const { rows } = await sql<{
        said: string
        count: string
      }>`select coalesce(failure_reason, status) as said,
        count(*) from deliveries where webhook_id = ${id} group by 1`.execute(service.ctx.db)
      return Object.fromEntries(rows.map(({ said, count }) => [said, Number(count)]))
    }
    await expect.poll(() => counts(idempotent), { timeout: 30_000 }).toEqual({ succeeded: 120 })
    expect(await counts(disabled)).toEqual({ interrupted: 120 })
    expect(await counts(plain)).toEqual({ interrupted: 120 })
    expect(receiver.received.length).toBe(120)
  })

  test('what is queued survives a stop', async () => {
    const other = await startTestService()
    const made = await other.api<WebhookCreated>('POST', '/webhooks', {
      type: 'provisioning',
      name: 'W',
      endpoint_url: receiver.url,
      enabled: false,
    })
    for (let count = 0; count < 5; count++) {
      await other.api('POST', `/webhooks/${made.body.id}/invoke`, { payload: { count } })
    }
    // As if the process had died right after its answer.
    await other.ctx.db
      .updateTable('deliveries')
      .set({ status: 'pending', outcome: null, failure_reason: null, finished_at: null, process_id: null })
      .execute()
    const again = await other.restart()
    await expect.poll(() => receiver.received.length, { timeout: 15_000 }).toBe(5)
    await again.stop()
    await other.stop().catch(() => {})
  })

  test.each([
    [{ webhook: 'x' }, '/webhook'],
    [{ from: 'yesterday' }, '/from'],
    [{ failure_reason: 'bad_luck' }, '/failure_reason'],
  ])('%j is refused at %s', async (body, pointer) => {
    const answer = await service.api<Problem>('POST', '/deliveries/retry', body)
    expect(answer.status).toBe(422)
    expect(answer.body.errors.map((error) => error.pointer)).toContain(pointer)
  })
})
