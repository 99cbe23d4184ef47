/** Changing a review while it is open. */
import type { AccessReviewChange } from '@keyhook/contract/api/access-review.ts'
import { defined } from '../apps/app-store.ts'
import type { Context } from '../context.ts'
import { actorOf } from '../events/event.ts'
import { appendEvents } from '../events/event-store.ts'
import type { Principal } from '../http/principal.ts'
import { notFound, validationFailed } from '../lib/problem-error.ts'
import { deadlineErrors, remindAt } from './review-create.ts'
import { reviewEvent } from './review-log.ts'
import { lockReview, type ReviewRow, requireAllowed } from './review-store.ts'

/** Throws 404, 409 when it is not open, 422. `check` is called with the review under its lock. */
export async function changeReview(
  ctx: Context,
  principal: Principal,
  reviewId: string,
  change: AccessReviewChange,
  check: (review: ReviewRow) => void,
): Promise<ReviewRow> {
  return ctx.db.transaction().execute(async (tx) => {
    const now = ctx.clock()
    const review = await lockReview(tx, reviewId)
    if (!review) throw notFound('access review')
    check(review)
    requireAllowed(review, 'change')
    if (change.deadline !== undefined) {
      const errors = deadlineErrors(change.deadline, now)
      if (errors.length > 0) throw validationFailed(errors)
    }
    const { deadline, ...rest } = change
    const wanted = { ...rest, ...(deadline === undefined ? {} : { deadline: new Date(deadline) }) }
    const next = { ...review, ...(defined(wanted) as Partial<ReviewRow>) }
    const timesChanged = deadline !== undefined || change.remind_before_seconds !== undefined
    const row = await tx
      .updateTable('access_reviews')
      .set({
        name: next.name,
        description: next.description,
        deadline: next.deadline,
        default_decision: next.default_decision,
        remind_before_seconds: next.remind_before_seconds,
        remind_at: timesChanged
          ? remindAt(next.deadline.toISOString(), next.remind_before_seconds, now)
          : review.remind_at,
        version: review.version + 1,
      })
      .where('id', '=', review.id)
      .returningAll()
      .executeTakeFirstOrThrow()
    await appendEvents(tx, now, [
      reviewEvent('ACCESS_REVIEW_UPDATED', actorOf(principal), row, {
        before: settingsOf(review),
        after: settingsOf(row),
      }),
    ])
    return row
  })
}

function settingsOf({ name, description, deadline, default_decision, remind_before_seconds }: ReviewRow) {
  return { name, description, deadline: deadline.toISOString(), default_decision, remind_before_seconds }
}
