import type { Role } from '@keyhook/contract/api/access.ts'
import type { Selectable, Transaction } from 'kysely'
import type { Context } from '../context.ts'
import type { ApiKeyTable, Tables } from '../db/schema.ts'
import type { Actor, NewEvent } from '../events/event.ts'
import { appendEvents } from '../events/event-store.ts'
import { newId } from '../lib/ids.ts'
import { hashOfKey, hintOfKey } from './api-key.ts'

export type ApiKeyRow = Selectable<ApiKeyTable>
type Store = Pick<Context, 'db' | 'clock'>

/** Stores a key by its hash. Of the same key given twice the first one stands. */
export async function insertApiKey(
  tx: Transaction<Tables>,
  now: number,
  { key, name, role, createdBy }: { key: string; name: string; role: Role; createdBy: string | null },
  actor: Actor,
): Promise<ApiKeyRow> {
  const hash = hashOfKey(key)
  const inserted = await tx
    .insertInto('api_keys')
    .values({
      id: newId('key', now),
      name,
      role,
      hint: hintOfKey(key),
      hash,
      created_by: createdBy,
      created_at: new Date(now),
      last_used_at: null,
      revoked_at: null,
    })
    .onConflict((conflict) => conflict.column('hash').doNothing())
    .returningAll()
    .executeTakeFirst()
  if (inserted) await appendEvents(tx, now, [keyEvent('ADMIN_CREATED_API_KEY', inserted, actor)])
  return inserted ?? tx.selectFrom('api_keys').selectAll().where('hash', '=', hash).executeTakeFirstOrThrow()
}

/** The key of this hash unless it was revoked. */
export async function findApiKey(store: Store, hash: Uint8Array): Promise<ApiKeyRow | null> {
  return (await ofHash(store, hash).where('revoked_at', 'is', null).executeTakeFirst()) ?? null
}

/** The key of this id unless it was revoked. */
export async function findApiKeyById({ db }: Pick<Context, 'db'>, id: string): Promise<ApiKeyRow | null> {
  const query = db.selectFrom('api_keys').selectAll().where('id', '=', id).where('revoked_at', 'is', null)
  return (await query.executeTakeFirst()) ?? null
}

/** Keys that work, the newest first. */
export function listApiKeys({ db }: Store): Promise<ApiKeyRow[]> {
  return db.selectFrom('api_keys').selectAll().where('revoked_at', 'is', null).orderBy('id', 'desc').execute()
}

/** Revokes a key; its hash, or null when there is no such key that works. */
export async function revokeApiKey(
  { db, clock }: Store,
  id: string,
  actor: Actor,
): Promise<Uint8Array | null> {
  const now = clock()
  return db.transaction().execute(async (tx) => {
    const row = await tx
      .updateTable('api_keys')
      .set({ revoked_at: new Date(now) })
      .where('id', '=', id)
      .where('revoked_at', 'is', null)
      .returningAll()
      .executeTakeFirst()
    if (!row) return null
    await appendEvents(tx, now, [keyEvent('ADMIN_REVOKED_API_KEY', row, actor)])
    return row.hash
  })
}

/** Lets a revoked key work again. */
export async function restoreApiKey(
  tx: Transaction<Tables>,
  now: number,
  row: ApiKeyRow,
  actor: Actor,
): Promise<void> {
  await tx.updateTable('api_keys').set({ revoked_at: null }).where('id', '=', row.id).execute()
  await appendEvents(tx, now, [keyEvent('ADMIN_RESTORED_API_KEY', row, actor)])
}

/** The key of this hash that was revoked. */
export async function findRevokedKey(
  store: Pick<Context, 'db'>,
  hash: Uint8Array,
): Promise<ApiKeyRow | null> {
  return (await ofHash(store, hash).where('revoked_at', 'is not', null).executeTakeFirst()) ?? null
}

function ofHash({ db }: Pick<Context, 'db'>, hash: Uint8Array) {
  return db.selectFrom('api_keys').selectAll().where('hash', '=', hash)
}

export async function stampLastUse({ db }: Store, id: string, at: Date): Promise<void> {
  await db.updateTable('api_keys').set({ last_used_at: at }).where('id', '=', id).execute()
}

function keyEvent(
  type: 'ADMIN_CREATED_API_KEY' | 'ADMIN_REVOKED_API_KEY' | 'ADMIN_RESTORED_API_KEY',
  { id, name, role }: ApiKeyRow,
  actor: Actor,
): NewEvent {
  return { type, actor, targets: [{ type: 'API_KEY', data: { id, name } }], metadata: { role } }
}
