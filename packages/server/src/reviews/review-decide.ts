/** Decisions about access under review: all of a call are stored, or none. */
import type { ReviewDecision } from '@keyhook/contract/access-words.ts'
import { sql, type Transaction } from 'kysely'
import type { Caller } from '../apps/caller.ts'
import type { Context } from '../context.ts'
import type { Tables } from '../db/schema.ts'
import { actorOf } from '../events/event.ts'
import { appendEvents } from '../events/event-store.ts'
import { notFound, ProblemError, validationFailed } from '../lib/problem-error.ts'
import { decisionEvent } from './review-log.ts'
import {
  allowedOf,
  lockReview,
  type ReviewItemRow,
  type ReviewRow,
  requireAllowed,
  storedName,
} from './review-store.ts'

export type Wanted = { itemId: string; decision: ReviewDecision; reason: string | null }

type Found = ReviewItemRow & { request_id: string; grant_status: string; assigned: boolean }

/** Throws 404, 409 or, for several at once, 422 with an entry for each that cannot be decided. */
export function decide(
  ctx: Context,
  caller: Caller,
  reviewId: string,
  wanted: readonly Wanted[],
  several: boolean,
): Promise<void> {
  return ctx.db.transaction().execute(async (tx) => {
    const now = ctx.clock()
    const review = await lockReview(tx, reviewId)
    if (!review) throw notFound('access review')
    const found = await itemsOf(tx, caller, reviewId, wanted)
    const problems = wanted.map((one) => whyNot(caller, review, found.get(one.itemId)))
    if (several) {
      requireAllowed(review, 'decide')
      const errors = problems.flatMap((problem, index) =>
        problem ? [{ pointer: `/decisions/${index}`, detail: problem.message }] : [],
      )
      if (errors.length > 0) throw validationFailed(errors)
    } else if (problems[0]) throw problems[0]
    const changed = wanted.flatMap((one) => {
      const item = found.get(one.itemId)
      const reason = one.reason?.trim() || null
      const same = item?.decision === one.decision && item.reason === reason
      return item && !same ? [{ item, decision: one.decision, reason }] : []
    })
    await store(tx, now, caller, review, changed)
  })
}

async function itemsOf(
  tx: Transaction<Tables>,
  caller: Caller,
  reviewId: string,
  wanted: readonly Wanted[],
): Promise<Map<string, Found>> {
  const ids = wanted.map(({ itemId }) => itemId)
  const rows = await tx
    .selectFrom('access_review_items as item')
    .innerJoin('grants', 'grants.id', 'item.grant_id')
    .selectAll('item')
    .select(['grants.request_id', 'grants.status as grant_status'])
    .where('item.review_id', '=', reviewId)
    .where('item.id', 'in', ids)
    .execute()
  const assigned = await tx
    .selectFrom('access_review_assignees')
    .select('item_id')
    .where('item_id', 'in', ids)
    .where('principal_id', 'in', [...caller.principalIds, ''])
    .execute()
  const mine = new Set(assigned.map(({ item_id }) => item_id))
  return new Map(rows.map((row) => [row.id, { ...row, assigned: mine.has(row.id) }]))
}

function whyNot(caller: Caller, review: ReviewRow, item: Found | undefined): ProblemError | null {
  if (!item || !(caller.admin || item.assigned)) return notFound('item of this review')
  if (!allowedOf(review).includes('decide')) requireAllowed(review, 'decide')
  if (item.user_id === caller.userId)
    return new ProblemError('own_access', 'This is your own access: somebody else decides about it.')
  if (item.grant_status !== 'active')
    return new ProblemError('review_state_conflict', 'This access has ended in the meantime.', {
      state: { status: 'ended_before', allowed: [] },
    })
  return null
}

type Change = { item: Found; decision: ReviewDecision; reason: string | null }

async function store(
  tx: Transaction<Tables>,
  now: number,
  { principal }: Caller,
  review: ReviewRow,
  changes: readonly Change[],
): Promise<void> {
  if (changes.length === 0) return
  const ids = changes.map(({ item }) => item.id)
  await sql`
    update access_review_items as item
      set decision = given.decision, reason = given.reason, by_default = false,
        decided_by = ${storedName(principal)}, decided_at = ${new Date(now)}
      from unnest(
        ${ids}::text[],
        ${changes.map(({ decision }) => decision)}::text[],
        ${changes.map(({ reason }) => reason)}::text[]
      ) as given (id, decision, reason)
      where item.id = given.id`.execute(tx)
  await tx
    .updateTable('access_review_assignees')
    .set({ open: false })
    .where('item_id', 'in', ids)
    .where('open', '=', true)
    .execute()
  const gained = (decision: ReviewDecision) =>
    changes.filter((change) => change.decision === decision).length -
    changes.filter(({ item }) => item.decision === decision).length
  await tx
    .updateTable('access_reviews')
    .set({ kept: review.kept + gained('keep'), removed: review.removed + gained('remove') })
    .where('id', '=', review.id)
    .execute()
  const events = changes.map(({ item, decision, reason }) =>
    decisionEvent(actorOf(principal), review, { ...item, decision, reason }, item.decision),
  )
  await appendEvents(tx, now, events)
}
