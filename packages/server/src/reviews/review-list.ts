import type { ReviewStatus } from '@keyhook/contract/access-words.ts'
import type { Caller } from '../apps/caller.ts'
import type { Context } from '../context.ts'
import type { ReviewRow } from './review-store.ts'

export type ReviewFilter = {
  status: ReviewStatus | undefined
  assigned: 'me' | 'any'
  after: string | null
  limit: number
}

/** Reviews that the caller may see, the newest first; one more than `limit` when there are more. */
export async function listReviews(
  { db }: Pick<Context, 'db'>,
  caller: Caller,
  { status, assigned, after, limit }: ReviewFilter,
): Promise<ReviewRow[]> {
  let query = db
    .selectFrom('access_reviews')
    .selectAll('access_reviews')
    .orderBy('access_reviews.id', 'desc')
    .limit(limit + 1)
  if (status !== undefined) query = query.where('access_reviews.status', '=', status)
  if (after !== null) query = query.where('access_reviews.id', '<', after)
  if (assigned === 'any' && caller.admin) return query.execute()
  return query
    .where(({ exists, selectFrom }) =>
      exists(
        selectFrom('access_review_assignees as assignee')
          .select('assignee.item_id')
          .whereRef('assignee.review_id', '=', 'access_reviews.id')
          .where('assignee.principal_id', 'in', [...caller.principalIds, ''])
          .where('assignee.user_id', '!=', assigned === 'me' ? (caller.userId ?? '') : ''),
      ),
    )
    .execute()
}
