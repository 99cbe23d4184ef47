import type { UserStatus } from '@keyhook/contract/directory-words.ts'
import type { Transaction } from 'kysely'
import type { Tables } from '../db/schema.ts'
import type { Actor } from '../events/event.ts'
import type { UserRow } from './user.ts'
import { deactivateUser, reactivateUser } from './user-status.ts'
import { type UserRowChange, updateUser } from './user-store.ts'

/** Members and status together. `user` comes from `findUserForChange`. */
export async function changeUser(
  tx: Transaction<Tables>,
  now: number,
  user: UserRow,
  { status, ...change }: UserRowChange & { status?: UserStatus | undefined },
  actor: Actor,
): Promise<UserRow> {
  const updated = await updateUser(tx, now, user, change, actor)
  if (status === undefined || status === updated.status) return updated
  const move = status === 'active' ? reactivateUser : deactivateUser
  return (await move(tx, now, user.id, actor)) ?? updated
}
