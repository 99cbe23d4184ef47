/** What becomes of requests when what they ask for is archived. */
import type { Context } from '../context.ts'
import { createTicker, type Ticker } from '../lib/ticker.ts'
import type { Moves } from './request-moves.ts'
import type { RequestState } from './request-state.ts'

const waiting = ['validating', 'pre_approving', 'awaiting_approval'] as const

/** What a crash or a request of the same moment left waiting is found this often. */
const everyMs = 30_000
const batch = 200

type Archived = { appId: string; permissionId: string | null }

/** Cancels the requests that wait for an app, or for a permission of it, that was archived. Returns how many. */
export async function cancelWaiting(
  { db }: Pick<Context, 'db'>,
  moves: Moves,
  { appId, permissionId }: Archived,
): Promise<number> {
  const rows = await db
    .selectFrom('access_requests')
    .select(['id', 'state'])
    .where('app_id', '=', appId)
    .where('status', 'in', [...waiting])
    .execute()
  let cancelled = 0
  for (const { id, state } of rows) {
    const asked = (state as RequestState).permissionIds
    if (permissionId !== null && !asked.includes(permissionId)) continue
    if (await cancel(moves, id, permissionId === null)) cancelled += 1
  }
  return cancelled
}

/** False when it did not wait any more. */
async function cancel(moves: Moves, id: string, wholeApp: boolean): Promise<boolean> {
  let cancelled = false
  const text = wholeApp ? 'The app was archived.' : 'A permission of it was archived.'
  await moves.move(
    id,
    ({ state }) => {
      cancelled = (waiting as readonly string[]).includes(state.status)
      return cancelled ? { type: 'cancelled', reason: 'cancelled' } : null
    },
    { told: { text } },
  )
  return cancelled
}

/** Looks after requests that wait for what is archived already: nobody would be there to decide. */
export function createArchivedSweep(ctx: Context, moves: Moves): Ticker {
  const { log, shutdown } = ctx
  const failed = 'requests for what was archived could not be cancelled; it will be tried again'
  return createTicker({ log, shutdown, everyMs, failed, atStart: true }, async () => {
    const rows = await ctx.db
      .selectFrom('access_requests')
      .innerJoin('apps', 'apps.id', 'access_requests.app_id')
      .leftJoin('open_requests', 'open_requests.request_id', 'access_requests.id')
      .leftJoin('permissions', 'permissions.id', 'open_requests.permission_id')
      .select(['access_requests.id', 'apps.archived_at'])
      .where('access_requests.status', 'in', [...waiting])
      .where((where) =>
        where.or([
          where('apps.archived_at', 'is not', null),
          where('permissions.archived_at', 'is not', null),
        ]),
      )
      .limit(batch)
      .execute()
    for (const { id, archived_at } of rows) await cancel(moves, id, archived_at !== null)
  })
}
