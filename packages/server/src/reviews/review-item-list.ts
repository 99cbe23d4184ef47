/** What a review is about, as a list. */
import type { ReviewItemStatus } from '@keyhook/contract/access-words.ts'
import { type RawBuilder, sql } from 'kysely'
import type { Caller } from '../apps/caller.ts'
import type { Context } from '../context.ts'
import { endedBefore } from './review-read.ts'
import type { ReviewItemRow } from './review-store.ts'

export type ReviewItemFilter = {
  reviewId: string
  assigned: 'me' | 'any'
  status: ReviewItemStatus | undefined
  appId: string | undefined
  userId: string | undefined
  reviewerId: string | undefined
  after: string | null
  limit: number
}

/** Each status as SQL; `statusOf` in review-item-read.ts is the same by row. */
const conditions: Readonly<Record<ReviewItemStatus, RawBuilder<boolean>>> = {
  undecided: sql`(item.decision is null and grants.status = 'active')`,
  keep: sql`item.decision = 'keep'`,
  remove: sql`(item.decision = 'remove' and grants.status = 'active')`,
  removing: sql`(item.decision = 'remove' and grants.end_reason = 'access_review'
    and grants.status in ('deprovisioning', 'awaiting_removal'))`,
  removed: sql`(item.decision = 'remove' and grants.end_reason = 'access_review' and grants.status = 'ended')`,
  ended_before: endedBefore,
}

/** Items that the caller may see, the first first; one more than `limit` when there are more. */
export function listReviewItems(
  { db }: Pick<Context, 'db'>,
  caller: Caller,
  filter: ReviewItemFilter,
): Promise<ReviewItemRow[]> {
  const { reviewId, assigned, status, appId, userId, reviewerId, after, limit } = filter
  let query = db
    .selectFrom('access_review_items as item')
    .innerJoin('grants', 'grants.id', 'item.grant_id')
    .selectAll('item')
    .where('item.review_id', '=', reviewId)
    .orderBy('item.id')
    .limit(limit + 1)
  if (after !== null) query = query.where('item.id', '>', after)
  if (status !== undefined) query = query.where(conditions[status])
  if (appId !== undefined) query = query.where('item.app_id', '=', appId)
  if (userId !== undefined) query = query.where('item.user_id', '=', userId)
  const askedOf = (principalIds: readonly string[]) =>
    query.where(({ exists, selectFrom }) =>
      exists(
        selectFrom('access_review_assignees as assignee')
          .select('assignee.item_id')
          .whereRef('assignee.item_id', '=', 'item.id')
          .where('assignee.principal_id', 'in', [...principalIds, '']),
      ),
    )
  if (reviewerId !== undefined) query = askedOf([reviewerId])
  if (assigned === 'me') query = query.where('item.user_id', '!=', caller.userId ?? '')
  if (assigned === 'me' || !caller.admin) query = askedOf(caller.principalIds)
  return query.execute()
}
