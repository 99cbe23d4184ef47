/** Notes that somebody leaves. `offboarding` carries it out: it ends all access of the user. */
import type { Transaction } from 'kysely'
import type { Tables } from '../db/schema.ts'
import type { Actor } from '../events/event.ts'
import { newId } from '../lib/ids.ts'

type Leaving = { actor: Actor }

/** Its id; of a user who is leaving already, that of the offboarding under way. */
export async function startOffboarding(
  tx: Transaction<Tables>,
  now: number,
  { userId, actor }: Leaving & { userId: string },
): Promise<string> {
  await startOffboardings(tx, now, { userIds: [userId], actor })
  const { id } = await tx
    .selectFrom('offboardings')
    .select('id')
    .where('user_id', '=', userId)
    .where('status', '=', 'running')
    .executeTakeFirstOrThrow()
  return id
}

/** For users none of whom, or some of whom, are leaving already. */
export async function startOffboardings(
  tx: Transaction<Tables>,
  now: number,
  { userIds, actor }: Leaving & { userIds: readonly string[] },
): Promise<void> {
  if (userIds.length === 0) return
  const values = userIds.map((user_id) => ({
    id: newId('off', now),
    user_id,
    status: 'running' as const,
    reason: 'deactivated' as const,
    started_by: JSON.stringify(actor),
    started_at: new Date(now),
    finished_at: null,
  }))
  await tx
    .insertInto('offboardings')
    .values(values)
    .onConflict((conflict) => conflict.column('user_id').where('status', '=', 'running').doNothing())
    .execute()
}

/** The users stay after all: what was removed so far stays removed. */
export async function stopOffboardings(
  tx: Transaction<Tables>,
  now: number,
  userIds: readonly string[],
): Promise<void> {
  if (userIds.length === 0) return
  await tx
    .updateTable('offboardings')
    .set({ status: 'stopped', finished_at: new Date(now) })
    .where('user_id', 'in', userIds)
    .where('status', '=', 'running')
    .execute()
}
