/** Sessions that end without their owner's doing, as the activity log tells them. */
import type { Transaction } from 'kysely'
import type { Tables } from '../db/schema.ts'
import type { Actor } from '../events/event.ts'
import { appendEvents } from '../events/event-store.ts'

type Ending = {
  readonly actor: Actor
  readonly reason: 'password_changed' | 'invitation_accepted' | 'user_deactivated'
  /** The session that goes on. */
  readonly kept?: string | null
}

/** Ends the sessions of users. Whose there were none, of them nothing is told. */
export async function endSessions(
  tx: Transaction<Tables>,
  now: number,
  userIds: readonly string[],
  { actor, reason, kept = null }: Ending,
): Promise<void> {
  if (userIds.length === 0) return
  let query = tx.deleteFrom('auth_sessions').where('user_id', 'in', userIds)
  if (kept !== null) query = query.where('id', '<>', kept)
  const ended = await query.returning('user_id').execute()
  if (ended.length === 0) return
  const counts = new Map<string, number>()
  for (const { user_id } of ended) counts.set(user_id, (counts.get(user_id) ?? 0) + 1)
  const users = await tx
    .selectFrom('users')
    .select(['id', 'email', 'given_name', 'family_name'])
    .where('id', 'in', [...counts.keys()])
    .orderBy('id')
    .execute()
  await appendEvents(
    tx,
    now,
    users.map((user) => ({
      type: 'AUTH_ENDED_SESSIONS',
      actor,
      targets: [{ type: 'USER', data: user }],
      metadata: { reason, sessions: counts.get(user.id) ?? 0 },
    })),
  )
}
