/** Apps with what belongs to them, as rows. */
import type { AppChange, AppCreate } from '@keyhook/contract/api/app.ts'
import { type Kysely, type Selectable, sql, type Transaction } from 'kysely'
import type { AppSettings, AppTable, PermissionTable, PreApprovalRuleTable } from '../db/access-schema.ts'
import { type JsonRow, withTimes } from '../db/json-rows.ts'
import type { Tables } from '../db/schema.ts'
import { newId } from '../lib/ids.ts'
import { cancelNotices } from './inactivity-policy.ts'

export type AppRow = Selectable<AppTable>
export type PermissionRow = Selectable<PermissionTable>
export type RuleRow = Selectable<PreApprovalRuleTable>

/** An app with everything that a request to it needs. */
export type AppSetup = {
  app: AppRow
  permissions: PermissionRow[]
  rules: RuleRow[]
  adminIds: string[]
}

export async function findApp(db: Kysely<Tables>, id: string): Promise<AppRow | null> {
  return (await db.selectFrom('apps').selectAll().where('id', '=', id).executeTakeFirst()) ?? null
}

/** With all its permissions. */
export async function findSetup(db: Kysely<Tables>, appId: string): Promise<AppSetup | null> {
  return readSetups(await selectSetups(db, [appId]).execute()).get(appId) ?? null
}

/**
 * The statement that reads apps with what belongs to them. Archived permissions too: grants of the past still have them.
 * `permissionIds`: only these; left out: all.
 */
export function selectSetups(
  db: Kysely<Tables>,
  appIds: readonly string[],
  permissionIds?: readonly string[],
) {
  const only = permissionIds
    ? sql`and permissions.id in (${sql.join([...new Set(permissionIds), ''])})`
    : sql``
  return db
    .selectFrom('apps')
    .selectAll()
    .select([
      sql<JsonRow<PermissionRow>[] | null>`(select json_agg(permissions order by label) from permissions
        where app_id = apps.id ${only})`.as('permissions'),
      sql<
        JsonRow<RuleRow>[] | null
      >`(select json_agg(rules order by position, id) from pre_approval_rules as rules
        where app_id = apps.id)`.as('rules'),
      sql<string[] | null>`(select json_agg(principal_id order by principal_id) from app_admins
        where app_id = apps.id)`.as('admin_ids'),
    ])
    .where('id', 'in', [...new Set(appIds), ''])
}

type SetupRow = (AppRow | JsonRow<AppRow>) & {
  permissions: JsonRow<PermissionRow>[] | null
  rules: JsonRow<RuleRow>[] | null
  admin_ids: string[] | null
}

const changed = ['created_at', 'updated_at'] as const
const changedOrArchived = [...changed, 'archived_at'] as const

/** What `selectSetups` found, by the ids of the apps. */
export function readSetups(rows: readonly SetupRow[]): Map<string, AppSetup> {
  return new Map(
    rows.map(({ permissions, rules, admin_ids, ...app }) => [
      app.id,
      {
        app: withTimes<AppRow>(app, changedOrArchived),
        permissions: (permissions ?? []).map((row) => withTimes<PermissionRow>(row, changedOrArchived)),
        rules: (rules ?? []).map((row) => withTimes<RuleRow>(row, changed)),
        adminIds: admin_ids ?? [],
      },
    ]),
  )
}

export async function adminsOf(db: Kysely<Tables>, appId: string): Promise<string[]> {
  const rows = await db
    .selectFrom('app_admins')
    .select('principal_id')
    .where('app_id', '=', appId)
    .orderBy('principal_id')
    .execute()
  return rows.map(({ principal_id }) => principal_id)
}

export type AppFilter = {
  q: string | undefined
  archived: boolean
  /** null: all apps. */
  only: readonly string[] | null
  after: string | null
  limit: number
}

/** The newest first; one row more than `limit` when there are more. */
export async function listApps(db: Kysely<Tables>, filter: AppFilter): Promise<AppRow[]> {
  let query = db
    .selectFrom('apps')
    .selectAll()
    .where('archived_at', filter.archived ? 'is not' : 'is', null)
  if (filter.q !== undefined) query = query.where('name', 'ilike', `%${escapeLike(filter.q)}%`)
  if (filter.only !== null) {
    if (filter.only.length === 0) return []
    query = query.where('id', 'in', [...filter.only])
  }
  if (filter.after !== null) query = query.where('id', '<', filter.after)
  return query
    .orderBy('id', 'desc')
    .limit(filter.limit + 1)
    .execute()
}

/** `%` and `_` of a search stand for themselves. */
export function escapeLike(text: string): string {
  return text.replace(/[\\%_]/g, (character) => `\\${character}`)
}

export async function insertApp(
  tx: Transaction<Tables>,
  now: number,
  { admins, app_id, instance_id, name, description, icon, category, owner_id, ...settings }: AppCreate,
): Promise<AppRow> {
  const id = newId('app', now)
  const row = await tx
    .insertInto('apps')
    .values({
      id,
      slug: app_id ?? slugOf(name),
      instance_id: instance_id ?? id.slice(4),
      name,
      description,
      icon,
      category,
      owner_id,
      settings: JSON.stringify(settings),
      created_at: new Date(now),
      updated_at: new Date(now),
    })
    .returningAll()
    .executeTakeFirstOrThrow()
  await setAdmins(tx, id, admins)
  return row
}

/** The readable name that programs use, made from the name for people. */
export function slugOf(name: string): string {
  const slug = name
    .normalize('NFKD')
    .replace(/\p{M}/gu, '')
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '_')
    .replace(/^_+|_+$/g, '')
    .slice(0, 60)
  return slug === '' ? 'app' : slug
}

/** Writes a change; null when the version is another one by now. */
export async function updateApp(
  tx: Transaction<Tables>,
  now: number,
  app: AppRow,
  change: AppChange,
): Promise<AppRow | null> {
  const { admins, app_id, instance_id, name, description, icon, category, owner_id, webhooks, ...rest } =
    change
  const settings: AppSettings = {
    ...app.settings,
    ...(defined(rest) as Partial<AppSettings>),
    webhooks: { ...app.settings.webhooks, ...(defined(webhooks ?? {}) as Partial<AppSettings['webhooks']>) },
  }
  const row = await tx
    .updateTable('apps')
    .set({
      ...(defined({
        slug: app_id,
        instance_id,
        name,
        description,
        icon,
        category,
        owner_id,
      }) as Partial<AppRow>),
      settings: JSON.stringify(settings),
      version: app.version + 1,
      updated_at: new Date(now),
    })
    .where('id', '=', app.id)
    .where('version', '=', app.version)
    .returningAll()
    .executeTakeFirst()
  if (row && admins) await setAdmins(tx, app.id, admins)
  if (row && change.inactivity !== undefined) await cancelNotices(tx, app, change.inactivity)
  return row ?? null
}

/** Without the members that were not given: an absent member keeps what is there. */
export function defined(members: Record<string, unknown>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(members).filter(([, value]) => value !== undefined))
}

async function setAdmins(tx: Transaction<Tables>, appId: string, admins: readonly string[]): Promise<void> {
  await tx.deleteFrom('app_admins').where('app_id', '=', appId).execute()
  const rows = [...new Set(admins)].map((principal_id) => ({ app_id: appId, principal_id }))
  if (rows.length > 0) await tx.insertInto('app_admins').values(rows).execute()
}
