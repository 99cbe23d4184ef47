import type { Context } from '../context.ts'
import { system } from '../events/event.ts'
import { appendEvents } from '../events/event-store.ts'
import { reviewEvent } from './review-log.ts'
import { tellReviewers } from './review-notices.ts'
import { lockReview } from './review-store.ts'

/** Reminds those who have not decided everything, once before the deadline. */
export async function remindReviewers(ctx: Context, reviewId: string): Promise<void> {
  await ctx.db.transaction().execute(async (tx) => {
    const now = ctx.clock()
    const review = await lockReview(tx, reviewId)
    if (review?.status !== 'open' || !review.remind_at || review.remind_at.getTime() > now) return
    await tx.updateTable('access_reviews').set({ remind_at: null }).where('id', '=', reviewId).execute()
    const undecided = review.items - review.kept - review.removed
    // What was overdue as well has nothing to remind of any more.
    if (undecided === 0 || review.deadline.getTime() <= now) return
    await appendEvents(tx, now, [reviewEvent('ACCESS_REVIEW_REMINDED', system, review, { undecided })])
    await tellReviewers(tx, now, review, 'review_reminder')
  })
}
