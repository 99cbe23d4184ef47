/** Who is told what about a review, written down with the change. */
import type { Transaction } from 'kysely'
import { administrators } from '../apps/administrators.ts'
import type { Tables } from '../db/schema.ts'
import { enqueueNotices, type NewNotice } from '../notices/notice-orders.ts'
import type { ReviewRow } from './review-store.ts'

const atOnce = 1_000

type Told = Pick<ReviewRow, 'id' | 'name' | 'deadline'>

/** Tells everybody whom it still asks about something. */
export async function tellReviewers(
  tx: Transaction<Tables>,
  now: number,
  review: Told,
  kind: 'review_opened' | 'review_reminder',
): Promise<void> {
  const asked = await tx
    .selectFrom('access_review_assignees')
    .select('principal_id')
    .distinct()
    .where('review_id', '=', review.id)
    .where('open', '=', true)
    .orderBy('principal_id')
    .execute()
  await tellThese(
    tx,
    now,
    review,
    kind,
    asked.map(({ principal_id }) => principal_id),
  )
}

export async function tellThese(
  tx: Transaction<Tables>,
  now: number,
  review: Told,
  kind: 'review_opened' | 'review_reminder',
  principalIds: readonly string[],
): Promise<void> {
  const data = { what: review.name, when: review.deadline.toISOString(), link: `/reviews/${review.id}` }
  const notices = principalIds.map((to): NewNotice => ({ kind, to, data }))
  for (let from = 0; from < notices.length; from += atOnce)
    await enqueueNotices(tx, now, notices.slice(from, from + atOnce))
}

/** Tells who made it that it is over; of a review that a program made, the administrators. */
export async function tellEnded(
  tx: Transaction<Tables>,
  now: number,
  review: Told & Pick<ReviewRow, 'created_by' | 'items' | 'default_decision'>,
  { kept, removed }: { kept: number; removed: number },
): Promise<void> {
  const to = review.created_by.startsWith('usr_') ? review.created_by : administrators
  const open = review.default_decision === 'none' && kept + removed < review.items
  const left = open ? ' Nobody decided about the rest.' : ''
  const reason = `${kept} to keep, ${removed} to remove.${left} It waits for your sign-off.`
  const data = { what: review.name, reason, link: `/reviews/${review.id}` }
  await enqueueNotices(tx, now, [{ kind: 'review_ended', to, data }])
}
