import type { Context } from '../context.ts'
import { inParallel } from '../lib/ticker.ts'
import { removeGrants } from './grant-removal.ts'
import type { Moves } from './request-moves.ts'

/** Requests whose grants end are moved so many at a time, so that those who wait for an answer are not starved. */
const atOnce = 4
const batch = 200
/** Then whatever else is due has its turn, and the next look goes on. */
const batchesOfLook = 10

/** Ends grants that ran out, the longest overdue first, also those that became due while no server ran. */
export async function endExpired(ctx: Context, moves: Moves): Promise<void> {
  for (let looked = 0; looked < batchesOfLook; looked++) {
    const now = ctx.clock()
    const due = await ctx.db
      .selectFrom('grants')
      .select(['request_id', 'permission_id'])
      .where('status', '=', 'active')
      .where('expires_at', '<=', new Date(now))
      .orderBy('expires_at')
      .limit(batch)
      .execute()
    let done = 0
    await inParallel(
      [...Map.groupBy(due, (grant) => grant.request_id)],
      atOnce,
      async ([requestId, grants]) => {
        if (ctx.shutdown.aborted) return
        const permissionIds = grants.map(({ permission_id }) => permission_id)
        try {
          await removeGrants(moves, { requestId, permissionIds, reason: 'expired', overAt: now })
          done += grants.length
        } catch (error) {
          ctx.log.warn({ err: error, access_request_id: requestId }, 'access that ran out could not be ended')
        }
      },
    )
    // What fails stays due: it is tried again with the next look, and does not keep this one going.
    if (due.length < batch || done === 0 || ctx.shutdown.aborted) return
  }
}
