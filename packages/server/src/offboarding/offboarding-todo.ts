/** What a person must still do, or should look at, when somebody leaves: read from how things are now. */
import type { OffboardingTodo } from '@keyhook/contract/api/offboarding.ts'
import { type Kysely, sql } from 'kysely'
import { findUsers, nameOf } from '../apps/people.ts'
import type { Tables } from '../db/schema.ts'
import { activePeople } from '../reviews/reviewer-facts.ts'
import type { OffboardingRow } from './offboarding-store.ts'

const most = 500

type Db = Kysely<Tables>
type Leaver = { id: string; name: string }

export async function todoOf(db: Db, { user_id, status }: OffboardingRow): Promise<OffboardingTodo[]> {
  // Who stays after all leaves nothing behind.
  if (status === 'stopped') return []
  const user = (await findUsers(db, [user_id])).get(user_id)
  if (!user) return []
  const leaver = { id: user_id, name: nameOf(user) }
  const all: OffboardingTodo[] = []
  for (const look of [removals, ownedApps, administeredApps, managedPeople, approverOf, requestsBy, groupsOf])
    all.push(...(await look(db, leaver)))
  return all.slice(0, most)
}

function todo(
  kind: OffboardingTodo['kind'],
  must: boolean,
  text: string,
  ids: Partial<OffboardingTodo>,
): OffboardingTodo {
  const none = { task_id: null, app_id: null, user_id: null, group_id: null, access_request_id: null }
  return { kind, must, text, ...none, ...ids }
}

async function removals(db: Db, { id }: Leaver): Promise<OffboardingTodo[]> {
  const tasks = await db
    .selectFrom('grants')
    .innerJoin('tasks', 'tasks.request_id', 'grants.request_id')
    .innerJoin('apps', 'apps.id', 'tasks.app_id')
    .select(['tasks.id', 'tasks.request_id', 'tasks.app_id', 'apps.name'])
    .distinct()
    .where('grants.user_id', '=', id)
    .where('grants.status', '<>', 'ended')
    .where('tasks.status', '=', 'open')
    .where('tasks.kind', '=', 'confirm_deprovisioning')
    .orderBy('tasks.id')
    .limit(most)
    .execute()
  return tasks.map((task) =>
    todo('remove_by_hand', true, `Remove the access to ${task.name} by hand, and say so in the task.`, {
      task_id: task.id,
      app_id: task.app_id,
      access_request_id: task.request_id,
    }),
  )
}

async function ownedApps(db: Db, { id, name }: Leaver): Promise<OffboardingTodo[]> {
  const apps = await db
    .selectFrom('apps')
    .select(['id', 'name'])
    .where('owner_id', '=', id)
    .where('archived_at', 'is', null)
    .orderBy('name')
    .limit(most)
    .execute()
  return apps.map((app) =>
    todo('app_without_owner', true, `${name} owns ${app.name}: choose another owner.`, { app_id: app.id }),
  )
}

/** Apps that name the leaver, or a group of theirs. App admins who are not active decide nothing, but stay named. */
async function administeredApps(db: Db, { id, name }: Leaver): Promise<OffboardingTodo[]> {
  const apps = await db
    .selectFrom('app_admins')
    .innerJoin('apps', 'apps.id', 'app_admins.app_id')
    .leftJoin('group_members', (join) =>
      join
        .onRef('group_members.group_id', '=', 'app_admins.principal_id')
        .on('group_members.user_id', '=', id),
    )
    .select(['apps.id', 'apps.name', sql<boolean>`bool_or(app_admins.principal_id = ${id})`.as('named')])
    .where(({ or, eb }) => or([eb('app_admins.principal_id', '=', id), eb('group_members.user_id', '=', id)]))
    .where('apps.archived_at', 'is', null)
    .groupBy(['apps.id', 'apps.name'])
    .orderBy('apps.name')
    .limit(most)
    .execute()
  const admins = await db
    .selectFrom('app_admins')
    .select(['app_id', 'principal_id'])
    .where('app_id', 'in', [...apps.map((app) => app.id), ''])
    .execute()
  const people = await activePeople(
    db,
    admins.map(({ principal_id }) => principal_id),
  )
  return apps.flatMap((app) => {
    const others = admins.some(({ app_id, principal_id }) => app_id === app.id && people.has(principal_id))
    if (!others)
      return todo(
        'app_without_admin',
        true,
        `${app.name} has no active app admin any more: name one. Until then the administrators do the work.`,
        { app_id: app.id },
      )
    if (!app.named) return []
    return todo('app_admin', false, `${name} is still named as app admin of ${app.name}.`, { app_id: app.id })
  })
}

async function managedPeople(db: Db, { id }: Leaver): Promise<OffboardingTodo[]> {
  const users = await db
    .selectFrom('users')
    .selectAll()
    .where('manager_id', '=', id)
    .where('status', '=', 'active')
    .orderBy('given_name')
    .orderBy('id')
    .limit(most)
    .execute()
  return users.map((user) =>
    todo('managed_person', true, `${nameOf(user)} has no active manager: choose another.`, {
      user_id: user.id,
    }),
  )
}

async function approverOf(db: Db, { id, name }: Leaver): Promise<OffboardingTodo[]> {
  const { rows } = await sql<{ id: string; name: string }>`
    select apps.id, apps.name from apps
      where archived_at is null and (
        settings ->> 'approvers' like ${`%${id}%`}
        or exists (
          select 1 from permissions where permissions.app_id = apps.id
            and permissions.archived_at is null and permissions.approvers::text like ${`%${id}%`}
        )
      )
      order by apps.name limit ${most}`.execute(db)
  return rows.map((app) =>
    todo(
      'approver',
      false,
      `${name} is still named as approver of ${app.name}: the others decide, else its app admins.`,
      { app_id: app.id },
    ),
  )
}

const open = [
  'validating',
  'pre_approving',
  'awaiting_approval',
  'provisioning',
  'awaiting_confirmation',
] as const

/** What the leaver asked for on behalf of others goes on: it is the others who need it. */
async function requestsBy(db: Db, { id, name }: Leaver): Promise<OffboardingTodo[]> {
  const requests = await db
    .selectFrom('access_requests')
    .innerJoin('apps', 'apps.id', 'access_requests.app_id')
    .select(['access_requests.id', 'access_requests.app_id', 'access_requests.target_user_id', 'apps.name'])
    .where('access_requests.requester_id', '=', id)
    .where('access_requests.target_user_id', '<>', id)
    .where('access_requests.status', 'in', open)
    .orderBy('access_requests.id')
    .limit(most)
    .execute()
  const targets = await findUsers(
    db,
    requests.map(({ target_user_id }) => target_user_id),
  )
  return requests.map((request) => {
    const target = targets.get(request.target_user_id)
    return todo(
      'open_request',
      false,
      `${name} asked for ${request.name} for ${target ? nameOf(target) : 'somebody'}: it goes on.`,
      { access_request_id: request.id, app_id: request.app_id, user_id: request.target_user_id },
    )
  })
}

async function groupsOf(db: Db, { id, name }: Leaver): Promise<OffboardingTodo[]> {
  const groups = await db
    .selectFrom('group_members')
    .innerJoin('groups', 'groups.id', 'group_members.group_id')
    .select(['groups.id', 'groups.name'])
    .where('group_members.user_id', '=', id)
    .orderBy('groups.name')
    .limit(most)
    .execute()
  return groups.map((group) =>
    todo('group', false, `${name} is still a member of the group ${group.name}.`, { group_id: group.id }),
  )
}
