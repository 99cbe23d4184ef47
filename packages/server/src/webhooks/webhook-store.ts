import type { WebhookType } from '@keyhook/contract/webhook-type.ts'
import type { Selectable } from 'kysely'
import type { Context } from '../context.ts'
import type { WebhookTable } from '../db/schema.ts'
import type { Webhook } from './webhook.ts'
import { openHeaders, openSigningSecret, sealHeaders, sealSigningSecret } from './webhook-secrets.ts'

export type WebhookRow = Selectable<WebhookTable>

/** What is written of a webhook; the store seals what is secret. */
export type WebhookFields = Pick<
  Webhook,
  'type' | 'name' | 'description' | 'endpointUrl' | 'headers' | 'timeLimitMs' | 'enabled'
>

/** Inserts a webhook under a new `id`. */
export async function insertWebhook(
  ctx: Context,
  id: string,
  fields: WebhookFields,
  signingSecret: Uint8Array,
): Promise<WebhookRow> {
  const now = new Date(ctx.clock())
  return ctx.db
    .insertInto('webhooks')
    .values({
      id,
      ...columns(ctx, id, fields),
      sealed_signing_secret: sealSigningSecret(ctx.secretBox, id, signingSecret),
      created_at: now,
      updated_at: now,
    })
    .returningAll()
    .executeTakeFirstOrThrow()
}

/** The live webhook of this id; archived ones are not found. */
export async function findWebhookRow(ctx: Context, id: string): Promise<WebhookRow | null> {
  const query = ctx.db
    .selectFrom('webhooks')
    .selectAll()
    .where('id', '=', id)
    .where('archived_at', 'is', null)
  return (await query.executeTakeFirst()) ?? null
}

/** Writes all fields if the version is still `version`; null when someone else was faster. */
export async function updateWebhook(
  ctx: Context,
  id: string,
  version: number,
  fields: WebhookFields,
): Promise<WebhookRow | null> {
  const row = await ctx.db
    .updateTable('webhooks')
    .set({ ...columns(ctx, id, fields), version: version + 1, updated_at: new Date(ctx.clock()) })
    .where('id', '=', id)
    .where('version', '=', version)
    .where('archived_at', 'is', null)
    .returningAll()
    .executeTakeFirst()
  return row ?? null
}

/** Archives: gone for everyone, but deliveries of the past still name it. Its secrets are forgotten. */
export async function archiveWebhook(ctx: Context, id: string, version: number): Promise<boolean> {
  const now = new Date(ctx.clock())
  const result = await ctx.db
    .updateTable('webhooks')
    .set({
      archived_at: now,
      updated_at: now,
      enabled: false,
      headers: '[]',
      sealed_signing_secret: new Uint8Array(),
    })
    .where('id', '=', id)
    .where('version', '=', version)
    .where('archived_at', 'is', null)
    .executeTakeFirst()
  return result.numUpdatedRows > 0n
}

/** Live webhooks, the newest first, one more than `limit`. */
export async function listWebhookRows(
  ctx: Context,
  { type, after, limit }: { type: WebhookType | undefined; after: string | null; limit: number },
): Promise<WebhookRow[]> {
  let query = ctx.db.selectFrom('webhooks').selectAll().where('archived_at', 'is', null)
  if (type) query = query.where('type', '=', type)
  if (after) query = query.where('id', '<', after)
  return query
    .orderBy('id', 'desc')
    .limit(limit + 1)
    .execute()
}

/** Opens the secrets of a row. Throws `SecretBoxError` when they do not open. */
export function openWebhook(ctx: Context, row: WebhookRow): Webhook {
  return {
    id: row.id,
    type: row.type,
    name: row.name,
    description: row.description,
    endpointUrl: row.endpoint_url,
    headers: openHeaders(ctx.secretBox, row.id, row.headers),
    timeLimitMs: row.time_limit_ms,
    signingSecrets: [openSigningSecret(ctx.secretBox, row)],
    enabled: row.enabled,
    version: row.version,
    createdAt: row.created_at,
    updatedAt: row.updated_at,
  }
}

function columns(ctx: Context, id: string, fields: WebhookFields) {
  return {
    type: fields.type,
    name: fields.name,
    description: fields.description,
    endpoint_url: fields.endpointUrl,
    headers: JSON.stringify(sealHeaders(ctx.secretBox, id, fields.headers)),
    time_limit_ms: fields.timeLimitMs,
    enabled: fields.enabled,
  }
}
