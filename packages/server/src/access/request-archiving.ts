import type { Context } from '../context.ts'
import type { Moves } from './request-moves.ts'

const waiting = ['validating', 'pre_approving', 'awaiting_approval'] as const

/** Cancels the requests that wait for an app, or for a permission of it, that was archived. */
export async function cancelWaiting(
  { db }: Pick<Context, 'db'>,
  moves: Moves,
  { appId, permissionId }: { appId: string; permissionId: string | null },
): Promise<void> {
  const rows = await db
    .selectFrom('access_requests')
    .select('id')
    .where('app_id', '=', appId)
    .where('status', 'in', [...waiting])
    .execute()
  const text = permissionId === null ? 'The app was archived.' : 'A permission of it was archived.'
  for (const { id } of rows) {
    await moves.move(
      id,
      ({ state }) => {
        const waits = (waiting as readonly string[]).includes(state.status)
        const concerns = permissionId === null || state.permissionIds.includes(permissionId)
        return waits && concerns ? { type: 'cancelled', reason: 'cancelled' } : null
      },
      { told: { text } },
    )
  }
}
