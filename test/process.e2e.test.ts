import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import path from 'node:path'
import { PGlite } from '@electric-sql/pglite'
import type { DeliveryRead, DeliverySummary } from '@keyhook/contract/api/delivery.ts'
import { describe, expect, onTestFinished, test } from 'vitest'
import { apiOf } from '../packages/server/test/support/harness.ts'
import { json, startReceiver } from '../packages/server/test/support/receiver.ts'
import {
  bootstrapKey,
  dataFolder,
  migratedFolder,
  runKeyhook,
  startServer,
} from './support/server-process.ts'

const key = { key: bootstrapKey }

describe('keyhook serve', () => {
  test('prints the address, the set-up link, where the data is and how to stop, and nothing else', async () => {
    const dataDir = await dataFolder()
    const server = await startServer({ KEYHOOK_DATA_DIR: dataDir })
    const lines = server.output().trim().split('\n')
    expect(lines).toEqual([
      expect.stringMatching(/^Keyhook runs at http:\/\/127\.0\.0\.1:\d+$/),
      expect.stringMatching(
        /^Set up the first administrator \(one-time link\): http:\/\/127\.0\.0\.1:\d+\/setup#token=\S+$/,
      ),
      `Data: ${dataDir}, log: ${dataDir}/keyhook.log`,
      'Stop: Ctrl-C',
    ])
    expect((await fetch(`${server.url}/readyz`)).status).toBe(200)
    expect(await server.end('SIGINT')).toBe(0)
  })

  test('a busy port is one sentence and a failure', async () => {
    const other = createServer().listen(0, '127.0.0.1')
    onTestFinished(() => void other.close())
    await new Promise((resolve) => other.once('listening', resolve))
    const { port } = other.address() as AddressInfo
    const ended = await runKeyhook(['serve'], {
      PORT: String(port),
      KEYHOOK_DATA_DIR: await migratedFolder(),
    })
    expect(ended.code).toBe(1)
    expect(ended.stdout).toBe('')
    expect(ended.stderr).toMatch(
      new RegExp(`^Port ${port} on 127\\.0\\.0\\.1 is taken by another program; .*PORT=\\d+ npm start\n$`),
    )
  })

  test('a data folder in use is one sentence and a failure', async () => {
    const dataDir = await migratedFolder()
    const server = await startServer({ KEYHOOK_DATA_DIR: dataDir })
    const second = await runKeyhook(['serve'], { PORT: '0', KEYHOOK_DATA_DIR: dataDir })
    expect(second.code).toBe(1)
    expect(second.stderr).toBe(
      `The data folder ${dataDir} is in use by another Keyhook; stop that one, or set KEYHOOK_DATA_DIR to another folder.\n`,
    )
    expect((await fetch(`${server.url}/healthz`)).status).toBe(200)
    await server.end('SIGTERM')
  })

  test('data of a newer version is one sentence and a failure, and stays as it is', async () => {
    const dataDir = await migratedFolder()
    await (await startServer({ KEYHOOK_DATA_DIR: dataDir })).end('SIGTERM')
    const database = new PGlite(path.join(dataDir, 'pglite'))
    await database.query(`insert into migrations values ('9999-from-the-future', now())`)
    await database.close()
    const ended = await runKeyhook(['serve'], { PORT: '0', KEYHOOK_DATA_DIR: dataDir })
    expect(ended.code).toBe(1)
    expect(ended.stderr).toBe(
      'The data was written by a newer Keyhook (it has the step 9999-from-the-future); start that version, or use other data.\n',
    )
  })

  test.each([
    [{ PORT: '70000' }, 'PORT'],
    [{ PORT: 'http' }, 'PORT'],
    [{ LOG_LEVEL: 'loud' }, 'LOG_LEVEL'],
    [{ KEYHOOK_EGRESS_ALLOW: '10.0.0.0/99' }, 'KEYHOOK_EGRESS_ALLOW'],
    [{ KEYHOOK_EGRESS_HTTP: 'maybe' }, 'KEYHOOK_EGRESS_HTTP'],
    [{ KEYHOOK_BASE_URL: 'keyhook.example.com' }, 'KEYHOOK_BASE_URL'],
    [{ KEYHOOK_ENCRYPTION_KEY: 'k1:short' }, 'KEYHOOK_ENCRYPTION_KEY'],
    [{ KEYHOOK_BOOTSTRAP_KEY: 'secret' }, 'KEYHOOK_BOOTSTRAP_KEY'],
    [{ DATABASE_URL: 'mysql://x' }, 'DATABASE_URL'],
    [{ DATABASE_URL: 'postgresql://nobody:hidden@127.0.0.1:9/x' }, 'DATABASE_URL'],
    [{ HOST: '0.0.0.0' }, 'KEYHOOK_ENCRYPTION_KEY'],
    [{ HOST: '203.0.113.7', KEYHOOK_ENCRYPTION_KEY: `k1:${Buffer.alloc(32).toString('base64')}` }, 'HOST'],
  ])('%j is one sentence that names %s, and a failure', async (env, name) => {
    const ended = await runKeyhook(['serve'], { PORT: '0', KEYHOOK_DATA_DIR: await dataFolder(), ...env })
    expect(ended.code).toBe(1)
    expect(ended.stdout).toBe('')
    expect(ended.stderr).toContain(name)
    expect(ended.stderr.trim().split('\n')).toHaveLength(1)
    expect(ended.stderr).not.toContain('hidden')
  })

  test('stops with deliveries in flight recorded', async () => {
    const dataDir = await migratedFolder()
    const receiver = await startReceiver(
      (_request, response) => void setTimeout(() => response.writeHead(204).end(), 500),
    )
    const hanging = await startReceiver(() => {})
    onTestFinished(async () => {
      await receiver.close()
      await hanging.close()
    })
    const server = await startServer({ KEYHOOK_DATA_DIR: dataDir })
    const api = apiOf(server.url)
    const invoke = async (endpoint_url: string) => {
      const webhook = await api<{ id: string }>(
        'POST',
        '/webhooks',
        { type: 'provisioning', name: 'W', endpoint_url },
        key,
      )
      return () => api<DeliveryRead>('POST', `/webhooks/${webhook.body.id}/invoke`, { payload: {} }, key)
    }
    const quick = await invoke(receiver.url)
    const never = await invoke(hanging.url)
    const finished = quick()
    const interrupted = never()
    await expect.poll(() => receiver.received.length + hanging.received.length).toBe(2)
    const code = server.end('SIGINT')
    expect((await finished).body).toMatchObject({ status: 'succeeded' })
    expect((await interrupted).body).toMatchObject({
      status: 'failed',
      outcome: { failure_reason: 'interrupted' },
    })
    expect(await code).toBe(0)
  })

  test('after kill -9 in the middle of 50 invokes no delivery is left in progress', async () => {
    const dataDir = await migratedFolder()
    let answered = 0
    const receiver = await startReceiver((_request, response) => {
      answered += 1
      // Half of them get an answer before the kill.
      if (answered % 2 === 0) json(200, { response: true })(_request, response)
    })
    onTestFinished(() => receiver.close())
    const server = await startServer({ KEYHOOK_DATA_DIR: dataDir })
    const api = apiOf(server.url)
    const webhook = await api<{ id: string }>(
      'POST',
      '/webhooks',
      { type: 'pre_approval', name: 'W', endpoint_url: receiver.url },
      key,
    )
    const succeeded: string[] = []
    const calls = Array.from({ length: 50 }, () =>
      api<DeliveryRead>('POST', `/webhooks/${webhook.body.id}/invoke`, { payload: {} }, key)
        .then((answer) => succeeded.push(answer.body.id))
        .catch(() => {}),
    )
    await expect.poll(() => receiver.received.length).toBe(50)
    await expect.poll(() => succeeded.length).toBeGreaterThan(0)
    await server.end('SIGKILL')
    await Promise.all(calls)

    const again = await startServer({ KEYHOOK_DATA_DIR: dataDir })
    const list = await apiOf(again.url)<{ data: DeliverySummary[] }>(
      'GET',
      '/deliveries?limit=200',
      undefined,
      key,
    )
    const deliveries = list.body.data
    expect(deliveries).toHaveLength(50)
    for (const delivery of deliveries) {
      if (delivery.status === 'succeeded') continue
      expect(delivery).toMatchObject({ status: 'failed', outcome: { failure_reason: 'interrupted' } })
    }
    // What a caller was told is what is recorded; nothing was sent twice.
    const recorded = new Set(
      deliveries.filter((delivery) => delivery.status === 'succeeded').map((delivery) => delivery.id),
    )
    for (const id of succeeded) expect(recorded).toContain(id)
    expect(receiver.received).toHaveLength(50)
    await again.end('SIGTERM')
  })
})

describe('keyhook', () => {
  test('an unknown command shows the usage and fails', async () => {
    const ended = await runKeyhook(['fly'], {})
    expect(ended.code).toBe(2)
    expect(ended.stderr).toContain('There is no command "fly"')
    expect(ended.stderr).toContain('keyhook serve')
  })
})
