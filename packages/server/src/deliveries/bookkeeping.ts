/**
 * Writing down what happened when the database is in trouble. An outcome that was read stays what it is: storing it is
 * tried until it works, and meanwhile no new delivery is begun.
 */
import { setTimeout as sleep } from 'node:timers/promises'
import { failedOutcome } from '@keyhook/contract/failure.ts'
import type { Context } from '../context.ts'
import { ProblemError } from '../lib/problem-error.ts'
import { endUnsent } from './delivery-store.ts'

const firstPauseMs = 50
const longestPauseMs = 5_000
/** So long a caller waits for an outcome to be stored before being told to look later. */
const patienceMs = 5_000

export type Bookkeeping = {
  /** Commits an intent with `write`. Throws 503 when nothing may be sent. */
  begin<Result>(deliveryId: string, write: () => Promise<Result>): Promise<Result>
  /** Commits with `write` what came of a delivery. Throws 503 when it takes too long. */
  commit<Result>(deliveryId: string, write: () => Promise<Result>): Promise<Result>
  /** How many outcomes wait to be stored. */
  unrecorded(): number
}

export function createBookkeeping(ctx: Context): Bookkeeping {
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
    async begin(deliveryId, write) {
      if (waiting > 0)
        throw unavailable('Outcomes of earlier deliveries wait to be stored. Nothing was sent.')
      try {
        return await write()
      } catch (cause) {
        // It may have been committed all the same, if only the answer of the database was lost.
        const outcome = failedOutcome(
          'interrupted',
          'The database failed before this delivery was sent. Nothing was sent.',
        )
        untilWritten(() => endUnsent(ctx, deliveryId, outcome)).catch(() => {})
        throw unavailable('The database does not take writes. Nothing was sent.', cause)
      }
    },
    async commit<Result>(deliveryId: string, write: () => Promise<Result>): Promise<Result> {
      try {
        return await write()
      } catch (error) {
        ctx.log.error({ err: error, delivery_id: deliveryId }, 'an outcome could not be stored')
        const written = untilWritten(async () => ({ result: await write() }))
        written.catch(() => {})
        const stored = await Promise.race([written, sleep(patienceMs, null, { ref: false })])
        if (stored !== null) return stored.result
        throw unavailable(
          `The endpoint answered, but the outcome is not stored yet: read delivery ${deliveryId} later.`,
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
