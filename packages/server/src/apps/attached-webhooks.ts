/** The webhooks of apps, permissions and rules. */
import type { AttachedWebhooks } from '@keyhook/contract/api/app.ts'
import { type Kysely, sql } from 'kysely'
import type { Tables } from '../db/schema.ts'
import { type MemberError, validationFailed } from '../lib/problem-error.ts'
import type { AppSetup } from './app-store.ts'

/**
 * What a webhook is attached to, one sentence each. What was archived still uses it as long as people have access through
 * it: it will be removed.
 */
export async function usesOfWebhook(db: Kysely<Tables>, webhookId: string): Promise<string[]> {
  const names = `%"${webhookId}"%`
  const { rows } = await sql<{ text: string }>`
    select 'The app ' || name || ' uses it.' as text from apps
      where settings->>'webhooks' like ${names}
      and (archived_at is null or exists (select from grants where app_id = apps.id and status <> 'ended'))
    union all
    select 'The permission ' || permissions.label || ' of the app ' || apps.name || ' uses it.'
      from permissions join apps on apps.id = permissions.app_id
      where permissions.webhooks::text like ${names}
      and (
        (permissions.archived_at is null and apps.archived_at is null)
        or exists (select from grants where app_id = apps.id and permission_id = permissions.id and status <> 'ended')
      )
    union all
    select 'The pre-approval rule ' || pre_approval_rules.name || ' of the app ' || apps.name || ' uses it.'
      from pre_approval_rules join apps on apps.id = pre_approval_rules.app_id
      where apps.archived_at is null and pre_approval_rules.settings::text like ${names}
    limit 20`.execute(db)
  return rows.map(({ text }) => text)
}

/** The attached webhooks that want one delivery for each permission. */
export async function wantOneEach(db: Kysely<Tables>, { app, permissions }: AppSetup): Promise<Set<string>> {
  const ids = [app.settings.webhooks, ...permissions.map(({ webhooks }) => webhooks)].flatMap(
    ({ provisioning, deprovisioning }) =>
      [provisioning, deprovisioning].flatMap((at) => at?.webhook_id ?? []),
  )
  if (ids.length === 0) return new Set()
  const rows = await db
    .selectFrom('webhooks')
    .select('id')
    .where('id', 'in', ids)
    .where(sql<boolean>`settings->>'delivery_per_permission' = 'true'`)
    .execute()
  return new Set(rows.map(({ id }) => id))
}

/** Throws 422 for webhooks that are not there or of another type than their place. */
export async function requireAttachable(
  db: Kysely<Tables>,
  webhooks: { readonly [Place in keyof AttachedWebhooks]?: AttachedWebhooks[Place] | undefined },
  at = '/webhooks',
): Promise<void> {
  const wanted = Object.entries(webhooks).flatMap(([place, attached]) =>
    attached ? [{ place, id: attached.webhook_id, pointer: `${at}/${place}/webhook_id` }] : [],
  )
  await requireTypes(
    db,
    wanted.map(({ place, id, pointer }) => ({ id, type: place, pointer })),
  )
}

/** Throws 422 for each webhook that is not there or has another type. */
export async function requireTypes(
  db: Kysely<Tables>,
  wanted: readonly { id: string; type: string; pointer: string }[],
): Promise<void> {
  if (wanted.length === 0) return
  const rows = await db
    .selectFrom('webhooks')
    .select(['id', 'type'])
    .where('archived_at', 'is', null)
    .where(
      'id',
      'in',
      wanted.map(({ id }) => id),
    )
    .execute()
  const errors = wanted.flatMap(({ id, type, pointer }): MemberError[] => {
    const found = rows.find((row) => row.id === id)
    if (!found) return [{ pointer, detail: 'There is no such webhook.' }]
    if (found.type === type) return []
    return [{ pointer, detail: `This webhook is of type ${found.type}: choose one of type ${type}.` }]
  })
  if (errors.length > 0) throw validationFailed(errors)
}
