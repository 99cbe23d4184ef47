/** Items of a review as the API answers them. */
import type { ReviewDecision, ReviewItemStatus } from '@keyhook/contract/access-words.ts'
import type { ReviewItemRead } from '@keyhook/contract/api/access-review.ts'
import { readGrants } from '../access/grant-read.ts'
import type { GrantRow } from '../access/request-store.ts'
import type { Caller } from '../apps/caller.ts'
import { findPrincipals } from '../apps/people.ts'
import type { Context } from '../context.ts'
import { namesOf } from './review-names.ts'
import { allowedOf, type ReviewItemRow, type ReviewRow } from './review-store.ts'

/** What became of an item; `conditions` in review-item-list.ts is the same as SQL. Pure. */
export function statusOf(
  { decision }: Pick<ReviewItemRow, 'decision'>,
  grant: Pick<GrantRow, 'status' | 'end_reason'>,
): ReviewItemStatus {
  if (decision === 'keep') return 'keep'
  if (grant.status === 'active') return decision === null ? 'undecided' : 'remove'
  if (decision === null || grant.end_reason !== 'access_review') return 'ended_before'
  return grant.status === 'ended' ? 'removed' : 'removing'
}

/** Items of one review, in the order of the rows. */
export async function readReviewItems(
  ctx: Pick<Context, 'db'>,
  caller: Caller,
  review: ReviewRow,
  rows: readonly ReviewItemRow[],
): Promise<ReviewItemRead[]> {
  if (rows.length === 0) return []
  const grants = await ctx.db
    .selectFrom('grants')
    .selectAll()
    .where(
      'id',
      'in',
      rows.map((row) => row.grant_id),
    )
    .execute()
  const reads = new Map((await readGrants(ctx, grants)).map((grant) => [grant.id, grant]))
  const requests = await ctx.db
    .selectFrom('access_requests')
    .select(['id', 'business_justification'])
    .where('id', 'in', [...new Set(grants.map(({ request_id }) => request_id)), ''])
    .execute()
  const justifications = new Map(requests.map((one) => [one.id, one.business_justification]))
  const assignees = await ctx.db
    .selectFrom('access_review_assignees')
    .select(['item_id', 'principal_id'])
    .where(
      'item_id',
      'in',
      rows.map(({ id }) => id),
    )
    .orderBy('principal_id')
    .execute()
  const principals = await findPrincipals(
    ctx.db,
    assignees.map(({ principal_id }) => principal_id),
  )
  const asked = Map.groupBy(assignees, ({ item_id }) => item_id)
  const nameOf = await namesOf(
    ctx,
    rows.map(({ decided_by }) => decided_by),
  )
  const open = allowedOf(review).includes('decide')
  return rows.flatMap((row) => {
    const grant = reads.get(row.grant_id)
    if (!grant) return []
    const ids = (asked.get(row.id) ?? []).map(({ principal_id }) => principal_id)
    const theirs = caller.admin || ids.some((id) => caller.principalIds.includes(id))
    const decides = open && theirs && row.user_id !== caller.userId && grant.status === 'active'
    const allowed: ReviewDecision[] = decides ? ['keep', 'remove'] : []
    return {
      id: row.id,
      access_review_id: row.review_id,
      status: statusOf(row, grant),
      grant,
      business_justification: justifications.get(grant.access_request_id) ?? '',
      reviewers: ids.flatMap((id) => principals.get(id) ?? []),
      fallback: row.fallback,
      decision: row.decision,
      reason: row.reason,
      by_default: row.by_default,
      decided_by: nameOf(row.decided_by),
      decided_at: row.decided_at?.toISOString() ?? null,
      allowed,
    }
  })
}
