/**
 * The crash matrix: the process is killed at each point of a delivery and started again; the receiver's own count is
 * compared with the record. Each start recovers from the crash before it and is then crashed itself.
 */
import { randomUUID } from 'node:crypto'
import type { DeliveryRead } from '@keyhook/contract/api/delivery.ts'
import { expect, onTestFinished, test } from 'vitest'
import { startPostgres } from '../packages/server/test/support/embedded-postgres.ts'
import { freePort } from '../packages/server/test/support/free-port.ts'
import { apiOf } from '../packages/server/test/support/harness.ts'
import { json, startReceiver } from '../packages/server/test/support/receiver.ts'
import { bootstrapKey, dataFolder, migratedFolder, startServer } from './support/server-process.ts'

const begins = 'insert into "?deliveries"?'
const finishes = 'update deliveries set status = done'

/** Where the process dies, and what must be true after the next start. */
const points = [
  { at: `before:${begins}`, name: 'before the intent commits', recorded: false, sent: 0 },
  { at: `after:${begins}`, name: 'with the intent committed and nothing sent', recorded: true, sent: 0 },
  { at: '', name: 'with the request sent and no answer yet', recorded: true, sent: 1 },
  {
    at: `before:${finishes}`,
    name: 'with the answer read and the outcome not committed',
    recorded: true,
    sent: 1,
  },
  {
    at: `after:${finishes}`,
    name: 'with the outcome committed and the caller not answered',
    recorded: true,
    sent: 1,
  },
] as const

/** A webhook that is sent at most once, and one whose receiver bears to get a delivery twice. */
const webhooks = {
  'at most once': { retry_policy: null },
  idempotent: { retry_policy: { max_attempts: 3, first_delay_ms: 50, max_delay_ms: 100 } },
}

async function crashMatrix(env: NodeJS.ProcessEnv): Promise<void> {
  const counts = new Map<string, number>()
  let hold = false
  const receiver = await startReceiver((request, response) => {
    const id = String(request.headers['webhook-id'])
    counts.set(id, (counts.get(id) ?? 0) + 1)
    if (!hold) json(200, { response: true })(request, response)
  })
  onTestFinished(() => receiver.close())
  const total = () => [...counts.values()].reduce((sum, count) => sum + count, 0)
  const start = (at: string) => startServer({ ...env, CRASH_AT: at }, ['test/support/crashing-server.ts'])

  const cases = Object.keys(webhooks).flatMap((name) => points.map((point) => ({ name, point })))
  let server = await start(cases[0]?.point.at ?? '')
  const key = { key: bootstrapKey }
  const ids: Record<string, string> = {}
  for (const [name, settings] of Object.entries(webhooks)) {
    const made = await apiOf(server.url)<{ id: string }>(
      'POST',
      '/webhooks',
      { type: 'provisioning', name, endpoint_url: receiver.url, ...settings },
      key,
    )
    ids[name] = made.body.id
  }

  for (const [index, { name, point }] of cases.entries()) {
    const label = `${name}, killed ${point.name}`
    const id = ids[name]
    counts.clear()
    const idempotencyKey = randomUUID()
    const invoke = () =>
      apiOf(server.url)<DeliveryRead>(
        'POST',
        `/webhooks/${id}/invoke`,
        { payload: { label } },
        { ...key, headers: { 'idempotency-key': idempotencyKey, prefer: 'wait=10' } },
      )

    server.child.kill('SIGUSR2')
    await expect.poll(server.output).toContain('armed')
    hold = point.at === ''
    const ended = new Promise((resolve) => server.child.once('close', resolve))
    const answer = invoke().then(
      () => 'answered',
      () => 'cut off',
    )
    if (point.at === '') {
      await expect.poll(total).toBe(1)
      await server.end('SIGKILL')
    }
    await ended
    expect(await answer, label).toBe('cut off')
    expect(total(), label).toBe(point.sent)

    hold = false
    server = await start(cases[index + 1]?.point.at ?? '')
    const list = async (query: string) =>
      (await apiOf(server.url)<{ data: DeliveryRead[] }>('GET', `/deliveries?${query}`, undefined, key)).body
        .data
    // The same key: the delivery that was recorded, or a first one when nothing was.
    const again = await invoke()
    expect(again.status, label).toBe(200)
    expect([again.body.id], label).toEqual(
      (await list(`webhook_id=${id}&limit=1`)).map((delivery) => delivery.id),
    )
    const finished = point.at === `after:${finishes}`
    const succeeds = !point.recorded || finished || name === 'idempotent'
    expect(again.body, label).toMatchObject(
      succeeds
        ? { status: 'succeeded', outcome: { decision: true } }
        : { status: 'failed', outcome: { failure_reason: 'interrupted' } },
    )
    // What the receiver counted: once, never, or once more where the webhook says that it may arrive twice.
    const resent = name === 'idempotent' && point.recorded && !finished ? 1 : 0
    expect(total(), label).toBe(point.recorded ? point.sent + resent : 1)
    expect(counts.size, label).toBeLessThanOrEqual(1)
    expect(await list('status=sending'), label).toEqual([])
  }
  await server.end('SIGTERM')
}

test('on PGlite every kill leaves a record that agrees with the receiver', async () => {
  await crashMatrix({ KEYHOOK_DATA_DIR: await migratedFolder() })
})

test('on PostgreSQL every kill leaves a record that agrees with the receiver', async () => {
  const postgres = await startPostgres(await freePort())
  onTestFinished(postgres.stop)
  await crashMatrix({
    KEYHOOK_DATA_DIR: await dataFolder(),
    DATABASE_URL: await postgres.database('keyhook'),
  })
})
