/**
 * The crash matrix of access requests: the process is killed at each point between asking for access and having it, and
 * started again. A provisioning webhook without retry policy is sent at most once, and each request goes on or ends in a task.
 * On PostgreSQL alone: with PGlite each point starts the database anew in the process, and on a busy machine five of them took
 * more than three minutes. That PGlite keeps what it committed when it is killed is tested in crash.slow.test.ts.
 */
import type { AccessRequestRead } from '@keyhook/contract/api/access-request.ts'
import type { Page } from '@keyhook/contract/api/list.ts'
import { expect, onTestFinished, test } from 'vitest'
import { call, makeApp, makeUser, makeWebhook } from '../packages/server/test/access/support.ts'
import { startPostgres } from '../packages/server/test/support/embedded-postgres.ts'
import { freePort } from '../packages/server/test/support/free-port.ts'
import { apiOf } from '../packages/server/test/support/harness.ts'
import { json, startReceiver } from '../packages/server/test/support/receiver.ts'
import { bootstrapKey, dataFolder, startServer } from './support/server-process.ts'

/** Where the process dies, whether the request is there afterwards, how often it was sent in the end, and what came of it. */
const points = [
  { at: 'before:insert into "calls"', name: 'before the request commits', there: false, sent: 0, ends: null },
  {
    at: 'after:^commit',
    name: 'with the request committed and nothing sent',
    there: true,
    sent: 1,
    ends: 'active',
  },
  {
    at: 'after:insert into "?deliveries"?',
    name: 'with the delivery begun and nothing sent',
    there: true,
    sent: 0,
    ends: 'awaiting_confirmation',
  },
  {
    at: '',
    name: 'with the delivery sent and no answer yet',
    there: true,
    sent: 1,
    ends: 'awaiting_confirmation',
  },
  {
    at: 'before:update deliveries set status = done',
    name: 'with the answer read and not recorded',
    there: true,
    sent: 1,
    ends: 'awaiting_confirmation',
  },
  {
    at: 'after:update deliveries set status = done',
    name: 'with the outcome recorded and the request not moved',
    there: true,
    sent: 1,
    ends: 'active',
  },
] as const

async function crashMatrix(env: NodeJS.ProcessEnv): Promise<void> {
  let count = 0
  let hold = false
  const receiver = await startReceiver((request, response) => {
    count += 1
    if (!hold) json(204)(request, response)
  })
  onTestFinished(() => receiver.close())
  const start = async (at: string) => {
    const server = await startServer({ ...env, CRASH_AT: at }, ['test/support/crashing-server.ts'])
    const plain = apiOf(server.url)
    const api: typeof plain = (method, path, body, options) =>
      plain(method, path, body, { key: bootstrapKey, ...options })
    return { ...server, api }
  }

  let server = await start(points[0].at)
  const webhook = await makeWebhook(server, 'provisioning', receiver.url)
  const app = await makeApp(server, { webhooks: { provisioning: webhook.id } })
  for (const [index, point] of points.entries()) {
    const user = await makeUser(server)
    count = 0
    hold = point.at === ''
    // The log is at rest: the next commit is that of the request.
    await server.api('GET', '/events')
    server.child.kill('SIGUSR2')
    await expect.poll(server.output).toContain('armed')
    const ended = new Promise((resolve) => server.child.once('close', resolve))
    const body = {
      app_id: app.id,
      permission_ids: app.permissions.map(({ id }) => id),
      requester_id: user.id,
    }
    const answer = server.api('POST', '/access-requests', body, { headers: { prefer: 'wait=10' } }).then(
      () => 'answered',
      () => 'cut off',
    )
    if (point.at === '') {
      await expect.poll(() => count).toBe(1)
      await server.end('SIGKILL')
    }
    await ended
    expect(await answer, point.name).toBe('cut off')

    hold = false
    server = await start(points[index + 1]?.at ?? '')
    const list = () =>
      call<Page<AccessRequestRead>>(server, 'GET', `/access-requests?user_id=${user.id}`).then(
        ({ data }) => data,
      )
    if (!point.there) expect(await list(), point.name).toEqual([])
    else {
      await expect
        .poll(async () => (await list())[0]?.status, { message: point.name, timeout: 20_000 })
        .toBe(point.ends)
      const [request] = await list()
      const whole = await call<AccessRequestRead>(server, 'GET', `/access-requests/${request?.id}`)
      if (point.ends === 'active')
        expect(whole, point.name).toMatchObject({ grants: [{ status: 'active' }], tasks: [] })
      else
        expect(whole, point.name).toMatchObject({
          grants: [],
          tasks: [{ status: 'open', reason: { kind: 'failed', failure_reason: 'interrupted' } }],
        })
    }
    expect(count, point.name).toBe(point.sent)
  }
  await server.end('SIGTERM')
}

test('on PostgreSQL every kill leaves a request that goes on or asks a person', async () => {
  const postgres = await startPostgres(await freePort())
  onTestFinished(postgres.stop)
  await crashMatrix({
    KEYHOOK_DATA_DIR: await dataFolder(),
    DATABASE_URL: await postgres.database('keyhook'),
  })
})
