import type { Kysely } from 'kysely'
import type { Tables } from '../db/schema.ts'

/** How much access to an app, or by a permission of it, people have at this moment. */
export async function liveGrants(
  db: Kysely<Tables>,
  { app_id, permission_id }: { app_id: string; permission_id?: string },
): Promise<number> {
  let query = db
    .selectFrom('grants')
    .select((select) => select.fn.countAll<string>().as('count'))
    .where('app_id', '=', app_id)
    .where('status', '!=', 'ended')
  if (permission_id !== undefined) query = query.where('permission_id', '=', permission_id)
  return Number((await query.executeTakeFirstOrThrow()).count)
}
