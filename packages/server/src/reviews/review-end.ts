/** How a review ends: at its deadline, by sign-off, or by being cancelled. */
import { sql, type Transaction } from 'kysely'
import type { Context } from '../context.ts'
import type { Tables } from '../db/schema.ts'
import { type Actor, actorOf, system } from '../events/event.ts'
import { appendEvents } from '../events/event-store.ts'
import type { Principal } from '../http/principal.ts'
import { notFound, ProblemError } from '../lib/problem-error.ts'
import { reviewEvent } from './review-log.ts'
import { tellEnded } from './review-notices.ts'
import { lockReview, type ReviewRow, requireAllowed, storedName } from './review-store.ts'

const byDeadline = 'Nobody decided until the deadline.'
const bySignOff = 'Nobody decided before the review was signed off.'

/** Ends reviews whose deadline is over; those that somebody ended in the meantime are left alone. */
export async function endAtDeadline(ctx: Context, reviewId: string): Promise<void> {
  await ctx.db.transaction().execute(async (tx) => {
    const now = ctx.clock()
    const review = await lockReview(tx, reviewId)
    if (review?.status !== 'open' || review.deadline.getTime() > now) return
    const decided = await end(tx, now, review, system, byDeadline)
    await tellEnded(tx, now, review, decided)
  })
}

/** Throws 404; 409 when it is over already, or something is not decided and the default is not to decide it. */
export async function signOff(
  ctx: Context,
  principal: Principal,
  reviewId: string,
  { comment, apply_default }: { comment: string | null; apply_default: boolean },
): Promise<void> {
  await ctx.db.transaction().execute(async (tx) => {
    const now = ctx.clock()
    const review = await lockReview(tx, reviewId)
    if (!review) throw notFound('access review')
    requireAllowed(review, 'sign_off')
    if (review.status === 'open') {
      if (!apply_default) await requireDecided(tx, review)
      await end(tx, now, review, actorOf(principal), bySignOff)
    }
    await tx
      .updateTable('access_reviews')
      .set({
        status: 'signed_off',
        signed_off_at: new Date(now),
        signed_off_by: storedName(principal),
        sign_off_comment: comment,
        version: review.version + 1,
      })
      .where('id', '=', review.id)
      .execute()
    await appendEvents(tx, now, [
      reviewEvent('ACCESS_REVIEW_SIGNED_OFF', actorOf(principal), review, { comment }),
    ])
  })
}

/** Nothing that was decided is carried out. */
export async function cancelReview(
  ctx: Context,
  principal: Principal,
  reviewId: string,
  reason: string | null,
): Promise<void> {
  await ctx.db.transaction().execute(async (tx) => {
    const now = ctx.clock()
    const review = await lockReview(tx, reviewId)
    if (!review) throw notFound('access review')
    requireAllowed(review, 'cancel')
    await closeAssignments(tx, review.id)
    await tx
      .updateTable('access_reviews')
      .set({
        status: 'cancelled',
        remind_at: null,
        cancelled_at: new Date(now),
        cancelled_by: storedName(principal),
        version: review.version + 1,
      })
      .where('id', '=', review.id)
      .execute()
    await appendEvents(tx, now, [
      reviewEvent('ACCESS_REVIEW_CANCELLED', actorOf(principal), review, { reason }),
    ])
  })
}

async function requireDecided(tx: Transaction<Tables>, review: ReviewRow): Promise<void> {
  const { count } = await tx
    .selectFrom('access_review_items as item')
    .innerJoin('grants', 'grants.id', 'item.grant_id')
    .select(sql<string>`count(*)`.as('count'))
    .where('item.review_id', '=', review.id)
    .where('item.decision', 'is', null)
    .where('grants.status', '=', 'active')
    .executeTakeFirstOrThrow()
  if (Number(count) === 0) return
  const outcome = { keep: 'is kept', remove: 'is removed', none: 'stays as undecided' }
  throw new ProblemError(
    'review_undecided',
    `${Number(count)} of ${review.items} are not decided. Wait for the deadline, or send apply_default: ` +
      `then what is not decided ${outcome[review.default_decision]}.`,
  )
}

/** What nobody decided gets the default; from here on decisions are carried out. */
async function end(
  tx: Transaction<Tables>,
  now: number,
  review: ReviewRow,
  actor: Actor,
  reason: string,
): Promise<{ kept: number; removed: number }> {
  const byDefault = await applyDefault(tx, now, review, reason)
  const gained = (decision: string) => (review.default_decision === decision ? byDefault : 0)
  const kept = review.kept + gained('keep')
  const removed = review.removed + gained('remove')
  await closeAssignments(tx, review.id)
  await tx
    .updateTable('access_reviews')
    .set({
      status: 'ended',
      ended_at: new Date(now),
      remind_at: null,
      kept,
      removed,
      removals_due: removed > 0,
      version: review.version + 1,
    })
    .where('id', '=', review.id)
    .execute()
  await appendEvents(tx, now, [
    reviewEvent('ACCESS_REVIEW_ENDED', actor, review, {
      default_decision: review.default_decision,
      decided_by_default: byDefault,
      removed,
    }),
  ])
  return { kept, removed }
}

async function applyDefault(
  tx: Transaction<Tables>,
  now: number,
  review: ReviewRow,
  reason: string,
): Promise<number> {
  if (review.default_decision === 'none') return 0
  const { numUpdatedRows } = await tx
    .updateTable('access_review_items as item')
    .from('grants')
    .set({ decision: review.default_decision, by_default: true, reason, decided_at: new Date(now) })
    .whereRef('grants.id', '=', 'item.grant_id')
    .where('grants.status', '=', 'active')
    .where('item.review_id', '=', review.id)
    .where('item.decision', 'is', null)
    .executeTakeFirst()
  return Number(numUpdatedRows)
}

async function closeAssignments(tx: Transaction<Tables>, reviewId: string): Promise<void> {
  await tx
    .updateTable('access_review_assignees')
    .set({ open: false })
    .where('review_id', '=', reviewId)
    .where('open', '=', true)
    .execute()
}
