import type { GrantRead } from '@keyhook/contract/api/grant.ts'
import type { Context } from '../context.ts'
import { findNames, type NamedIds, type Names } from './names.ts'
import type { GrantRow } from './request-store.ts'

/** Grants as the API answers them, in the order of the rows. */
export async function readGrants(
  { db }: Pick<Context, 'db'>,
  rows: readonly GrantRow[],
): Promise<GrantRead[]> {
  const names = await findNames(db, namedInGrants(rows))
  return rows.map((row) => readGrant(row, names))
}

export function namedInGrants(rows: readonly GrantRow[]): NamedIds {
  return {
    appIds: rows.map((row) => row.app_id),
    permissionIds: rows.map((row) => row.permission_id),
    userIds: rows.map((row) => row.user_id),
  }
}

export function readGrant(row: GrantRow, names: Names): GrantRead {
  return {
    id: row.id,
    access_request_id: row.request_id,
    app: names.app(row.app_id),
    permission: names.permission(row.permission_id),
    user: names.person(row.user_id),
    status: row.status,
    granted_at: row.granted_at.toISOString(),
    expires_at: row.expires_at?.toISOString() ?? null,
    ended_at: row.ended_at?.toISOString() ?? null,
    end_reason: row.end_reason,
    last_used_at: row.last_used_at?.toISOString() ?? null,
    inactivity_notice_at: row.inactivity_notice_at?.toISOString() ?? null,
    inactivity_removal_at: row.inactivity_removal_at?.toISOString() ?? null,
  }
}
