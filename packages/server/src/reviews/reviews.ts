/** Access reviews, put together: what time brings to them, and the removals that they decided. */
import { setTimeout as after, setImmediate as nextTurn } from 'node:timers/promises'
import type { Moves } from '../access/request-moves.ts'
import type { Context } from '../context.ts'
import { createTicker } from '../lib/ticker.ts'
import { endAtDeadline } from './review-end.ts'
import { prepareStep } from './review-prepare.ts'
import { reassignGone } from './review-reassign.ts'
import { remindReviewers } from './review-remind.ts'
import { carryOutRemovals } from './review-removals.ts'

export type Reviews = {
  /** Prepares a new review; what takes longer than a moment goes on after this returns. */
  prepare(reviewId: string): Promise<void>
  start(): void
  close(): Promise<void>
}

const everyMs = 1_000
/** Reviewers who are gone are looked for less often: nobody waits for it. */
const everyReassignMs = 5_000
/** So long a caller waits for the preparation. */
const patienceMs = 2_000

export function createReviews(ctx: Context, moves: Moves): Reviews {
  const { log, shutdown } = ctx
  /** Preparations of this process: two of one review would only wait for one another. */
  const preparing = new Map<string, Promise<void>>()
  const prepareWhole = (id: string): Promise<void> => {
    const running = preparing.get(id) ?? allSteps(ctx, id).finally(() => preparing.delete(id))
    preparing.set(id, running)
    return running
  }
  const ticker = (everyMs: number, failed: string, run: () => Promise<void>) =>
    createTicker({ log, shutdown, everyMs, failed: `${failed}; it will be tried again` }, run)
  const tickers = [
    ticker(everyMs, 'access reviews could not be prepared', () => prepareAll(ctx, prepareWhole)),
    ticker(everyMs, 'access reviews could not be moved on', () => moveOn(ctx)),
    ticker(everyMs, 'removals of access reviews could not be begun', () => carryOutRemovals(ctx, moves)),
    ticker(everyReassignMs, 'reviewers who are gone could not be replaced', () => reassignGone(ctx)),
  ]
  return {
    prepare: (id) => Promise.race([prepareWhole(id), after(patienceMs, undefined, { ref: false })]),
    start() {
      for (const one of tickers) one.start()
    },
    async close() {
      await Promise.all([...tickers.map((one) => one.stop()), ...preparing.values()])
    },
  }
}

async function allSteps(ctx: Context, reviewId: string): Promise<void> {
  let more = true
  while (more && !ctx.shutdown.aborted) {
    more = await prepareStep(ctx, reviewId)
    // Others get their turn, also with a database in this process.
    await nextTurn()
  }
}

async function prepareAll({ db }: Context, prepare: (id: string) => Promise<void>): Promise<void> {
  const reviews = await db
    .selectFrom('access_reviews')
    .select('id')
    .where('status', '=', 'preparing')
    .execute()
  for (const { id } of reviews) await prepare(id)
}

/** Every process does it; the lock on each review keeps it to once. */
async function moveOn(ctx: Context): Promise<void> {
  const now = new Date(ctx.clock())
  const reviews = ctx.db.selectFrom('access_reviews').select('id').orderBy('id')
  for (const { id } of await reviews.where('remind_at', '<=', now).execute()) await remindReviewers(ctx, id)
  const due = reviews.where('status', '=', 'open').where('deadline', '<=', now)
  for (const { id } of await due.execute()) await endAtDeadline(ctx, id)
}
