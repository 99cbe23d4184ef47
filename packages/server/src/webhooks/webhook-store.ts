import type { WebhookType } from '@keyhook/contract/webhook-type.ts'
import type { Selectable } from 'kysely'
import type { Context } from '../context.ts'
import type { WebhookTable } from '../db/schema.ts'
import type { Actor } from '../events/event.ts'
import { appendEvents } from '../events/event-store.ts'
import type { IdempotencyKey } from '../http/idempotency.ts'
import { takeKey } from '../http/make-once.ts'
import { newId } from '../lib/ids.ts'
import { ProblemError } from '../lib/problem-error.ts'
import { SecretBoxError } from '../lib/secret-box.ts'
import {
  addSigningSecret,
  ensureSigningKeyPair,
  findSigningKeys,
  openSigningKeys,
  type SigningKeyRow,
} from './signing-keys.ts'
import type { Webhook } from './webhook.ts'
import { secretsChanged, webhookChanged, webhookCreated, webhookDeleted } from './webhook-events.ts'
import {
  openCredentials,
  openHeaders,
  readSigningSecret,
  sealCredentials,
  sealHeaders,
} from './webhook-secrets.ts'
import { fromStored, toStored } from './webhook-settings.ts'

export type WebhookRow = Selectable<WebhookTable>

/** What is written of a webhook; the store seals what is secret. */
export type WebhookFields = Pick<
  Webhook,
  'type' | 'name' | 'description' | 'endpointUrl' | 'headers' | 'timeLimitMs' | 'enabled' | 'settings'
>

export type NewWebhook = {
  fields: WebhookFields
  signingSecret: string
  key: IdempotencyKey | null
  actor: Actor
}

/** Inserts a webhook with the keys that it signs with. Throws 422 for a signing secret that cannot be one. */
export async function insertWebhook(
  ctx: Context,
  { fields, signingSecret, key, actor }: NewWebhook,
): Promise<WebhookRow> {
  const signingKey = readSigningSecret(signingSecret, '/signing_secret')
  const id = newId('wh', ctx.clock())
  const now = new Date(ctx.clock())
  return ctx.db.transaction().execute(async (tx) => {
    const row = await tx
      .insertInto('webhooks')
      .values({ id, ...columns(ctx, id, fields), created_at: now, updated_at: now })
      .returningAll()
      .executeTakeFirstOrThrow()
    await addSigningSecret(ctx, tx, id, signingKey)
    if (fields.settings.v1aSignature) await ensureSigningKeyPair(ctx, tx, id)
    await appendEvents(tx, now.getTime(), [webhookCreated(row, actor)])
    await takeKey(ctx, tx, key, { id, secret: signingSecret })
    return row
  })
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

/** Writes all fields if the version is still that of `before`; null when someone else was faster. */
export async function updateWebhook(
  ctx: Context,
  before: WebhookRow,
  fields: WebhookFields,
  actor: Actor,
): Promise<WebhookRow | null> {
  const { id, version } = before
  const now = ctx.clock()
  const secrets = secretsChanged(await openWebhook(ctx, before), fields)
  return ctx.db.transaction().execute(async (tx) => {
    const row = await tx
      .updateTable('webhooks')
      .set({ ...columns(ctx, id, fields), version: version + 1, updated_at: new Date(now) })
      .where('id', '=', id)
      .where('version', '=', version)
      .where('archived_at', 'is', null)
      .returningAll()
      .executeTakeFirst()
    if (!row) return null
    if (fields.settings.v1aSignature) await ensureSigningKeyPair(ctx, tx, id)
    await appendEvents(tx, now, webhookChanged(before, row, secrets, actor))
    return row
  })
}

/** Archives: gone for everyone, but deliveries of the past still name it. Its secrets are forgotten. */
export async function archiveWebhook(ctx: Context, row: WebhookRow, actor: Actor): Promise<boolean> {
  const { id, version } = row
  const now = new Date(ctx.clock())
  return ctx.db.transaction().execute(async (tx) => {
    const { numUpdatedRows } = await tx
      .updateTable('webhooks')
      .set({
        archived_at: now,
        updated_at: now,
        enabled: false,
        headers: '[]',
        settings: '{}',
        sealed_credentials: null,
      })
      .where('id', '=', id)
      .where('version', '=', version)
      .where('archived_at', 'is', null)
      .executeTakeFirst()
    if (numUpdatedRows === 0n) return false
    await tx.deleteFrom('signing_keys').where('webhook_id', '=', id).execute()
    await tx.deleteFrom('circuits').where('webhook_id', '=', id).execute()
    await appendEvents(tx, now.getTime(), [webhookDeleted(row, actor)])
    return true
  })
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

/** Opens the secrets of a row and its keys. Throws 503 that says what to do when they do not open. */
export async function openWebhook(ctx: Context, row: WebhookRow): Promise<Webhook> {
  const keys = await findSigningKeys(ctx, [row.id])
  try {
    return opened(ctx, row, keys.get(row.id) ?? [])
  } catch (error) {
    if (!(error instanceof SecretBoxError)) throw error
    throw new ProblemError(
      'unavailable',
      `The stored secrets of the webhook "${row.name}" do not open: they were changed in the database. Nothing was sent. ` +
        'Put the database back from a backup, or delete this webhook and make it again.',
      { cause: error },
    )
  }
}

function opened(ctx: Context, row: WebhookRow, keys: readonly SigningKeyRow[]): Webhook {
  const settings = fromStored(row.settings, openCredentials(ctx.secretBox, row))
  return {
    id: row.id,
    type: row.type,
    name: row.name,
    description: row.description,
    endpointUrl: row.endpoint_url,
    headers: openHeaders(ctx.secretBox, row.id, row.headers),
    timeLimitMs: row.time_limit_ms,
    settings,
    signingKeys: openSigningKeys(ctx, keys, settings.v1aSignature),
    enabled: row.enabled,
    version: row.version,
    createdAt: row.created_at,
    updatedAt: row.updated_at,
  }
}

function columns(ctx: Context, id: string, fields: WebhookFields) {
  const { settings, credentials } = toStored(fields.settings)
  return {
    type: fields.type,
    name: fields.name,
    description: fields.description,
    endpoint_url: fields.endpointUrl,
    headers: JSON.stringify(sealHeaders(ctx.secretBox, id, fields.headers)),
    time_limit_ms: fields.timeLimitMs,
    enabled: fields.enabled,
    settings: JSON.stringify(settings),
    sealed_credentials: sealCredentials(ctx.secretBox, id, credentials),
  }
}
