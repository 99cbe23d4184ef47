/** Users as rows for SCIM. Deleted ones are not there. */
import { type Kysely, type SelectQueryBuilder, sql } from 'kysely'
import type { Tables } from '../db/schema.ts'
import type { UserRow } from '../directory/user.ts'
import { conditionOf } from './filter-sql.ts'
import type { ListQuery } from './list.ts'
import { isWanted, type Projection, project } from './projection.ts'
import type { Complex } from './resource.ts'
import { userColumns } from './user-columns.ts'
import type { Stored } from './user-resource.ts'
import { type UserRecord, userResource } from './user-resource.ts'

export async function findUserRecord(db: Kysely<Tables>, id: string): Promise<UserRecord | null> {
  const user = await db
    .selectFrom('users')
    .selectAll()
    .where('id', '=', id)
    .where('deleted_at', 'is', null)
    .executeTakeFirst()
  if (!user) return null
  const [record] = await withStored(db, [user])
  return record ?? null
}

/** One page, the oldest first, and how many there are in all. Throws `FilterError`. */
export async function listUserRecords(
  db: Kysely<Tables>,
  { filter, startIndex, count }: ListQuery,
): Promise<{ records: UserRecord[]; total: number }> {
  const condition = filter && conditionOf(userColumns, filter)
  const wanted = <Selected>(query: SelectQueryBuilder<Tables, 'users', Selected>) => {
    const there = query.where('users.deleted_at', 'is', null)
    return condition ? there.where(condition) : there
  }
  const counted = await wanted(
    db.selectFrom('users').select(sql<number>`count(*)::int`.as('total')),
  ).executeTakeFirstOrThrow()
  if (count === 0 || counted.total < startIndex) return { records: [], total: counted.total }
  const users = await wanted(db.selectFrom('users').selectAll('users'))
    .orderBy('users.id')
    .limit(count)
    .offset(startIndex - 1)
    .execute()
  return { records: await withStored(db, users), total: counted.total }
}

/** The `displayName` of a user, joined with `scim_users`; the user name of who has none. */
export const shownName = sql<string>`coalesce(scim_users.display_name,
  nullif(trim(users.given_name || ' ' || users.family_name), ''), users.user_name)`

/** As clients see them. */
export async function readUsers(
  db: Kysely<Tables>,
  records: readonly UserRecord[],
  { baseUrl, projection }: { baseUrl: string; projection: Projection },
): Promise<Record<string, unknown>[]> {
  const managers = await namesOf(
    db,
    records.flatMap(({ user }) => user.manager_id ?? []),
  )
  const ids = records.map(({ user }) => user.id)
  const groups = isWanted(projection, 'groups', false) ? await groupsOf(db, ids, baseUrl) : null
  return records.map((record) => {
    const { id, manager_id } = record.user
    const around = {
      baseUrl,
      managerName: managers.get(manager_id ?? ''),
      groups: groups && (groups.get(id) ?? []),
    }
    return project(projection, userResource(record, around))
  })
}

async function namesOf(db: Kysely<Tables>, ids: readonly string[]): Promise<Map<string, string>> {
  if (ids.length === 0) return new Map()
  const rows = await db
    .selectFrom('users')
    .leftJoin('scim_users', 'scim_users.user_id', 'users.id')
    .select(['users.id', shownName.as('name')])
    .where('users.id', 'in', [...new Set(ids)])
    .execute()
  return new Map(rows.map(({ id, name }) => [id, name]))
}

async function withStored(db: Kysely<Tables>, users: readonly UserRow[]): Promise<UserRecord[]> {
  if (users.length === 0) return []
  const rows = await db
    .selectFrom('scim_users')
    .select(['user_id', 'attributes', 'manager'])
    .where(
      'user_id',
      'in',
      users.map(({ id }) => id),
    )
    .execute()
  const stored = new Map<string, Stored>(rows.map((row) => [row.user_id, row]))
  return users.map((user) => ({ user, stored: stored.get(user.id) ?? null }))
}

async function groupsOf(
  db: Kysely<Tables>,
  userIds: readonly string[],
  baseUrl: string,
): Promise<Map<string, Complex[]>> {
  const groups = new Map<string, Complex[]>()
  if (userIds.length === 0) return groups
  const rows = await db
    .selectFrom('group_members')
    .innerJoin('groups', 'groups.id', 'group_members.group_id')
    .select(['user_id', 'groups.id', 'groups.name'])
    .where('user_id', 'in', userIds)
    .orderBy('groups.id')
    .execute()
  for (const { user_id, id, name } of rows) {
    const list = groups.get(user_id) ?? []
    list.push({ value: id, $ref: `${baseUrl}/scim/v2/Groups/${id}`, display: name, type: 'direct' })
    groups.set(user_id, list)
  }
  return groups
}
