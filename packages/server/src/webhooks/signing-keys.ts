/**
 * The keys a webhook signs with: always one for HMAC (`v1`), and one for Ed25519 (`v1a`) once that was wanted. After a
 * rotation the key before goes on signing for a while, so that receivers can change over without missing a delivery.
 */
import type { SigningKeys } from '@keyhook/contract/signature.ts'
import { formatSigningPublicKey, newSigningKeyPair } from '@keyhook/contract/signing-key-pair.ts'
import type { Selectable, Transaction } from 'kysely'
import type { Context } from '../context.ts'
import type { Database } from '../db/open.ts'
import type { SigningKeyTable, Tables } from '../db/schema.ts'
import type { Actor } from '../events/event.ts'
import { appendEvents } from '../events/event-store.ts'
import { newId } from '../lib/ids.ts'
import { webhookTarget } from './webhook-events.ts'
import { openSigningKey, sealSigningKey } from './webhook-secrets.ts'

export type SigningKeyRow = Selectable<SigningKeyTable>
type Algorithm = SigningKeyRow['algorithm']

/** What people may see of the keys. */
export type SigningFacts = { publicKey: string | null; rotatingUntil: Date | null }

/** Rows of keys that still sign, of several webhooks, the newest first. */
export async function findSigningKeys(
  ctx: Context,
  webhookIds: readonly string[],
): Promise<Map<string, SigningKeyRow[]>> {
  const found = new Map<string, SigningKeyRow[]>()
  if (webhookIds.length === 0) return found
  const rows = await ctx.db
    .selectFrom('signing_keys')
    .selectAll()
    .where('webhook_id', 'in', [...webhookIds])
    .where((or) => or.or([or('retires_at', 'is', null), or('retires_at', '>', new Date(ctx.clock()))]))
    .orderBy('id', 'desc')
    .execute()
  for (const row of rows) found.set(row.webhook_id, [...(found.get(row.webhook_id) ?? []), row])
  return found
}

/** Opens the keys that sign now. Throws `SecretBoxError` when one does not open. */
export function openSigningKeys(ctx: Context, rows: readonly SigningKeyRow[], v1a: boolean): SigningKeys {
  const of = (algorithm: Algorithm) =>
    rows.filter((row) => row.algorithm === algorithm).map((row) => openSigningKey(ctx.secretBox, row))
  return { secrets: of('hmac-sha256'), privateKeys: v1a ? of('ed25519') : [] }
}

export function signingFacts(rows: readonly SigningKeyRow[]): SigningFacts {
  const retiring = rows.flatMap((row) => (row.retires_at ? [row.retires_at.getTime()] : []))
  const current = rows.find((row) => row.algorithm === 'ed25519' && row.retires_at === null)
  return {
    publicKey: current?.public_key ?? null,
    rotatingUntil: retiring.length > 0 ? new Date(Math.max(...retiring)) : null,
  }
}

/** Adds an HMAC key. */
export async function addSigningSecret(
  ctx: Context,
  db: Database | Transaction<Tables>,
  webhookId: string,
  secret: Uint8Array,
): Promise<void> {
  await insert(ctx, db, webhookId, 'hmac-sha256', secret, null)
}

/** Adds an Ed25519 key pair unless there is a current one. */
export async function ensureSigningKeyPair(
  ctx: Context,
  db: Database | Transaction<Tables>,
  webhookId: string,
): Promise<void> {
  const current = await db
    .selectFrom('signing_keys')
    .select('id')
    .where('webhook_id', '=', webhookId)
    .where('algorithm', '=', 'ed25519')
    .where('retires_at', 'is', null)
    .executeTakeFirst()
  if (!current) await insertKeyPair(ctx, db, webhookId)
}

/**
 * Replaces the HMAC key by `secret`, and the Ed25519 pair by a new one where there is one. What signed until now goes
 * on for `overlapSeconds`; keys that were already on their way out leave at once.
 */
export async function rotateSigningKeys(
  ctx: Context,
  webhook: Parameters<typeof webhookTarget>[0],
  { secret, overlapSeconds, actor }: { secret: Uint8Array; overlapSeconds: number; actor: Actor },
): Promise<void> {
  const { id: webhookId } = webhook
  const now = ctx.clock()
  await ctx.db.transaction().execute(async (tx) => {
    await tx
      .deleteFrom('signing_keys')
      .where('webhook_id', '=', webhookId)
      .where('retires_at', 'is not', null)
      .execute()
    const before = await tx
      .updateTable('signing_keys')
      .set({ retires_at: new Date(now + overlapSeconds * 1000) })
      .where('webhook_id', '=', webhookId)
      .returning('algorithm')
      .execute()
    await addSigningSecret(ctx, tx, webhookId, secret)
    const alsoPair = before.some((row) => row.algorithm === 'ed25519')
    if (alsoPair) await insertKeyPair(ctx, tx, webhookId)
    await tx
      .updateTable('webhooks')
      .set((set) => ({ version: set('version', '+', 1), updated_at: new Date(now) }))
      .where('id', '=', webhookId)
      .execute()
    await appendEvents(tx, now, [
      {
        type: 'ADMIN_ROTATED_SIGNING_SECRET',
        actor,
        targets: [webhookTarget(webhook)],
        metadata: { overlap_seconds: overlapSeconds, key_pair_rotated: alsoPair },
      },
    ])
  })
}

/** Forgets keys that have stopped signing. */
export async function forgetRetiredKeys(ctx: Context): Promise<void> {
  await ctx.db.deleteFrom('signing_keys').where('retires_at', '<=', new Date(ctx.clock())).execute()
}

/** Public keys that verify signatures of live webhooks, also those on their way out. */
export function listPublicKeys(
  ctx: Context,
): Promise<Pick<SigningKeyRow, 'webhook_id' | 'public_key' | 'retires_at'>[]> {
  return ctx.db
    .selectFrom('signing_keys')
    .select(['webhook_id', 'public_key', 'retires_at'])
    .where('algorithm', '=', 'ed25519')
    .where((or) => or.or([or('retires_at', 'is', null), or('retires_at', '>', new Date(ctx.clock()))]))
    .orderBy('id')
    .execute()
}

async function insertKeyPair(
  ctx: Context,
  db: Database | Transaction<Tables>,
  webhookId: string,
): Promise<void> {
  const pair = newSigningKeyPair()
  await insert(ctx, db, webhookId, 'ed25519', pair.privateKey, formatSigningPublicKey(pair.publicKey))
}

async function insert(
  ctx: Context,
  db: Database | Transaction<Tables>,
  webhookId: string,
  algorithm: Algorithm,
  key: Uint8Array,
  publicKey: string | null,
): Promise<void> {
  await db
    .insertInto('signing_keys')
    .values({
      id: newId('sgk', ctx.clock()),
      webhook_id: webhookId,
      algorithm,
      sealed_key: sealSigningKey(ctx.secretBox, webhookId, algorithm, key),
      public_key: publicKey,
      created_at: new Date(ctx.clock()),
      retires_at: null,
    })
    .execute()
}
