/** Access reviews as rows. */
import type { Kysely, Selectable, Transaction } from 'kysely'
import type { AccessReviewItemTable, AccessReviewTable } from '../db/lifecycle-schema.ts'
import type { Tables } from '../db/schema.ts'
import type { Principal } from '../http/principal.ts'
import { ProblemError } from '../lib/problem-error.ts'

export type ReviewRow = Selectable<AccessReviewTable>
export type ReviewItemRow = Selectable<AccessReviewItemTable>

export async function findReview(db: Kysely<Tables>, id: string): Promise<ReviewRow | null> {
  return (await db.selectFrom('access_reviews').selectAll().where('id', '=', id).executeTakeFirst()) ?? null
}

/** Nobody else decides, ends or changes it until the transaction is over. */
export async function lockReview(tx: Transaction<Tables>, id: string): Promise<ReviewRow | null> {
  const query = tx.selectFrom('access_reviews').selectAll().where('id', '=', id).forUpdate()
  return (await query.executeTakeFirst()) ?? null
}

/** Who did it, as it is stored: a user by id, a program by the name of its key. */
export function storedName(principal: Principal): string {
  return principal.kind === 'session' ? principal.id : principal.name
}

const allowedIn: Readonly<Record<ReviewRow['status'], readonly string[]>> = {
  preparing: ['cancel'],
  open: ['change', 'decide', 'sign_off', 'cancel'],
  ended: ['sign_off'],
  signed_off: [],
  cancelled: [],
}

/** What can be done with a review in its status. */
export function allowedOf({ status }: Pick<ReviewRow, 'status'>): readonly string[] {
  return allowedIn[status]
}

/** Throws 409 when it cannot be done with the review as it is now. */
export function requireAllowed(review: ReviewRow, what: string): void {
  const allowed = allowedOf(review)
  if (allowed.includes(what)) return
  const can =
    allowed.length === 0 ? 'Nothing can be done with it any more.' : `Allowed now: ${allowed.join(', ')}.`
  throw new ProblemError('review_state_conflict', `The review is ${review.status}. ${can}`, {
    state: { status: review.status, allowed: [...allowed] },
  })
}
