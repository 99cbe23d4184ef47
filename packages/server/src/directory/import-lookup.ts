/** What the directory knows of the people and groups in an import. Names are looked up in lower case. */
import { type Kysely, sql } from 'kysely'
import type { Tables } from '../db/schema.ts'
import type { GroupRow } from './group-store.ts'
import { inParts } from './in-parts.ts'
import type { UserRow } from './user.ts'

const atOnce = 2_000

/** Users by their e-mail address in lower case. */
export async function usersByEmail(
  db: Kysely<Tables>,
  emails: Iterable<string>,
): Promise<Map<string, UserRow>> {
  const rows = await inParts(distinct(emails), atOnce, (part) =>
    db
      .selectFrom('users')
      .selectAll()
      .where(sql<boolean>`lower(email) = any(${part}::text[]) and not email_shared`)
      .execute(),
  )
  return new Map(rows.map((row) => [row.email.toLowerCase(), row]))
}

/** Ids of the users who have these user names, by the name in lower case. */
export async function ownersOfUserNames(
  db: Kysely<Tables>,
  names: Iterable<string>,
): Promise<Map<string, string>> {
  const rows = await inParts(distinct(names), atOnce, (part) =>
    db
      .selectFrom('users')
      .select(['id', 'user_name'])
      .where(sql<boolean>`lower(user_name) = any(${part}::text[])`)
      .execute(),
  )
  return new Map(rows.map(({ id, user_name }) => [user_name.toLowerCase(), id]))
}

export async function groupsByName(
  db: Kysely<Tables>,
  names: Iterable<string>,
): Promise<Map<string, GroupRow>> {
  const rows = await inParts(distinct(names), atOnce, (part) =>
    db.selectFrom('groups').selectAll().where(sql<boolean>`lower(name) = any(${part}::text[])`).execute(),
  )
  return new Map(rows.map((row) => [row.name.toLowerCase(), row]))
}

export type HeldGroup = { id: string; name: string; scim: boolean }

/** The groups that these users are in, by user, and whether SCIM keeps them. */
export async function membershipsOf(
  db: Kysely<Tables>,
  userIds: readonly string[],
): Promise<Map<string, HeldGroup[]>> {
  const rows = await db
    .selectFrom('group_members')
    .innerJoin('groups', 'groups.id', 'group_members.group_id')
    .select(['user_id', 'groups.id', 'name', 'source'])
    .where('user_id', 'in', userIds)
    .execute()
  const found = new Map<string, HeldGroup[]>(userIds.map((id) => [id, []]))
  for (const { user_id, id, name, source } of rows)
    found.get(user_id)?.push({ id, name, scim: source === 'scim' })
  return found
}

function distinct(names: Iterable<string>): string[] {
  return [...new Set([...names].map((name) => name.toLowerCase()))]
}
