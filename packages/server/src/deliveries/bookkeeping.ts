/**
 * Writing down what happened when the database is in trouble. An outcome that was read stays what it is: storing it is
 * tried until it works, and meanwhile no new delivery is begun.
 */
import { setTimeout as sleep } from 'node:timers/promises'
import { failedOutcome } from '@keyhook/contract/failure.ts'
import type { Context } from '../context.ts'
import { ProblemError } from '../lib/problem-error.ts'
import { type DeliveryWrites, endUnsent, type FinishedAttempt, type Intent } from './delivery-store.ts'

const firstPauseMs = 50
const longestPauseMs = 5_000
/** So long a caller waits for an outcome to be stored before being told to look later. */
const patienceMs = 5_000

export type Bookkeeping = {
  /** Commits the intent. Throws 503 when nothing may be sent. */
  begin(intent: Intent): Promise<void>
  /** Commits the attempt; false when the delivery had already ended. Throws 503 when it takes too long. */
  finish(attempt: FinishedAttempt): Promise<boolean>
  /** How many outcomes wait to be stored. */
  unrecorded(): number
}

export function createBookkeeping(ctx: Context, writes: DeliveryWrites): Bookkeeping {
  let waiting = 0

  /** Repeats `write` until it works or the server stops; what is left then ends as interrupted at the next start. */
  async function untilWritten<Result>(write: () => Promise<Result>): Promise<Result> {
    waiting += 1
    try {
      for (let pause = firstPauseMs; ; pause = Math.min(pause * 2, longestPauseMs)) {
        await sleep(pause, undefined, { signal: ctx.shutdown })
        try {
          return await write()
        } catch (error) {
          ctx.log.error({ err: error }, 'an outcome could not be stored; it will be tried again')
        }
      }
    } finally {
      waiting -= 1
    }
  }

  return {
    async begin(intent) {
      if (waiting > 0)
        throw unavailable('Outcomes of earlier deliveries wait to be stored. Nothing was sent.')
      try {
        await writes.begin(intent)
      } catch (cause) {
        // It may have been committed all the same, if only the answer of the database was lost.
        const outcome = failedOutcome(
          'interrupted',
          'The database failed before this delivery was sent. Nothing was sent.',
        )
        untilWritten(() => endUnsent(ctx, intent.id, outcome)).catch(() => {})
        throw unavailable('The database does not take writes. Nothing was sent.', cause)
      }
    },
    async finish(attempt) {
      try {
        return await writes.finish(attempt)
      } catch (error) {
        ctx.log.error({ err: error, delivery_id: attempt.deliveryId }, 'an outcome could not be stored')
        const written = untilWritten(() => writes.finish(attempt))
        written.catch(() => {})
        const result = await Promise.race([written, sleep(patienceMs, null, { ref: false })])
        if (result !== null) return result
        throw unavailable(
          `The endpoint answered, but the outcome is not stored yet: read delivery ${attempt.deliveryId} later.`,
          error,
        )
      }
    },
    unrecorded: () => waiting,
  }
}

function unavailable(detail: string, cause?: unknown): ProblemError {
  return new ProblemError('unavailable', detail, { cause, headers: { 'retry-after': '5' } })
}
