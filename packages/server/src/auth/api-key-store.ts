import type { Role } from '@keyhook/contract/api/access.ts'
import type { Selectable } from 'kysely'
import type { Context } from '../context.ts'
import type { ApiKeyTable } from '../db/schema.ts'
import { newId } from '../lib/ids.ts'
import { hashOfKey, hintOfKey } from './api-key.ts'

export type ApiKeyRow = Selectable<ApiKeyTable>
type Store = Pick<Context, 'db' | 'clock'>

/** Stores a key by its hash. Of the same key given twice the first one stands. */
export async function insertApiKey(
  { db, clock }: Store,
  { key, name, role, createdBy }: { key: string; name: string; role: Role; createdBy: string | null },
): Promise<ApiKeyRow> {
  const now = clock()
  const hash = hashOfKey(key)
  await db
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
    .execute()
  return db.selectFrom('api_keys').selectAll().where('hash', '=', hash).executeTakeFirstOrThrow()
}

/** The key of this hash unless it was revoked. */
export async function findApiKey({ db }: Store, hash: Uint8Array): Promise<ApiKeyRow | null> {
  const query = db.selectFrom('api_keys').selectAll().where('hash', '=', hash).where('revoked_at', 'is', null)
  return (await query.executeTakeFirst()) ?? null
}

/** Keys that work, the newest first. */
export function listApiKeys({ db }: Store): Promise<ApiKeyRow[]> {
  return db.selectFrom('api_keys').selectAll().where('revoked_at', 'is', null).orderBy('id', 'desc').execute()
}

/** Revokes a key; its hash, or null when there is no such key that works. */
export async function revokeApiKey({ db, clock }: Store, id: string): Promise<Uint8Array | null> {
  const row = await db
    .updateTable('api_keys')
    .set({ revoked_at: new Date(clock()) })
    .where('id', '=', id)
    .where('revoked_at', 'is', null)
    .returning('hash')
    .executeTakeFirst()
  return row?.hash ?? null
}

export async function stampLastUse({ db }: Store, id: string, at: Date): Promise<void> {
  await db.updateTable('api_keys').set({ last_used_at: at }).where('id', '=', id).execute()
}
