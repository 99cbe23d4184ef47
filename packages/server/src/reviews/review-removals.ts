/**
 * Carries out what reviews decided to remove. The decision is stored long before; each removal is begun at least once and
 * marked then, so that a crash in between repeats it, which changes nothing: access that ends already is left alone.
 */
import { type Removal, removeGrants } from '../access/grant-removal.ts'
import type { Moves } from '../access/request-moves.ts'
import { findUsers, nameOf } from '../apps/people.ts'
import type { Context } from '../context.ts'
import { inParallel } from '../lib/ticker.ts'

const batch = 200
/** Removals are begun so many at a time, so that requests that wait for an answer are not starved. */
const atOnce = 4

export async function carryOutRemovals(ctx: Context, moves: Moves): Promise<void> {
  const due = await ctx.db
    .selectFrom('access_reviews')
    .select(['id', 'name'])
    .where('removals_due', '=', true)
    .orderBy('id')
    .execute()
  for (const review of due) {
    let begun = await removeSome(ctx, moves, review)
    while (begun > 0 && !ctx.shutdown.aborted) begun = await removeSome(ctx, moves, review)
  }
}

type Due = {
  id: string
  request_id: string
  permission_id: string
  reason: string | null
  decided_by: string | null
}

/** How many were begun; none when nothing is left, or what is left cannot be begun now. */
async function removeSome(ctx: Context, moves: Moves, review: { id: string; name: string }): Promise<number> {
  const items = await ctx.db
    .selectFrom('access_review_items as item')
    .innerJoin('grants', 'grants.id', 'item.grant_id')
    .select(['item.id', 'grants.request_id', 'grants.permission_id', 'item.reason', 'item.decided_by'])
    .where('item.review_id', '=', review.id)
    .where('item.decision', '=', 'remove')
    .where('item.removal_started_at', 'is', null)
    .orderBy('item.id')
    .limit(batch)
    .execute()
  if (items.length === 0) {
    const done = ctx.db.updateTable('access_reviews').set({ removals_due: false })
    await done.where('id', '=', review.id).execute()
    return 0
  }
  const deciders = await findUsers(
    ctx.db,
    items.flatMap(({ decided_by }) => decided_by ?? []),
  )
  const decider = ({ decided_by }: Due) => {
    if (decided_by === null) return 'by default'
    const user = deciders.get(decided_by)
    return `by ${user ? nameOf(user) : decided_by}`
  }
  let begun = 0
  await inParallel(items, atOnce, async (item) => {
    if (ctx.shutdown.aborted) return
    try {
      const removal: Removal = {
        requestId: item.request_id,
        permissionIds: [item.permission_id],
        reason: 'access_review',
      }
      const text = `Decided in the access review “${review.name}” ${decider(item)}.`
      await removeGrants(moves, removal, { told: { text, message: item.reason } })
      const mark = ctx.db
        .updateTable('access_review_items')
        .set({ removal_started_at: new Date(ctx.clock()) })
      await mark.where('id', '=', item.id).execute()
      begun += 1
    } catch (error) {
      ctx.log.warn({ err: error, item_id: item.id }, 'a removal could not be begun; it will be tried again')
    }
  })
  return begun
}
