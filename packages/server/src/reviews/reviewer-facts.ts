/** What the directory knows of the people that a review may ask. */
import type { ReviewersSetting } from '@keyhook/contract/api/access-review.ts'
import { type Kysely, sql } from 'kysely'
import { findUsers } from '../apps/people.ts'
import type { Tables } from '../db/schema.ts'
import type { Reviewed, ReviewerFacts } from './reviewers.ts'

/** Everything that says who reviews the access of these people to these apps. */
export async function reviewerFacts(
  db: Kysely<Tables>,
  setting: ReviewersSetting,
  reviewed: readonly Reviewed[],
): Promise<ReviewerFacts> {
  const managers = setting.type === 'manager' ? await managersOf(db, reviewed) : new Map<string, string>()
  const appAdmins = new Map<string, string[]>()
  const rows = await db
    .selectFrom('app_admins')
    .select(['app_id', 'principal_id'])
    .where('app_id', 'in', [...new Set(reviewed.map(({ appId }) => appId)), ''])
    .orderBy('principal_id')
    .execute()
  for (const { app_id, principal_id } of rows)
    appAdmins.set(app_id, [...(appAdmins.get(app_id) ?? []), principal_id])
  const people = await activePeople(db, [
    ...managers.values(),
    ...setting.principal_ids,
    ...rows.map(({ principal_id }) => principal_id),
  ])
  return { managers, appAdmins, people }
}

async function managersOf(db: Kysely<Tables>, reviewed: readonly Reviewed[]): Promise<Map<string, string>> {
  const users = await findUsers(
    db,
    reviewed.map(({ userId }) => userId),
  )
  return new Map(
    [...users.values()].flatMap(({ id, manager_id }) => (manager_id === null ? [] : [[id, manager_id]])),
  )
}

/** The active users behind users and groups; of a group two at most, however many members it has. */
export async function activePeople(
  db: Kysely<Tables>,
  principalIds: readonly string[],
): Promise<Map<string, string[]>> {
  const wanted = [...new Set(principalIds)]
  const people = new Map<string, string[]>()
  const users = await findUsers(
    db,
    wanted.filter((id) => id.startsWith('usr_')),
  )
  for (const { id, status } of users.values()) if (status === 'active') people.set(id, [id])
  const groups = wanted.filter((id) => id.startsWith('grp_'))
  if (groups.length === 0) return people
  const members = await sql<{ group_id: string; user_id: string }>`
    select wanted.id as group_id, member.user_id
      from unnest(${groups}::text[]) as wanted (id)
      cross join lateral (
        select group_members.user_id from group_members
          join users on users.id = group_members.user_id and users.status = 'active'
          where group_members.group_id = wanted.id
          order by group_members.user_id limit 2
      ) as member`.execute(db)
  for (const { group_id, user_id } of members.rows)
    people.set(group_id, [...(people.get(group_id) ?? []), user_id])
  return people
}
