/** The baselines of streams: queues with a job for each event, whose workers POST it. */
import { spawn } from 'node:child_process'
import { mkdtemp, rm } from 'node:fs/promises'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { Queue, Worker } from 'bullmq'
import { PgBoss } from 'pg-boss'
import { Agent, request } from 'undici'
import { benchEvent } from './stream.ts'

export type JobQueue = {
  readonly name: string
  add(events: number): Promise<void>
  stop(): Promise<void>
}

const lanes = 32
const part = 1_000

function poster(url: string) {
  const dispatcher = new Agent({ connections: lanes })
  return {
    async post(event: unknown): Promise<void> {
      const answer = await request(url, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ event }),
        dispatcher,
      })
      await answer.body.dump()
      if (answer.statusCode !== 200) throw new Error(`the receiver answered ${answer.statusCode}`)
    },
    close: () => dispatcher.close(),
  }
}

/** null when there is no redis-server on this machine. */
export async function startBullmq(receiver: string): Promise<JobQueue | null> {
  const folder = await mkdtemp(path.join(tmpdir(), 'keyhook-redis-'))
  const port = await freePort()
  const options = [
    '--port',
    String(port),
    '--dir',
    folder,
    '--appendonly',
    'yes',
    '--appendfsync',
    'always',
    '--save',
    '',
  ]
  const redis = spawn('redis-server', options, { stdio: ['ignore', 'pipe', 'ignore'] })
  const started = await new Promise<boolean>((resolve) => {
    redis.on('error', () => resolve(false))
    redis.stdout.on('data', (text: Buffer) => {
      if (text.includes('Ready to accept connections')) resolve(true)
    })
  })
  if (!started) {
    await rm(folder, { recursive: true, force: true })
    return null
  }
  const connection = { host: '127.0.0.1', port }
  const target = poster(receiver)
  const queue = new Queue('events', { connection, defaultJobOptions: { removeOnComplete: true } })
  const worker = new Worker('events', (job) => target.post(job.data), { connection, concurrency: lanes })
  // Without a listener each lost connection would be told on the console.
  queue.on('error', () => {})
  worker.on('error', () => {})
  return {
    name: 'BullMQ',
    async add(events) {
      for (let from = 0; from < events; from += part)
        await queue.addBulk(jobs(from, events).map((data) => ({ name: 'event', data })))
    },
    async stop() {
      await worker.close()
      await queue.close()
      await target.close()
      redis.kill()
      await rm(folder, { recursive: true, force: true })
    },
  }
}

export async function startPgBoss(database: string, receiver: string): Promise<JobQueue> {
  const boss = new PgBoss(database)
  boss.on('error', () => {})
  await boss.start()
  await boss.createQueue('events')
  const target = poster(receiver)
  // The shortest polling that it allows, and as many at a time as the others.
  await boss.work('events', { batchSize: lanes, pollingIntervalSeconds: 0.5 }, async (found) => {
    await Promise.all(found.map(({ data }) => target.post(data)))
  })
  return {
    name: 'pg-boss',
    async add(events) {
      for (let from = 0; from < events; from += part)
        await boss.insert(
          'events',
          jobs(from, events).map((data) => ({ data })),
        )
    },
    async stop() {
      await boss.stop({ graceful: false })
      await target.close()
    },
  }
}

function jobs(from: number, events: number) {
  return Array.from({ length: Math.min(part, events - from) }, (_, index) => benchEvent(from + index))
}

function freePort(): Promise<number> {
  return new Promise((resolve) => {
    const server = createServer().listen(0, '127.0.0.1', () => {
      const address = server.address()
      server.close(() => resolve(typeof address === 'object' && address ? address.port : 0))
    })
  })
}
