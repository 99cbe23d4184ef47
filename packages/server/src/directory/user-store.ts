/**
 * Users as rows. By hand and by SCIM they are written here only: with the same checks, and with their entry in the
 * activity log. The CSV import writes many at once and keeps to the same.
 */
import type { UserFields } from '@keyhook/contract/api/user.ts'
import type { DirectorySource, UserRole, UserStatus } from '@keyhook/contract/directory-words.ts'
import type { Kysely, Transaction } from 'kysely'
import type { Tables } from '../db/schema.ts'
import type { Actor } from '../events/event.ts'
import { appendEvents } from '../events/event-store.ts'
import { newId } from '../lib/ids.ts'
import { requireAdministratorLeft } from './administrators-left.ts'
import { lockDirectory } from './directory-lock.ts'
import { requireManager } from './manager.ts'
import { nameOf, type UserRow } from './user.ts'
import { userCreated, userUpdated } from './user-events.ts'
import { requireFreeNames } from './user-names.ts'
import { userFoundBy } from './user-search.ts'

export type NewUser = UserFields & {
  source: DirectorySource
  external_id: string | null
  /** The address may be that of another user. */
  email_shared?: boolean
}

/** What is absent stays as it is. The status is changed by user-status.ts. */
export type UserRowChange = { [Name in keyof Omit<NewUser, 'status'>]?: NewUser[Name] | undefined }

export async function findUser(db: Kysely<Tables>, id: string): Promise<UserRow | null> {
  return (await db.selectFrom('users').selectAll().where('id', '=', id).executeTakeFirst()) ?? null
}

/** The user as it stays until `tx` ends: for a change. */
export async function findUserForChange(tx: Transaction<Tables>, id: string): Promise<UserRow | null> {
  await lockDirectory(tx)
  return findUser(tx, id)
}

export type UserFilter = {
  q?: string | undefined
  status?: UserStatus | undefined
  role?: UserRole | undefined
  groupId?: string | undefined
  managerId?: string | undefined
  after: string | null
  limit: number
}

/** The newest first; one row more than `limit` when there are more. */
export function usersFound(db: Kysely<Tables>, filter: UserFilter) {
  const { q, status, role, groupId, managerId, after, limit } = filter
  let query = db.selectFrom('users').selectAll()
  if (q !== undefined && q.trim() !== '') query = query.where(userFoundBy(q))
  if (status !== undefined) query = query.where('status', '=', status)
  if (role !== undefined) query = query.where('role', '=', role)
  if (managerId !== undefined) query = query.where('manager_id', '=', managerId)
  if (groupId !== undefined) {
    query = query.where('id', 'in', (members) =>
      members.selectFrom('group_members').select('user_id').where('group_id', '=', groupId),
    )
  }
  if (after !== null) query = query.where('id', '<', after)
  return query.orderBy('id', 'desc').limit(limit + 1)
}

/** Throws `user_exists` when a name is taken, 422 for a manager who is not there. */
export async function insertUser(
  tx: Transaction<Tables>,
  now: number,
  user: NewUser,
  actor: Actor,
): Promise<UserRow> {
  await lockDirectory(tx)
  await requireFreeNames(tx, null, user)
  const id = newId('usr', now)
  if (user.manager_id !== null) await requireManager(tx, id, user.manager_id)
  const at = new Date(now)
  const row = await tx
    .insertInto('users')
    .values({
      id,
      ...user,
      created_at: at,
      updated_at: at,
      deactivated_at: user.status === 'inactive' ? at : null,
    })
    .returningAll()
    .executeTakeFirstOrThrow()
  await appendEvents(tx, now, [userCreated(row, actor)])
  return row
}

/**
 * Writes what differs, and returns the user as it is then. `user` comes from `findUserForChange`. Throws as `insertUser`,
 * and `own_account` or `last_administrator` when an administrator stops being one.
 */
export async function updateUser(
  tx: Transaction<Tables>,
  now: number,
  user: UserRow,
  change: UserRowChange,
  actor: Actor,
): Promise<UserRow> {
  const different = differences(user, withOwnAddress(user, change))
  if (Object.keys(different).length === 0) return user
  await requireFreeNames(tx, user.id, different)
  if (different.manager_id) await requireManager(tx, user.id, different.manager_id)
  if (different.role === 'person') await requireAdministratorLeft(tx, user, actor)
  const at = new Date(now)
  const row = await tx
    .updateTable('users')
    .set({ ...different, version: user.version + 1, updated_at: at })
    .where('id', '=', user.id)
    .returningAll()
    .executeTakeFirstOrThrow()
  // Who changes the address signs in with the new one.
  await tx
    .updateTable('auth_users')
    .set({ name: nameOf(row), email: row.email.toLowerCase(), updated_at: at })
    .where('id', '=', row.id)
    .execute()
  await appendEvents(tx, now, [userUpdated(user, row, Object.keys(different), actor)])
  return row
}

/** Who gets another address has it for themself, unless the change says otherwise. */
function withOwnAddress(user: UserRow, change: UserRowChange): UserRowChange {
  return change.email === undefined || change.email === user.email
    ? change
    : { email_shared: false, ...change }
}

/** The members of a change that are not so already. */
function differences(user: UserRow, change: UserRowChange): Partial<UserRow> {
  return Object.fromEntries(
    Object.entries(change).filter(
      ([name, value]) => value !== undefined && user[name as keyof UserRow] !== value,
    ),
  )
}
