/**
 * Both ends of a stream die again and again, and the receiver refuses half of what it gets. What is true in the end is counted
 * from the file that the receiver wrote. KEYHOOK_EVENTS and KEYHOOK_KILLS make it as long as one likes.
 */
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { readFile } from 'node:fs/promises'
import path from 'node:path'
import type { StreamRead } from '@keyhook/contract/api/stream.ts'
import { expect, onTestFinished, test } from 'vitest'
import { startPostgres } from '../packages/server/test/support/embedded-postgres.ts'
import { freePort } from '../packages/server/test/support/free-port.ts'
import { apiOf } from '../packages/server/test/support/harness.ts'
import { numbered } from '../packages/server/test/support/siem.ts'
import { bootstrapKey, dataFolder, startServer } from './support/server-process.ts'

const eventCount = Number(process.env.KEYHOOK_EVENTS ?? 4_000)
const kills = Number(process.env.KEYHOOK_KILLS ?? 4)
const batch = 10
const key = { key: bootstrapKey }

type Line = { id: string; taken: boolean; numbers: number[] }

test(
  'every event arrives, in the order of windows, and what comes twice has the same webhook-id',
  async () => {
    const postgres = await startPostgres(await freePort())
    onTestFinished(postgres.stop)
    const env = {
      KEYHOOK_DATA_DIR: await dataFolder(),
      DATABASE_URL: await postgres.database('keyhook'),
    }
    const file = path.join(await dataFolder(), 'received.jsonl')
    const port = await freePort()
    let receiver = await startReceiver(port, file)
    onTestFinished(() => void receiver.kill('SIGKILL'))
    let server = await startServer(env)
    const made = await apiOf(server.url)<{ id: string }>(
      'POST',
      '/webhooks',
      {
        type: 'siem',
        name: 'SIEM',
        endpoint_url: `http://127.0.0.1:${port}/`,
        concurrency_limit: 8,
        stream: { batch_events: batch, batch_wait_ms: 0, event_types: ['CUSTOM_*'] },
      },
      key,
    )
    const streamOf = async () =>
      (await apiOf(server.url)<StreamRead>('GET', `/webhooks/${made.body.id}/stream`, undefined, key)).body
    const windowEvents = (await streamOf()).window.posts * batch

    // Parts of the events, and between them the death of one end or of both.
    const part = Math.ceil(eventCount / kills)
    for (let from = 1; from <= eventCount; from += part) {
      for (let first = from; first < Math.min(from + part, eventCount + 1); first += 200) {
        const last = Math.min(first + 199, from + part - 1, eventCount)
        const events = Array.from({ length: last - first + 1 }, (_, index) => numbered(first + index))
        const answer = await apiOf(server.url)('POST', '/events/batch', { events }, key)
        expect(answer.status, answer.text).toBe(201)
      }
      const before = (await linesOf(file)).length
      await expect
        .poll(async () => (await linesOf(file)).length, { timeout: 60_000 })
        .toBeGreaterThan(before + 3)
      receiver.kill('SIGKILL')
      await once(receiver, 'close')
      await server.end('SIGKILL')
      receiver = await startReceiver(port, file)
      server = await startServer(env)
    }
    await expect
      .poll(
        async () =>
          (await apiOf(server.url)('GET', '/events?limit=1', undefined, key)) &&
          (await streamOf()).lag_events,
        {
          timeout: Math.max(150_000, eventCount * 20),
          interval: 250,
        },
      )
      .toBe(0)
    expect((await streamOf()).set_aside).toBe(0)

    const lines = await linesOf(file)
    const taken = new Set<number>()
    const ids = new Map<number, Set<string>>()
    let complete = 0
    for (const line of lines) {
      for (const n of line.numbers) {
        ids.set(n, (ids.get(n) ?? new Set()).add(line.id))
        // A window begins when all before it was taken.
        expect(complete, `event ${n} came before its time`).toBeGreaterThanOrEqual(
          Math.min(n, eventCount) - windowEvents,
        )
      }
      if (line.taken) for (const n of line.numbers) taken.add(n)
      while (taken.has(complete + 1)) complete += 1
    }
    expect(complete).toBe(eventCount)
    for (const [n, found] of ids) expect(found.size, `webhook-ids of event ${n}`).toBe(1)
  },
  Math.max(280_000, eventCount * 40),
)

async function linesOf(file: string): Promise<Line[]> {
  const text = await readFile(file, 'utf8').catch(() => '')
  // A receiver that was killed may have left half a line.
  return text.split('\n').flatMap((line) => {
    try {
      return [JSON.parse(line) as Line]
    } catch {
      return []
    }
  })
}

async function startReceiver(port: number, file: string): Promise<ChildProcess> {
  const program = path.join(import.meta.dirname, 'support/file-receiver-program.ts')
  const child = spawn(process.execPath, [program, String(port), file], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  await once(child.stdout, 'data')
  return child
}
