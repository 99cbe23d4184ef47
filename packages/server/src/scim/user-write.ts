/** What SCIM clients do to users, by the stores of the directory: with their checks, events and consequences. */
import type { Transaction } from 'kysely'
import type { Context } from '../context.ts'
import type { Tables } from '../db/schema.ts'
import { lockDirectory } from '../directory/directory-lock.ts'
import type { UserRow } from '../directory/user.ts'
import { changeUser } from '../directory/user-change.ts'
import { findUserByName } from '../directory/user-names.ts'
import { insertUser } from '../directory/user-store.ts'
import type { Actor } from '../events/event.ts'
import { canManage, findManager, linkWaiting } from './managers.ts'
import type { Resource } from './resource.ts'
import { noSuchResource, ScimError } from './scim-error.ts'
import { storeAttributes } from './user-attributes.ts'
import { draftOf, type UserDraft } from './user-draft.ts'
import { findUserRecord } from './user-read.ts'
import { type UserRecord, writableUser } from './user-resource.ts'

type Writer = Pick<Context, 'db' | 'clock'>

/** Throws `uniqueness` when the userName is taken, `invalidValue`. */
export async function createUser(
  { db, clock }: Writer,
  resource: Resource,
  actor: Actor,
): Promise<UserRecord> {
  const draft = draftOf(resource, null)
  const now = clock()
  return db.transaction().execute(async (tx) => {
    await lockDirectory(tx)
    const managerId = draft.manager === null ? null : await findManager(tx, draft.manager)
    const user = await insertUser(
      tx,
      now,
      {
        ...draft.fields,
        email_shared: await isOthersAddress(tx, null, draft.fields.email),
        manager_id: managerId,
        status: draft.active === false ? 'inactive' : 'active',
        // Who administers Keyhook is decided in Keyhook.
        role: 'person',
        source: 'scim',
        external_id: draft.externalId,
      },
      actor,
    )
    await storeAttributes(tx, user, draft, managerId === null ? draft.manager : null)
    await linkWaiting(tx, now, user, actor)
    return requireRecord(tx, user.id)
  })
}

/**
 * Changes a user to what `change` makes of what a client could read. `check` sees the user before; both may throw.
 * Throws `uniqueness`, `invalidValue`, and 403 when nobody would be left to administer Keyhook.
 */
export async function changeScimUser(
  { db, clock }: Writer,
  id: string,
  { check, change }: { check(user: UserRow): void; change(before: Resource): Resource },
  actor: Actor,
): Promise<UserRecord> {
  const now = clock()
  return db.transaction().execute(async (tx) => {
    await lockDirectory(tx)
    const before = await requireRecord(tx, id)
    check(before.user)
    const draft = draftOf(change(writableUser(before)), before.user)
    const manager = await managerOf(tx, before.user, draft)
    const user = await changeUser(
      tx,
      now,
      before.user,
      {
        ...draft.fields,
        email_shared: await isOthersAddress(tx, before.user, draft.fields.email),
        manager_id: manager.id,
        source: 'scim',
        external_id: draft.externalId,
        status: draft.active === undefined ? undefined : draft.active ? 'active' : 'inactive',
      },
      actor,
    )
    await storeAttributes(tx, user, draft, manager.waitsFor, { now, before: before.stored, actor })
    await linkWaiting(tx, now, user, actor)
    return requireRecord(tx, id)
  })
}

/** Whom the user has as manager, or the name of somebody who is not there yet. */
async function managerOf(
  tx: Transaction<Tables>,
  user: UserRow,
  { manager }: UserDraft,
): Promise<{ id: string | null; waitsFor: string | null }> {
  if (manager === null) return { id: null, waitsFor: null }
  if (manager === user.manager_id) return { id: manager, waitsFor: null }
  const id = await findManager(tx, manager)
  return id !== null && (await canManage(tx, user.id, id))
    ? { id, waitsFor: null }
    : { id: null, waitsFor: manager }
}

/**
 * One address belongs to one user; further accounts of the same person share it. Who signs in with a password has one of
 * their own: throws `uniqueness`.
 */
async function isOthersAddress(
  tx: Transaction<Tables>,
  user: UserRow | null,
  email: string,
): Promise<boolean> {
  const owner = await findUserByName(tx, 'email', email)
  if (!owner || owner.id === user?.id) return false
  const account =
    user && (await tx.selectFrom('auth_users').select('id').where('id', '=', user.id).executeTakeFirst())
  if (!account) return true
  throw new ScimError(
    409,
    'uniqueness',
    `The address ${email} belongs to another user (${owner.id}), and this user signs in with an address of their own.`,
  )
}

async function requireRecord(tx: Transaction<Tables>, id: string): Promise<UserRecord> {
  const record = await findUserRecord(tx, id)
  if (!record) throw noSuchResource('User', id)
  return record
}
