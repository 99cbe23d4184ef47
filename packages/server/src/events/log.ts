/** The activity log at work: numbers what comes in, keeps checkpoints outside, and tells who waits for new entries. */
import { EventEmitter } from 'node:events'
import { appendFile } from 'node:fs/promises'
import path from 'node:path'
import type { LogCheckpoint } from '@keyhook/contract/api/event.ts'
import type { Context } from '../context.ts'
import { type LogKeys, readLogKeys } from './log-keys.ts'
import { createSequencer } from './sequencer.ts'

export type EventLog = {
  readonly keys: LogKeys
  /** Numbers what has committed by now, unless another process is at it. */
  flush(): Promise<void>
  /** Calls back when there are new entries, with the position of the last one; returns how to stop that. */
  onEntries(listener: (position: number) => void): () => void
  /** Keeps a checkpoint beside the data. */
  keepOutside(checkpoint: LogCheckpoint): Promise<void>
  /** Since when numbering fails, in epoch milliseconds; null: it does not. */
  failingSince(): number | null
  /** Begins to number what comes in. */
  start(): void
  close(): Promise<void>
}

/** How often the inbox is looked into while nothing comes: one look into an empty index. */
const idleMs = 200
/** And right after something came: more is likely to follow, and streams wait for it. */
const busyMs = 25
export const checkpointFile = 'log-checkpoints.jsonl'

export async function createEventLog(ctx: Context): Promise<EventLog> {
  const keys = await readLogKeys(ctx)
  const sequencer = createSequencer(ctx, keys)
  const emitter = new EventEmitter().setMaxListeners(0)
  let timer: NodeJS.Timeout | null = null
  let running: Promise<void> | null = null
  let closed = false
  let failingSince: number | null = null

  async function drain(): Promise<void> {
    for (;;) {
      const { count, position, checkpoint } = await sequencer.sequence()
      if (count > 0) emitter.emit('entries', position)
      if (checkpoint) await writeOutside(ctx, checkpoint)
      // What is left when the server stops gets its place after the next start.
      if (closed || count < sequencer.batchSize) return
    }
  }

  function flush(): Promise<void> {
    // Those who come meanwhile need what has committed since: they wait for a round of their own.
    const next = (running ?? Promise.resolve())
      .catch(() => {})
      .then(drain)
      .then(worked, failed)
    const mine = next.finally(() => {
      if (running === mine) running = null
    })
    running = mine
    return mine
  }

  function worked(): void {
    failingSince = null
  }

  function failed(error: unknown): never {
    failingSince ??= ctx.clock()
    throw error
  }

  /** Numbers what is there; costs one look into an empty table when there is nothing. */
  async function lookIn(): Promise<boolean> {
    const waiting = await ctx.db.selectFrom('event_inbox').select('seq').limit(1).executeTakeFirst()
    if (waiting) await flush()
    return waiting !== undefined
  }

  function lookAfter(ms: number): void {
    if (closed) return
    timer = setTimeout(async () => {
      let next = Math.min(idleMs, ms * 2)
      try {
        if (running !== null || (await lookIn())) next = busyMs
      } catch (error) {
        if (!closed) ctx.log.warn({ err: error }, 'events could not be numbered; it will be tried again')
        next = idleMs
      }
      lookAfter(next)
    }, ms)
    timer.unref()
  }

  return {
    keys,
    flush,
    failingSince: () => failingSince,
    keepOutside: (checkpoint) => writeOutside(ctx, checkpoint),
    onEntries(listener) {
      emitter.on('entries', listener)
      return () => void emitter.off('entries', listener)
    },
    start() {
      lookAfter(idleMs)
    },
    async close() {
      closed = true
      if (timer) clearTimeout(timer)
      await running?.catch(() => {})
    },
  }
}

/** A copy of each checkpoint beside the data: who changes the database must find this too. */
async function writeOutside(ctx: Context, checkpoint: LogCheckpoint): Promise<void> {
  const file = path.join(ctx.config.dataDir, checkpointFile)
  await appendFile(file, `${JSON.stringify(checkpoint)}\n`, { mode: 0o600 }).catch((error: unknown) =>
    ctx.log.error({ err: error, file }, 'a checkpoint of the activity log could not be kept in a file'),
  )
}
