/** Notes that somebody leaves. `offboarding` carries it out: it ends all access of the user. */
import type { Transaction } from 'kysely'
import type { Tables } from '../db/schema.ts'
import type { Actor } from '../events/event.ts'
import { newId } from '../lib/ids.ts'

type Leaving = { userId: string; actor: Actor }

/** Its id; of a user who is leaving already, that of the offboarding under way. */
export async function startOffboarding(
  tx: Transaction<Tables>,
  now: number,
  { userId, actor }: Leaving,
): Promise<string> {
  const running = await tx
    .selectFrom('offboardings')
    .select('id')
    .where('user_id', '=', userId)
    .where('status', '=', 'running')
    .executeTakeFirst()
  if (running) return running.id
  const id = newId('off', now)
  await tx
    .insertInto('offboardings')
    .values({
      id,
      user_id: userId,
      status: 'running',
      reason: 'deactivated',
      started_by: JSON.stringify(actor),
      started_at: new Date(now),
      finished_at: null,
    })
    .execute()
  return id
}

/** The user stays after all: what was removed so far stays removed. */
export async function stopOffboarding(tx: Transaction<Tables>, now: number, userId: string): Promise<void> {
  await tx
    .updateTable('offboardings')
    .set({ status: 'stopped', finished_at: new Date(now) })
    .where('user_id', '=', userId)
    .where('status', '=', 'running')
    .execute()
}
