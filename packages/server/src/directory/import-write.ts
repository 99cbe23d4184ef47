/** Carries out what an import planned, many rows at a time, in the one transaction of the import. */
import { sql, type Transaction } from 'kysely'
import type { Tables } from '../db/schema.ts'
import type { Actor } from '../events/event.ts'
import { appendEvents } from '../events/event-store.ts'
import { tellMembers } from './group-members.ts'
import { groupCreated } from './group-store.ts'
import { managersFirst } from './import-managers.ts'
import type { Membership } from './import-memberships.ts'
import type { ImportPlan } from './import-plan.ts'
import { inParts } from './in-parts.ts'
import { startOffboardings, stopOffboardings } from './offboarding-start.ts'
import { nameOf, type UserRow } from './user.ts'
import { userCreated, userStatusChanged, userUpdated } from './user-events.ts'
import { closeAccounts } from './user-status.ts'

const atOnce = 1_000

type Writing = { tx: Transaction<Tables>; now: number; actor: Actor }

export async function writeImport(writing: Writing, plan: ImportPlan): Promise<void> {
  await insertUsers(writing, plan.created)
  await updateUsers(writing, plan.changed)
  await changeStatuses(writing, plan.changed)
  await insertGroups(writing, plan.newGroups)
  await changeMemberships(writing, plan)
}

/** Each row is written once: who manages somebody is there before them, or comes in the same statement. */
async function insertUsers({ tx, now, actor }: Writing, users: readonly UserRow[]): Promise<void> {
  await each(managersFirst(users), async (part) => {
    await sql`
      insert into users select * from json_populate_recordset(null::users, ${JSON.stringify(part)}::json)`.execute(
      tx,
    )
  })
  await each(users, async (part) => {
    await appendEvents(
      tx,
      now,
      part.map((user) => userCreated(user, actor)),
    )
  })
}

async function updateUsers({ tx, now, actor }: Writing, changed: ImportPlan['changed']): Promise<void> {
  const at = new Date(now)
  await each(changed, async (part) => {
    const users = part.map(({ after }) => after)
    const column = <Name extends keyof UserRow>(name: Name) => users.map((user) => user[name])
    await sql`
      update users set
        user_name = given.user_name, given_name = given.given_name, family_name = given.family_name,
        title = given.title, department = given.department, manager_id = given.manager_id,
        status = given.status, version = version + 1, updated_at = ${at},
        deactivated_at = case
          when given.status = 'active' then null
          when users.status = 'inactive' then deactivated_at
          else ${at}::timestamptz
        end
      from unnest(
        ${column('id')}::text[], ${column('user_name')}::text[], ${column('given_name')}::text[],
        ${column('family_name')}::text[], ${column('title')}::text[], ${column('department')}::text[],
        ${column('manager_id')}::text[], ${column('status')}::text[]
      ) as given (id, user_name, given_name, family_name, title, department, manager_id, status)
      where users.id = given.id`.execute(tx)
    await sql`
      update auth_users set name = given.name, updated_at = ${at}
      from unnest(${column('id')}::text[], ${users.map(nameOf)}::text[]) as given (id, name)
      where auth_users.id = given.id and auth_users.name <> given.name`.execute(tx)
    await appendEvents(
      tx,
      now,
      part.flatMap(({ before, after, members }) =>
        members.length > 0 ? userUpdated(before, after, members, actor) : [],
      ),
    )
  })
}

async function changeStatuses({ tx, now, actor }: Writing, changed: ImportPlan['changed']): Promise<void> {
  const moved = changed.flatMap(({ before, after }) => (before.status === after.status ? [] : after))
  await each(moved, async (part) => {
    await appendEvents(
      tx,
      now,
      part.map((user) => userStatusChanged(user, actor)),
    )
    const idsOf = (status: UserRow['status']) =>
      part.flatMap((user) => (user.status === status ? user.id : []))
    await closeAccounts(tx, now, idsOf('inactive'), actor)
    await startOffboardings(tx, now, { userIds: idsOf('inactive'), actor })
    await stopOffboardings(tx, now, idsOf('active'))
  })
}

async function insertGroups({ tx, now, actor }: Writing, groups: ImportPlan['newGroups']): Promise<void> {
  await each(groups, async (part) => {
    await tx.insertInto('groups').values(part).execute()
    await appendEvents(
      tx,
      now,
      part.map((group) => groupCreated(group, actor)),
    )
  })
}

async function changeMemberships({ tx, now, actor }: Writing, { added, removed }: ImportPlan): Promise<void> {
  await each(added, async (part) => {
    await sql`
      insert into group_members (group_id, user_id)
      select * from unnest(${part.map(({ group }) => group.id)}::text[], ${part.map(({ userId }) => userId)}::text[])`.execute(
      tx,
    )
  })
  await each(removed, async (part) => {
    await sql`
      delete from group_members
      using unnest(${part.map(({ group }) => group.id)}::text[], ${part.map(({ userId }) => userId)}::text[])
        as given (group_id, user_id)
      where group_members.group_id = given.group_id and group_members.user_id = given.user_id`.execute(tx)
  })
  for (const { group, added: entered, removed: left } of byGroup(added, removed)) {
    await tx
      .updateTable('groups')
      .set({ version: sql`version + 1`, updated_at: new Date(now) })
      .where('id', '=', group.id)
      .execute()
    await tellMembers(tx, now, group, { added: entered, removed: left }, actor)
  }
}

type ChangedGroup = { group: Membership['group']; added: string[]; removed: string[] }

function byGroup(added: readonly Membership[], removed: readonly Membership[]): Iterable<ChangedGroup> {
  const groups = new Map<string, ChangedGroup>()
  const of = ({ group }: Membership) => {
    const changed = groups.get(group.id) ?? { group, added: [], removed: [] }
    groups.set(group.id, changed)
    return changed
  }
  for (const one of added) of(one).added.push(one.userId)
  for (const one of removed) of(one).removed.push(one.userId)
  return groups.values()
}

async function each<Item>(items: readonly Item[], write: (part: Item[]) => Promise<void>): Promise<void> {
  await inParts(items, atOnce, async (part) => {
    await write(part)
    return []
  })
}
