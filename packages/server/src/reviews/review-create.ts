/** A new access review, or a count of what it would be about. */
import type { AccessReviewCreate, AccessReviewPreview } from '@keyhook/contract/api/access-review.ts'
import { sql } from 'kysely'
import type { Context } from '../context.ts'
import { actorOf } from '../events/event.ts'
import { appendEvents } from '../events/event-store.ts'
import type { IdempotencyKey } from '../http/idempotency.ts'
import { takeKey } from '../http/make-once.ts'
import type { Principal } from '../http/principal.ts'
import { newId } from '../lib/ids.ts'
import { type MemberError, validationFailed } from '../lib/problem-error.ts'
import { reviewEvent } from './review-log.ts'
import { grantsInScope, mostItems, unknownIds } from './review-scope.ts'
import { type ReviewRow, storedName } from './review-store.ts'
import { reviewerFacts } from './reviewer-facts.ts'
import { reviewersOf } from './reviewers.ts'

const pairsAtOnce = 1_000

/** Throws 422 for a deadline that is over, ids that are not there, and a scope with nothing or too much in it. */
export async function requireReviewable(ctx: Context, body: AccessReviewCreate): Promise<void> {
  const now = ctx.clock()
  const errors = [
    ...deadlineErrors(body.deadline, now),
    ...(await unknownIds(ctx.db, body.scope, body.reviewers)),
  ]
  if (errors.length > 0) throw validationFailed(errors)
  const within = grantsInScope(ctx.db, body.scope, now)
    .select('grants.id')
    .limit(mostItems + 1)
  const { count } = await ctx.db
    .selectFrom(within.as('within'))
    .select(sql<string>`count(*)`.as('count'))
    .executeTakeFirstOrThrow()
  if (Number(count) > mostItems)
    throw validationFailed([
      {
        pointer: '/scope',
        detail: `That is more than ${mostItems.toLocaleString('en')} items of access: make several reviews of it.`,
      },
    ])
  if (Number(count) === 0 && !body.dry_run)
    throw validationFailed([{ pointer: '/scope', detail: 'Nobody has access that this is about.' }])
}

export function deadlineErrors(deadline: string, now: number): MemberError[] {
  if (Date.parse(deadline) > now) return []
  return [{ pointer: '/deadline', detail: 'Must be in the future.' }]
}

export async function previewReview(
  ctx: Context,
  { scope, reviewers }: AccessReviewCreate,
): Promise<AccessReviewPreview> {
  const now = ctx.clock()
  const pairs = await grantsInScope(ctx.db, scope, now)
    .select(['grants.user_id', 'grants.app_id', sql<string>`count(*)`.as('count')])
    .groupBy(['grants.user_id', 'grants.app_id'])
    .execute()
  let withoutReviewer = 0
  for (let at = 0; at < pairs.length; at += pairsAtOnce) {
    const some = pairs
      .slice(at, at + pairsAtOnce)
      .map(({ user_id, app_id, count }) => ({ userId: user_id, appId: app_id, count: Number(count) }))
    const facts = await reviewerFacts(ctx.db, reviewers, some)
    for (const pair of some)
      if (reviewersOf(reviewers, pair, facts).fallback !== null) withoutReviewer += pair.count
  }
  return {
    dry_run: true,
    grants: pairs.reduce((sum, { count }) => sum + Number(count), 0),
    users: new Set(pairs.map(({ user_id }) => user_id)).size,
    apps: new Set(pairs.map(({ app_id }) => app_id)).size,
    without_reviewer: withoutReviewer,
  }
}

export async function createReview(
  ctx: Context,
  principal: Principal,
  { dry_run: _, ...body }: AccessReviewCreate,
  key: IdempotencyKey | null,
): Promise<ReviewRow> {
  const now = ctx.clock()
  return ctx.db.transaction().execute(async (tx) => {
    const row = await tx
      .insertInto('access_reviews')
      .values({
        id: newId('rvw', now),
        name: body.name,
        description: body.description,
        scope: JSON.stringify(body.scope),
        reviewers: JSON.stringify(body.reviewers),
        default_decision: body.default_decision,
        deadline: new Date(body.deadline),
        remind_before_seconds: body.remind_before_seconds,
        remind_at: remindAt(body.deadline, body.remind_before_seconds, now),
        status: 'preparing',
        prepared_to: '',
        created_by: storedName(principal),
        created_at: new Date(now),
        ended_at: null,
        signed_off_at: null,
        signed_off_by: null,
        sign_off_comment: null,
        cancelled_at: null,
        cancelled_by: null,
      })
      .returningAll()
      .executeTakeFirstOrThrow()
    await appendEvents(tx, now, [reviewEvent('ACCESS_REVIEW_CREATED', actorOf(principal), row, body)])
    await takeKey(ctx, tx, key, row)
    return row
  })
}

/** When reviewers are reminded; a time that is over already is none. */
export function remindAt(deadline: string, beforeSeconds: number | null, now: number): Date | null {
  if (beforeSeconds === null) return null
  const at = Date.parse(deadline) - beforeSeconds * 1_000
  return at > now ? new Date(at) : null
}
