/** What the directory knows of the people of a request. */
import type { Kysely } from 'kysely'
import type { AppSetup } from '../apps/app-store.ts'
import { findUsers, type UserRow } from '../apps/people.ts'
import type { Tables } from '../db/schema.ts'
import type { Approvers } from './approvers.ts'
import type { PayloadPerson } from './inline-payload.ts'

/** People as payloads tell of them, in the order of their ids. Throws when one is not in the directory. */
export async function payloadPeople(
  db: Kysely<Tables>,
  ids: readonly string[],
): Promise<Map<string, PayloadPerson>> {
  const users = await findUsers(db, ids)
  const managers = await findUsers(
    db,
    [...users.values()].flatMap((user) => user.manager_id ?? []),
  )
  const groups = await db
    .selectFrom('group_members')
    .innerJoin('groups', 'groups.id', 'group_members.group_id')
    .select(['group_members.user_id', 'groups.id', 'groups.name'])
    .where('group_members.user_id', 'in', [...users.keys(), ''])
    .orderBy('groups.name')
    .execute()
  const person = (user: UserRow): PayloadPerson => ({
    user,
    managerEmail: (user.manager_id && managers.get(user.manager_id)?.email) || null,
    groups: groups.filter((group) => group.user_id === user.id).map(({ id, name }) => ({ id, name })),
  })
  return new Map([...users.values()].map((user) => [user.id, person(user)]))
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
