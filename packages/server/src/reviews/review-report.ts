/** The report of a review as CSV, of any size: read in pages, written as it is read. */
import { setImmediate as nextTurn } from 'node:timers/promises'
import { reviewItemStatusLabels, reviewStatusLabels } from '@keyhook/contract/access-words.ts'
import type { ReviewItemRead } from '@keyhook/contract/api/access-review.ts'
import type { Caller } from '../apps/caller.ts'
import type { Context } from '../context.ts'
import { csvLine } from '../lib/csv.ts'
import { listReviewItems } from './review-item-list.ts'
import { readReviewItems } from './review-item-read.ts'
import { namesOf } from './review-names.ts'
import type { ReviewRow } from './review-store.ts'

const pageSize = 500

/** Without this mark, spreadsheets do not take the file for UTF-8. */
const byteOrderMark = '\ufeff'

const columns = [
  ...['review', 'review_status', 'deadline', 'signed_off_by', 'signed_off_at'],
  ...['user_name', 'user_email', 'app', 'permission', 'permission_value'],
  ...['granted_at', 'expires_at', 'last_used_at', 'business_justification', 'access_request_id'],
  ...['reviewers', 'reviewers_note', 'status', 'decision', 'by_default', 'reason'],
  ...['decided_by', 'decided_at', 'ended_at', 'grant_id'],
]

/** Pieces of the file: a row for each item, in the order of the list. */
export async function* reportOf(
  ctx: Pick<Context, 'db'>,
  caller: Caller,
  review: ReviewRow,
): AsyncGenerator<string> {
  yield byteOrderMark + csvLine(columns)
  const nameOf = await namesOf(ctx, [review.signed_off_by])
  const about = [
    review.name,
    reviewStatusLabels[review.status],
    review.deadline.toISOString(),
    nameOf(review.signed_off_by),
    review.signed_off_at?.toISOString() ?? null,
  ]
  let after: string | null = null
  for (;;) {
    const rows = await listReviewItems(ctx, caller, {
      reviewId: review.id,
      assigned: 'any',
      status: undefined,
      appId: undefined,
      userId: undefined,
      reviewerId: undefined,
      after,
      limit: pageSize - 1,
    })
    const items = await readReviewItems(ctx, caller, review, rows)
    if (items.length > 0) yield items.map((item) => csvLine([...about, ...cellsOf(item)])).join('')
    if (rows.length < pageSize) return
    await nextTurn()
    after = rows.at(-1)?.id ?? null
  }
}

function cellsOf({ grant, ...item }: ReviewItemRead): (string | boolean | null)[] {
  return [
    grant.user.name,
    grant.user.email,
    grant.app.name,
    grant.permission.label,
    grant.permission.value,
    grant.granted_at,
    grant.expires_at,
    grant.last_used_at,
    item.business_justification,
    grant.access_request_id,
    item.reviewers.map(({ name }) => name).join('; '),
    item.fallback,
    reviewItemStatusLabels[item.status],
    item.decision,
    item.by_default,
    item.reason,
    item.decided_by,
    item.decided_at,
    grant.ended_at,
    grant.id,
  ]
}
