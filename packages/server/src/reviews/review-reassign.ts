/** Reviewers who are gone give way to others, as when the review began. */
import { setImmediate as nextTurn } from 'node:timers/promises'
import { sql, type Transaction } from 'kysely'
import { administrators } from '../apps/administrators.ts'
import type { Context } from '../context.ts'
import type { Tables } from '../db/schema.ts'
import { system } from '../events/event.ts'
import { appendEvents } from '../events/event-store.ts'
import { reviewEvent } from './review-log.ts'
import { tellThese } from './review-notices.ts'
import { lockReview } from './review-store.ts'
import { activePeople, reviewerFacts } from './reviewer-facts.ts'
import { reviewersOf } from './reviewers.ts'

const batch = 200

/** Looks at everybody who is asked about something, and asks others where nobody is there any more. */
export async function reassignGone(ctx: Context): Promise<void> {
  for (const principalId of await gonePrincipals(ctx)) {
    let moved = await reassignSome(ctx, principalId)
    while (moved > 0 && !ctx.shutdown.aborted) {
      await nextTurn()
      moved = await reassignSome(ctx, principalId)
    }
  }
}

/** Those of whom nobody active is left. One step into the index for each, however much they are asked about. */
async function gonePrincipals(ctx: Context): Promise<string[]> {
  const { rows } = await sql<{ id: string }>`
    with recursive asked (id) as (
      (select min(principal_id) from access_review_assignees where open)
      union all
      select (select min(principal_id) from access_review_assignees where open and principal_id > asked.id)
        from asked where asked.id is not null
    )
    select id from asked where id is not null`.execute(ctx.db)
  const ids = rows.map(({ id }) => id).filter((id) => id !== administrators)
  if (ids.length === 0) return []
  const apps = ids.filter((id) => id.startsWith('app_'))
  const admins = await ctx.db
    .selectFrom('app_admins')
    .select(['app_id', 'principal_id'])
    .where('app_id', 'in', [...apps, ''])
    .execute()
  const people = await activePeople(ctx.db, [...ids, ...admins.map(({ principal_id }) => principal_id)])
  const reachable = new Set([
    ...people.keys(),
    ...admins.filter(({ principal_id }) => people.has(principal_id)).map(({ app_id }) => app_id),
  ])
  return ids.filter((id) => !reachable.has(id))
}

/** How many items others are asked about now. */
function reassignSome(ctx: Context, principalId: string): Promise<number> {
  return ctx.db.transaction().execute(async (tx) => {
    const asked = await tx
      .selectFrom('access_review_assignees')
      .select(['item_id', 'review_id'])
      .where('principal_id', '=', principalId)
      .where('open', '=', true)
      .orderBy('item_id')
      .limit(batch)
      .execute()
    let moved = 0
    for (const reviewId of [...new Set(asked.map(({ review_id }) => review_id))].sort()) {
      const ids = asked.filter(({ review_id }) => review_id === reviewId).map(({ item_id }) => item_id)
      moved += await reassign(tx, ctx.clock(), reviewId, principalId, ids)
    }
    return moved
  })
}

async function reassign(
  tx: Transaction<Tables>,
  now: number,
  reviewId: string,
  principalId: string,
  itemIds: readonly string[],
): Promise<number> {
  const review = await lockReview(tx, reviewId)
  if (review?.status !== 'open') return 0
  // Under the lock: what was decided in the meantime stays with who decided it.
  const items = await tx
    .selectFrom('access_review_items')
    .select(['id', 'user_id', 'app_id'])
    .where('id', 'in', itemIds)
    .where('decision', 'is', null)
    .execute()
  if (items.length === 0) return 0
  const reviewed = items.map(({ id, user_id, app_id }) => ({ id, userId: user_id, appId: app_id }))
  const facts = await reviewerFacts(tx, review.reviewers, reviewed)
  const assigned = reviewed.map((one) => ({ ...one, ...reviewersOf(review.reviewers, one, facts) }))
  const ids = items.map(({ id }) => id)
  await tx.deleteFrom('access_review_assignees').where('item_id', 'in', ids).execute()
  await tx
    .insertInto('access_review_assignees')
    .values(
      assigned.flatMap(({ id, userId, principalIds }) =>
        principalIds.map((principal_id) => ({
          principal_id,
          item_id: id,
          review_id: reviewId,
          user_id: userId,
          open: true,
        })),
      ),
    )
    .execute()
  for (const fallback of new Set(assigned.map((one) => one.fallback))) {
    const so = assigned.filter((one) => one.fallback === fallback).map(({ id }) => id)
    await tx.updateTable('access_review_items').set({ fallback }).where('id', 'in', so).execute()
  }
  const to = [...new Set(assigned.flatMap(({ principalIds }) => principalIds))]
  await appendEvents(tx, now, [
    reviewEvent('ACCESS_REVIEW_REASSIGNED', system, review, { from: principalId, to, items: ids.length }),
  ])
  await tellThese(tx, now, review, 'review_opened', to)
  return ids.length
}
