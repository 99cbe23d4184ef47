/** Users as answers show them. */
import type { Colleague, UserDetail, UserRead } from '@keyhook/contract/api/user.ts'
import type { Kysely } from 'kysely'
import { hasAccount } from '../auth/account.ts'
import type { Tables } from '../db/schema.ts'
import { invitedUntil } from './invitation-store.ts'
import { findUsers, nameOf, readPerson, type UserRow } from './user.ts'

const mostGroups = 500

export async function readUsers(db: Kysely<Tables>, rows: readonly UserRow[]): Promise<UserRead[]> {
  const managers = await findUsers(
    db,
    rows.flatMap(({ manager_id }) => manager_id ?? []),
  )
  return rows.map((row) => {
    const manager = managers.get(row.manager_id ?? '')
    return { ...readUser(row), manager: manager ? readPerson(manager) : null }
  })
}

export async function readUserDetail(db: Kysely<Tables>, now: number, row: UserRow): Promise<UserDetail> {
  const [user] = await readUsers(db, [row])
  const groups = await db
    .selectFrom('group_members')
    .innerJoin('groups', 'groups.id', 'group_members.group_id')
    .select(['groups.id', 'groups.name'])
    .where('user_id', '=', row.id)
    .orderBy('groups.name')
    .limit(mostGroups)
    .execute()
  const { count } = await db
    .selectFrom('users')
    .select((select) => select.fn.countAll<string>().as('count'))
    .where('manager_id', '=', row.id)
    .where('status', '=', 'active')
    .executeTakeFirstOrThrow()
  return {
    ...(user ?? { ...readUser(row), manager: null }),
    groups,
    direct_reports: Number(count),
    has_account: await hasAccount(db, row.id),
    invited_until: (await invitedUntil(db, now, row.id))?.toISOString() ?? null,
  }
}

export function readColleague(row: UserRow): Colleague {
  return { ...readPerson(row), title: row.title }
}

function readUser(row: UserRow): Omit<UserRead, 'manager'> {
  const { version: _version, created_at, updated_at, deactivated_at, ...members } = row
  return {
    ...members,
    name: nameOf(row),
    created_at: created_at.toISOString(),
    updated_at: updated_at.toISOString(),
    deactivated_at: deactivated_at?.toISOString() ?? null,
  }
}
