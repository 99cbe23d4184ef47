/** Writes down what a review is about and who is asked, in bounded steps: what a crash leaves is gone on with. */
import type { Transaction } from 'kysely'
import type { Context } from '../context.ts'
import type { Tables } from '../db/schema.ts'
import { system } from '../events/event.ts'
import { appendEvents } from '../events/event-store.ts'
import { newId } from '../lib/ids.ts'
import { reviewEvent } from './review-log.ts'
import { tellReviewers } from './review-notices.ts'
import { grantsInScope } from './review-scope.ts'
import { lockReview, type ReviewRow } from './review-store.ts'
import { reviewerFacts } from './reviewer-facts.ts'
import { reviewersOf } from './reviewers.ts'

// Times 50 reviewers at most, within what one statement can be given.
const batch = 200

/** One step; true when there is more to do. */
export function prepareStep(ctx: Context, reviewId: string): Promise<boolean> {
  return ctx.db.transaction().execute(async (tx) => {
    const review = await lockReview(tx, reviewId)
    if (review?.status !== 'preparing') return false
    const now = ctx.clock()
    const grants = await grantsInScope(tx, review.scope, review.created_at.getTime())
      .select(['grants.id', 'grants.user_id', 'grants.app_id'])
      .where('grants.id', '>', review.prepared_to)
      .orderBy('grants.id')
      .limit(batch)
      .execute()
    await addItems(tx, now, review, grants)
    const more = grants.length === batch
    await tx
      .updateTable('access_reviews')
      .set({
        prepared_to: grants.at(-1)?.id ?? review.prepared_to,
        items: review.items + grants.length,
        ...(more ? {} : { status: 'open' as const }),
      })
      .where('id', '=', reviewId)
      .execute()
    if (!more) {
      const items = review.items + grants.length
      await appendEvents(tx, now, [reviewEvent('ACCESS_REVIEW_OPENED', system, review, { items })])
      await tellReviewers(tx, now, review, 'review_opened')
    }
    return more
  })
}

type Held = { id: string; user_id: string; app_id: string }

async function addItems(
  tx: Transaction<Tables>,
  now: number,
  review: ReviewRow,
  grants: readonly Held[],
): Promise<void> {
  if (grants.length === 0) return
  const reviewed = grants.map(({ id, user_id, app_id }) => ({ grantId: id, userId: user_id, appId: app_id }))
  const facts = await reviewerFacts(tx, review.reviewers, reviewed)
  const items = reviewed.map((one) => ({
    ...one,
    id: newId('rvi', now),
    assigned: reviewersOf(review.reviewers, one, facts),
  }))
  await tx
    .insertInto('access_review_items')
    .values(
      items.map(({ id, grantId, userId, appId, assigned }) => ({
        id,
        review_id: review.id,
        grant_id: grantId,
        user_id: userId,
        app_id: appId,
        decision: null,
        reason: null,
        decided_by: null,
        decided_at: null,
        fallback: assigned.fallback,
        removal_started_at: null,
      })),
    )
    .execute()
  await tx
    .insertInto('access_review_assignees')
    .values(
      items.flatMap(({ id, userId, assigned }) =>
        assigned.principalIds.map((principal_id) => ({
          principal_id,
          item_id: id,
          review_id: review.id,
          user_id: userId,
          open: true,
        })),
      ),
    )
    .execute()
}
