/** The streams of the activity log that this process sends: one worker for each cursor it holds. */
import type { Context } from '../context.ts'
import type { EventLog } from '../events/log.ts'
import { claimStreams, endOrphans, ensureStreams, type StreamRow } from './stream-store.ts'
import { watchStreams } from './stream-watch.ts'
import { createStreamWorker, type StreamWorker, type WorkerParts } from './stream-worker.ts'

/** How often it looks for new webhooks, for streams of dead processes and for entries that other processes numbered. */
const everyMs = 1_000

export type Streams = {
  start(): void
  /** Reads what was changed: a webhook was made or changed, a stream paused, a replay asked for. */
  look(): Promise<void>
  /** Ends the pauses after failures of one webhook. */
  tryNow(webhookId: string): void
  close(): Promise<void>
}

type Held = { readonly worker: StreamWorker; readonly webhookId: string; version: number | null }

export function createStreams(ctx: Context, parts: WorkerParts & { log: EventLog }): Streams {
  const held = new Map<string, Held>()
  let timer: NodeJS.Timeout | null = null
  let looking: Promise<void> | null = null
  let closed = false
  const watch = watchStreams(ctx)

  async function lookNow(): Promise<void> {
    await ensureStreams(ctx)
    await endOrphans(ctx)
    const rows = await claimStreams(ctx)
    const ids = new Set(rows.map(({ id }) => id))
    for (const [id, { worker }] of held) {
      if (ids.has(id) && !worker.ended) continue
      held.delete(id)
      if (!worker.ended) void worker.stop()
    }
    const pausedWebhooks = new Set(rows.filter((row) => row.paused_at !== null).map((row) => row.webhook_id))
    for (const row of rows) await keep(row, pausedWebhooks.has(row.webhook_id))
  }

  async function keep(row: StreamRow, paused: boolean): Promise<void> {
    if (closed) return
    let one = held.get(row.id)
    if (!one) {
      one = { worker: createStreamWorker(ctx, parts, row), webhookId: row.webhook_id, version: null }
      held.set(row.id, one)
    }
    const version = (await parts.webhooks.find(row.webhook_id))?.version ?? null
    if (one.version !== null && version !== one.version) one.worker.tryNow()
    one.version = version
    one.worker.setPaused(paused)
    one.worker.wake()
  }

  function look(): Promise<void> {
    // Whoever changed something needs a look that began after it.
    const next = (looking ?? Promise.resolve()).catch(() => {}).then(() => (closed ? undefined : lookNow()))
    const mine = next.finally(() => {
      if (looking === mine) looking = null
    })
    looking = mine
    return mine
  }

  const stopListening = parts.log.onEntries(() => {
    for (const { worker } of held.values()) worker.wake()
  })

  return {
    look,
    tryNow(webhookId) {
      for (const one of held.values()) if (one.webhookId === webhookId) one.worker.tryNow()
    },
    start() {
      const lookQuietly = () => {
        if (looking !== null) return
        look().catch((error: unknown) => {
          if (!closed) ctx.log.warn({ err: error }, 'the streams to SIEM webhooks could not be looked after')
        })
      }
      lookQuietly()
      timer = setInterval(lookQuietly, everyMs)
      timer.unref()
      watch.start()
    },
    async close() {
      closed = true
      stopListening()
      if (timer) clearInterval(timer)
      await watch.stop()
      await looking?.catch(() => {})
      await Promise.all([...held.values()].map(({ worker }) => worker.stop()))
    },
  }
}

/** The first position that some stream has still to send; null: there is no stream. Entries before it may leave the log. */
export async function firstNeededPosition(ctx: Context): Promise<number | null> {
  // A webhook that was made a moment ago may have no cursor yet, and begin in a month that is about to go.
  await ensureStreams(ctx)
  const { first } = await ctx.db
    .selectFrom('siem_streams')
    .select((select) => select.fn.min('position').as('first'))
    .executeTakeFirstOrThrow()
  return first === null ? null : Number(first) + 1
}
