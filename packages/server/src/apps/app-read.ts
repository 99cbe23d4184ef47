/** Apps, permissions and rules as the API answers them. */
import type { AppRead, PermissionRead } from '@keyhook/contract/api/app.ts'
import type { PreApprovalRuleRead } from '@keyhook/contract/api/pre-approval-rule.ts'
import type { Kysely } from 'kysely'
import type { Tables } from '../db/schema.ts'
import type { AppRow, PermissionRow, RuleRow } from './app-store.ts'
import { findPrincipals, findUsers, readPerson } from './people.ts'

/** Apps in the order of the rows. */
export async function readApps(db: Kysely<Tables>, rows: readonly AppRow[]): Promise<AppRead[]> {
  if (rows.length === 0) return []
  const admins = await db
    .selectFrom('app_admins')
    .selectAll()
    .where(
      'app_id',
      'in',
      rows.map(({ id }) => id),
    )
    .orderBy('principal_id')
    .execute()
  const principals = await findPrincipals(
    db,
    admins.map(({ principal_id }) => principal_id),
  )
  const owners = await findUsers(
    db,
    rows.flatMap(({ owner_id }) => owner_id ?? []),
  )
  return rows.map((row) => {
    const ids = admins.filter(({ app_id }) => app_id === row.id).map(({ principal_id }) => principal_id)
    return {
      ...row.settings,
      id: row.id,
      app_id: row.slug,
      instance_id: row.instance_id,
      name: row.name,
      description: row.description,
      icon: row.icon,
      category: row.category,
      owner_id: row.owner_id,
      owner: row.owner_id === null ? null : readPerson(owners.get(row.owner_id)),
      admins: ids,
      admin_refs: ids.flatMap((id) => principals.get(id) ?? []),
      inactivity: row.settings.inactivity ?? null,
      archived: row.archived_at !== null,
      created_at: row.created_at.toISOString(),
      updated_at: row.updated_at.toISOString(),
    }
  })
}

export function readPermission(row: PermissionRow): PermissionRead {
  const { id, app_id, label, value, source, description, approvers, webhooks } = row
  return {
    ...{ id, app_id, label, value, source, description, approvers, webhooks },
    created_at: row.created_at.toISOString(),
    updated_at: row.updated_at.toISOString(),
  }
}

export function readRule(row: RuleRow): PreApprovalRuleRead {
  return {
    ...row.settings,
    id: row.id,
    app_id: row.app_id,
    name: row.name,
    enabled: row.enabled,
    position: row.position,
    created_at: row.created_at.toISOString(),
    updated_at: row.updated_at.toISOString(),
  }
}
