/** Somebody must be able to administer: nobody locks everyone out, or themself. */
import type { Kysely } from 'kysely'
import type { Tables } from '../db/schema.ts'
import type { Actor } from '../events/event.ts'
import { ProblemError } from '../lib/problem-error.ts'
import { isSelf, type UserRow } from './user.ts'

/**
 * Asks before `user` stops being an active administrator. Throws `own_account` when it is the actor, `last_administrator`
 * when no other administrator who can sign in is left.
 */
export async function requireAdministratorLeft(
  db: Kysely<Tables>,
  user: Pick<UserRow, 'id' | 'role' | 'status'>,
  actor: Actor,
): Promise<void> {
  if (isSelf(actor, user.id))
    throw new ProblemError('own_account', 'Another administrator has to do this for you.')
  if (user.role !== 'admin' || user.status !== 'active') return
  const able = await administratorsWhoSignIn(db)
  if (able.includes(user.id) && able.length === 1) {
    throw new ProblemError(
      'last_administrator',
      'This is the only active administrator who can sign in. Make and invite another one first.',
    )
  }
}

/** Ids of active administrators with an account. */
export async function administratorsWhoSignIn(db: Kysely<Tables>): Promise<string[]> {
  const rows = await db
    .selectFrom('users')
    .innerJoin('auth_users', 'auth_users.id', 'users.id')
    .select('users.id')
    .where('role', '=', 'admin')
    .where('status', '=', 'active')
    .execute()
  return rows.map(({ id }) => id)
}
