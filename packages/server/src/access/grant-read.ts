import type { GrantRead } from '@keyhook/contract/api/grant.ts'
import { findUsers, readPerson } from '../apps/people.ts'
import type { Context } from '../context.ts'
import type { GrantRow } from './request-store.ts'

/** Grants as the API answers them, in the order of the rows. */
export async function readGrants(
  { db }: Pick<Context, 'db'>,
  rows: readonly GrantRow[],
): Promise<GrantRead[]> {
  if (rows.length === 0) return []
  const users = await findUsers(
    db,
    rows.map((row) => row.user_id),
  )
  const apps = await db
    .selectFrom('apps')
    .select(['id', 'name', 'icon'])
    .where('id', 'in', [...new Set(rows.map((row) => row.app_id))])
    .execute()
  const permissions = await db
    .selectFrom('permissions')
    .select(['id', 'label', 'value'])
    .where('id', 'in', [...new Set(rows.map((row) => row.permission_id))])
    .execute()
  return rows.map((row) => ({
    id: row.id,
    access_request_id: row.request_id,
    app: apps.find(({ id }) => id === row.app_id) ?? { id: row.app_id, name: '', icon: null },
    permission: permissions.find(({ id }) => id === row.permission_id) ?? {
      id: row.permission_id,
      label: '',
      value: '',
    },
    user: readPerson(users.get(row.user_id)),
    status: row.status,
    granted_at: row.granted_at.toISOString(),
    expires_at: row.expires_at?.toISOString() ?? null,
    ended_at: row.ended_at?.toISOString() ?? null,
    end_reason: row.end_reason,
    last_used_at: row.last_used_at?.toISOString() ?? null,
    inactivity_notice_at: row.inactivity_notice_at?.toISOString() ?? null,
    inactivity_removal_at: row.inactivity_removal_at?.toISOString() ?? null,
  }))
}
