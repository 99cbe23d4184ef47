/** Names of apps, permissions and people, read for many answers at once. */
import type { PersonRead } from '@keyhook/contract/api/access-parts.ts'
import type { Kysely } from 'kysely'
import { jsonArrayFrom } from 'kysely/helpers/postgres'
import { nameOf, readPerson } from '../apps/people.ts'
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

/** In one statement: it is read for every answer about requests, grants and tasks. */
export async function findNames(
  db: Kysely<Tables>,
  { appIds, permissionIds, userIds }: NamedIds,
): Promise<Names> {
  const any = (ids: Iterable<string>) => [...new Set(ids), '']
  const found = await db
    .selectNoFrom((select) => [
      jsonArrayFrom(
        select.selectFrom('apps').select(['id', 'name', 'icon']).where('id', 'in', any(appIds)),
      ).as('apps'),
      jsonArrayFrom(
        select
          .selectFrom('permissions')
          .select(['id', 'label', 'value'])
          .where('id', 'in', any(permissionIds)),
      ).as('permissions'),
      jsonArrayFrom(
        select
          .selectFrom('users')
          .select(['id', 'email', 'given_name', 'family_name'])
          .where('id', 'in', any(userIds)),
      ).as('users'),
    ])
    .executeTakeFirstOrThrow()
  const apps = byId(found.apps)
  const permissions = byId(found.permissions)
  const users = byId(found.users)
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

function byId<Row extends { id: string }>(rows: readonly Row[]): Map<string, Row> {
  return new Map(rows.map((row) => [row.id, row]))
}
