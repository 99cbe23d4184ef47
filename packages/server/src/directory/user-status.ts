/** Deactivation and its contrary. Users are never deleted: what they asked for and decided stays readable. */
import type { Transaction } from 'kysely'
import { endSessions } from '../auth/session-ends.ts'
import type { Tables } from '../db/schema.ts'
import type { Actor } from '../events/event.ts'
import { appendEvents } from '../events/event-store.ts'
import { requireAdministratorLeft } from './administrators-left.ts'
import { startOffboarding, stopOffboardings } from './offboarding-start.ts'
import type { UserRow } from './user.ts'
import { userStatusChanged } from './user-events.ts'
import { findUserForChange } from './user-store.ts'

/**
 * The user is out at once: sessions end, invitations are void, offboarding begins. Null when there is no such user; one
 * who is inactive already stays so. Throws `own_account` and `last_administrator`.
 */
export async function deactivateUser(
  tx: Transaction<Tables>,
  now: number,
  userId: string,
  actor: Actor,
): Promise<UserRow | null> {
  const user = await findUserForChange(tx, userId)
  if (!user || user.status === 'inactive') return user
  await requireAdministratorLeft(tx, user, actor)
  const row = await writeStatus(tx, now, user, 'inactive', actor)
  await closeAccounts(tx, now, [userId], actor)
  await startOffboarding(tx, now, { userId, actor })
  return row
}

/** The user may sign in again, with the password of before; access has to be asked for anew. */
export async function reactivateUser(
  tx: Transaction<Tables>,
  now: number,
  userId: string,
  actor: Actor,
): Promise<UserRow | null> {
  const user = await findUserForChange(tx, userId)
  if (!user || user.status === 'active') return user
  const row = await writeStatus(tx, now, user, 'active', actor)
  await stopOffboardings(tx, now, [userId])
  return row
}

/** Ends the sessions and the invitations of users. */
export async function closeAccounts(
  tx: Transaction<Tables>,
  now: number,
  userIds: readonly string[],
  actor: Actor,
): Promise<void> {
  if (userIds.length === 0) return
  await endSessions(tx, now, userIds, { actor, reason: 'user_deactivated' })
  await tx.deleteFrom('invitations').where('user_id', 'in', userIds).execute()
}

async function writeStatus(
  tx: Transaction<Tables>,
  now: number,
  user: UserRow,
  status: UserRow['status'],
  actor: Actor,
): Promise<UserRow> {
  const at = new Date(now)
  const row = await tx
    .updateTable('users')
    .set({
      status,
      version: user.version + 1,
      updated_at: at,
      deactivated_at: status === 'inactive' ? at : null,
      // Who is active again is there again, for SCIM clients too.
      ...(status === 'active' && { deleted_at: null }),
    })
    .where('id', '=', user.id)
    .returningAll()
    .executeTakeFirstOrThrow()
  await appendEvents(tx, now, [userStatusChanged(row, actor)])
  return row
}
