/** Names of apps, permissions and people, read for many answers at once. */
import type { PersonRead } from '@keyhook/contract/api/access-parts.ts'
import type { Kysely } from 'kysely'
import { findUsers, nameOf, readPerson } from '../apps/people.ts'
import type { Tables } from '../db/schema.ts'

export type AppRef = { id: string; name: string; icon: string | null }
export type PermissionRef = { id: string; label: string; value: string }

export type Names = {
  /** What is gone keeps its id. */
  app(id: string): AppRef
  permission(id: string): PermissionRef
  /** Those that are known. */
  permissions(ids: readonly string[]): PermissionRef[]
  person(id: string | undefined): PersonRead
  /** The name of a user; programs have theirs already. */
  nameOf(idOrName: string): string
}

export type NamedIds = {
  appIds: Iterable<string>
  permissionIds: Iterable<string>
  userIds: Iterable<string>
}

export async function findNames(
  db: Kysely<Tables>,
  { appIds, permissionIds, userIds }: NamedIds,
): Promise<Names> {
  const users = await findUsers(db, userIds)
  const apps = await findRefs<AppRef>(appIds, (ids) =>
    db.selectFrom('apps').select(['id', 'name', 'icon']).where('id', 'in', ids).execute(),
  )
  const permissions = await findRefs<PermissionRef>(permissionIds, (ids) =>
    db.selectFrom('permissions').select(['id', 'label', 'value']).where('id', 'in', ids).execute(),
  )
  return {
    app: (id) => apps.get(id) ?? { id, name: '', icon: null },
    permission: (id) => permissions.get(id) ?? { id, label: '', value: '' },
    permissions: (ids) => ids.flatMap((id) => permissions.get(id) ?? []),
    person: (id) => readPerson(id === undefined ? undefined : users.get(id)),
    nameOf(idOrName) {
      const user = users.get(idOrName)
      return user ? nameOf(user) : idOrName
    },
  }
}

async function findRefs<Ref extends { id: string }>(
  ids: Iterable<string>,
  find: (ids: string[]) => Promise<Ref[]>,
): Promise<Map<string, Ref>> {
  const wanted = [...new Set(ids)]
  if (wanted.length === 0) return new Map()
  return new Map((await find(wanted)).map((ref) => [ref.id, ref]))
}
