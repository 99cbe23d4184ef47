/** A client deletes a user: gone for SCIM clients, while the past still names them. */
import type { Transaction } from 'kysely'
import type { Context } from '../context.ts'
import type { Tables } from '../db/schema.ts'
import { lockDirectory } from '../directory/directory-lock.ts'
import { changeMembers } from '../directory/group-members.ts'
import type { UserRow } from '../directory/user.ts'
import { deactivateUser } from '../directory/user-status.ts'
import { updateUser } from '../directory/user-store.ts'
import type { Actor } from '../events/event.ts'
import { noSuchResource } from './scim-error.ts'
import { findUserRecord } from './user-read.ts'

/**
 * Deactivates the user, which starts offboarding; takes them out of their groups; ends their account; and gives their
 * names back, so that somebody else may come with them (RFC 7644, 3.6). That would be another user, without the rights
 * of this one. Throws 404, and 403 when nobody would be left to administer Keyhook.
 */
export async function deleteScimUser(
  { db, clock }: Pick<Context, 'db' | 'clock'>,
  id: string,
  check: (user: UserRow) => void,
  actor: Actor,
): Promise<void> {
  const now = clock()
  await db.transaction().execute(async (tx) => {
    await lockDirectory(tx)
    const record = await findUserRecord(tx, id)
    if (!record) throw noSuchResource('User', id)
    check(record.user)
    await leaveGroups(tx, now, id, actor)
    const user = (await deactivateUser(tx, now, id, actor)) ?? record.user
    // Sign-in goes by the address, which may be somebody else's soon.
    await tx.deleteFrom('auth_users').where('id', '=', id).execute()
    const user_name = `${user.user_name.slice(0, 200)} (deleted ${id})`
    await updateUser(tx, now, user, { user_name, email_shared: true }, actor)
    await tx
      .updateTable('users')
      .set({ deleted_at: new Date(now) })
      .where('id', '=', id)
      .execute()
  })
}

async function leaveGroups(
  tx: Transaction<Tables>,
  now: number,
  userId: string,
  actor: Actor,
): Promise<void> {
  const groups = await tx
    .selectFrom('groups')
    .innerJoin('group_members', 'group_members.group_id', 'groups.id')
    .selectAll('groups')
    .where('user_id', '=', userId)
    .execute()
  for (const group of groups) await changeMembers(tx, now, group, { remove: [userId] }, actor)
}
