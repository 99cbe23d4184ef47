/** What the directory knows of the people of a request. */
import { type Kysely, sql } from 'kysely'
import type { AppSetup } from '../apps/app-store.ts'
import { findUsers } from '../apps/people.ts'
import type { Tables } from '../db/schema.ts'
import type { Approvers } from './approvers.ts'
import type { PayloadPerson } from './inline-payload.ts'

/** The statement that reads people as payloads tell of them. */
export function selectPayloadPeople(db: Kysely<Tables>, ids: readonly string[]) {
  return db
    .selectFrom('users')
    .leftJoin('users as managers', 'managers.id', 'users.manager_id')
    .select([
      'users.id',
      'users.email',
      'users.given_name',
      'users.family_name',
      'users.status',
      'managers.email as manager_email',
      sql<PayloadPerson['groups'] | null>`(
        select json_agg(json_build_object('id', groups.id, 'name', groups.name) order by groups.name)
        from group_members join groups on groups.id = group_members.group_id
        where group_members.user_id = users.id)`.as('groups'),
    ])
    .where('users.id', 'in', [...new Set(ids), ''])
}

type PersonRow = PayloadPerson['user'] & {
  manager_email: string | null
  groups: PayloadPerson['groups'] | null
}

/** What `selectPayloadPeople` found, by their ids. */
export function readPayloadPeople(rows: readonly PersonRow[]): Map<string, PayloadPerson> {
  return new Map(
    rows.map(({ manager_email, groups, ...user }) => [
      user.id,
      { user, managerEmail: manager_email || null, groups: groups ?? [] },
    ]),
  )
}

/** Everything that says who may decide about a request to this app. */
export async function approversOf(
  db: Kysely<Tables>,
  { app, permissions, adminIds }: AppSetup,
  { requesterId, targetId }: { requesterId: string; targetId: string },
): Promise<Approvers> {
  const target = (await findUsers(db, [targetId])).get(targetId)
  const named = [app.settings.approvers, ...permissions.map(({ approvers }) => approvers ?? [])]
    .flat()
    .flatMap((step) => step.principal_ids)
  const principals = [...new Set([...named, ...adminIds])]
  const groupIds = principals.filter((id) => id.startsWith('grp_'))
  const memberships = await db
    .selectFrom('group_members')
    .select(['group_id', 'user_id'])
    .where('group_id', 'in', [...groupIds, ''])
    .execute()
  const members = new Map<string, string[]>()
  for (const { group_id, user_id } of memberships)
    members.set(group_id, [...(members.get(group_id) ?? []), user_id])
  const managerId = target?.manager_id ?? null
  const users = await findUsers(db, [
    ...principals.filter((id) => id.startsWith('usr_')),
    ...memberships.map(({ user_id }) => user_id),
    ...(managerId === null ? [] : [managerId]),
  ])
  const active = new Set([...users.values()].filter((user) => user.status === 'active').map(({ id }) => id))
  return { requesterId, targetId, managerId, appAdminIds: adminIds, active, members }
}
