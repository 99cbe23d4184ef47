/** Managers as clients name them: by id, but also by user name, external id or address, and before they are there. */
import { type Kysely, sql, type Transaction } from 'kysely'
import type { Tables } from '../db/schema.ts'
import { requireManager } from '../directory/manager.ts'
import type { UserRow } from '../directory/user.ts'
import { findUser, updateUser } from '../directory/user-store.ts'
import type { Actor } from '../events/event.ts'
import { ProblemError } from '../lib/problem-error.ts'

/** So many people wait for one manager at most; what is more is found when they are written the next time. */
const mostWaiting = 5_000

/** The id of whom a client means; null when nobody is called so, or several are. */
export async function findManager(db: Kysely<Tables>, name: string): Promise<string | null> {
  const rows = await db
    .selectFrom('users')
    .select(['id', 'user_name'])
    .where('deleted_at', 'is', null)
    .where(
      sql<boolean>`id in (select id from users where id = ${name}
        union all select id from users where lower(user_name) = lower(${name}::text)
        union all select id from users where external_id = ${name}
        union all select id from users where lower(email) = lower(${name}::text) and not email_shared)`,
    )
    .execute()
  const called = (row: { id: string; user_name: string }) =>
    row.id === name || row.user_name.toLowerCase() === name.toLowerCase()
  return (rows.find(called) ?? (rows.length === 1 ? rows[0] : undefined))?.id ?? null
}

/** Whether somebody may be the manager of a user: not of themself, and not in a circle. */
export async function canManage(db: Kysely<Tables>, userId: string, managerId: string): Promise<boolean> {
  try {
    await requireManager(db, userId, managerId)
    return true
  } catch (error) {
    if (error instanceof ProblemError && error.code === 'validation_failed') return false
    throw error
  }
}

/** Those whose manager was not there before get `manager` now. */
export async function linkWaiting(
  tx: Transaction<Tables>,
  now: number,
  manager: UserRow,
  actor: Actor,
): Promise<void> {
  const names = [manager.id, manager.user_name, manager.email, manager.external_id]
  const waiting = await tx
    .selectFrom('scim_users')
    .select('user_id')
    .where(
      sql`lower(manager)`,
      'in',
      names.flatMap((name) => name?.toLowerCase() ?? []),
    )
    .where('user_id', '<>', manager.id)
    .limit(mostWaiting)
    .execute()
  for (const { user_id } of waiting) {
    const user = await findUser(tx, user_id)
    if (!user || user.deleted_at !== null || !(await canManage(tx, user_id, manager.id))) continue
    await updateUser(tx, now, user, { manager_id: manager.id }, actor)
    await tx.updateTable('scim_users').set({ manager: null }).where('user_id', '=', user_id).execute()
  }
}
