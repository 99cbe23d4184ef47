/** Searches of the activity log that are kept: those of an administrator, and those that others share. */
import type { SavedSearchRead, savedSearchCreate } from '@keyhook/contract/api/saved-search.ts'
import { mostSavedSearches, type SavedSearchChange } from '@keyhook/contract/api/saved-search.ts'
import type { Kysely, Selectable, Transaction } from 'kysely'
import type { z } from 'zod'
import type { Context } from '../context.ts'
import type { SavedSearchTable } from '../db/log-schema.ts'
import type { Tables } from '../db/schema.ts'
import type { Principal } from '../http/principal.ts'
import { newId } from '../lib/ids.ts'
import { ProblemError } from '../lib/problem-error.ts'

export type SavedSearchRow = Selectable<SavedSearchTable>
type NewSearch = z.output<typeof savedSearchCreate>

/** What the caller sees, the newest first; one more than `limit` when there are more. */
export function listSavedSearches(
  { db }: Pick<Context, 'db'>,
  principal: Principal,
  { after, limit }: { after: string | null; limit: number },
): Promise<SavedSearchRow[]> {
  let query = db
    .selectFrom('saved_searches')
    .selectAll()
    .where((where) => where.or([where('owner_id', '=', principal.id), where('shared', '=', true)]))
  if (after !== null) query = query.where('id', '<', after)
  return query
    .orderBy('id', 'desc')
    .limit(limit + 1)
    .execute()
}

/** One that the caller made, as it is now. */
export async function findSearch(
  { db }: Pick<Context, 'db'>,
  principal: Principal,
  id: string,
): Promise<SavedSearchRow | null> {
  return (await own(db, principal, id).executeTakeFirst()) ?? null
}

/** The same for a change: those of others are as if they were not there. */
export async function findOwnSearch(
  tx: Transaction<Tables>,
  principal: Principal,
  id: string,
): Promise<SavedSearchRow | null> {
  return (await own(tx, principal, id).forUpdate().executeTakeFirst()) ?? null
}

function own(db: Kysely<Tables>, principal: Principal, id: string) {
  return db.selectFrom('saved_searches').selectAll().where('id', '=', id).where('owner_id', '=', principal.id)
}

export async function insertSearch(
  tx: Transaction<Tables>,
  now: number,
  principal: Principal,
  { name, filters, shared }: NewSearch,
): Promise<SavedSearchRow> {
  const { count } = await tx
    .selectFrom('saved_searches')
    .select((select) => select.fn.countAll<string>().as('count'))
    .where('owner_id', '=', principal.id)
    .executeTakeFirstOrThrow()
  if (Number(count) >= mostSavedSearches)
    throw new ProblemError(
      'too_many_requests',
      `You keep ${mostSavedSearches} searches already. Delete one that is not needed.`,
    )
  const at = new Date(now)
  return tx
    .insertInto('saved_searches')
    .values({
      id: newId('ssr', now),
      owner_id: principal.id,
      owner_name: principal.name,
      name,
      filters: JSON.stringify(filters),
      shared,
      created_at: at,
      updated_at: at,
    })
    .returningAll()
    .executeTakeFirstOrThrow()
}

export function updateSearch(
  tx: Transaction<Tables>,
  now: number,
  { id, version }: SavedSearchRow,
  { name, filters, shared }: SavedSearchChange,
): Promise<SavedSearchRow> {
  return tx
    .updateTable('saved_searches')
    .set({
      ...(name !== undefined && { name }),
      ...(filters !== undefined && { filters: JSON.stringify(filters) }),
      ...(shared !== undefined && { shared }),
      version: version + 1,
      updated_at: new Date(now),
    })
    .where('id', '=', id)
    .returningAll()
    .executeTakeFirstOrThrow()
}

export async function deleteSearch(tx: Transaction<Tables>, { id }: SavedSearchRow): Promise<void> {
  await tx.deleteFrom('saved_searches').where('id', '=', id).execute()
}

export function readSearch(row: SavedSearchRow, principal: Principal): SavedSearchRead {
  return {
    id: row.id,
    name: row.name,
    filters: row.filters,
    shared: row.shared,
    mine: row.owner_id === principal.id,
    owner_name: row.owner_name,
    created_at: row.created_at.toISOString(),
    updated_at: row.updated_at.toISOString(),
  }
}
