import { sql } from 'kysely'
import type { Database } from '../db/open.ts'
import type { SecretBox } from '../lib/secret-box.ts'
import { linkPlace } from './notice-secrets.ts'

/** Links of invitations that could not be mailed yet, wrapped anew with the newest encryption key; returns how many. */
export async function rewrapLinks(db: Database, box: SecretBox): Promise<number> {
  let done = 0n
  const rows = await db
    .selectFrom('notices')
    .select(['id', 'user_id', 'data'])
    .where('kind', '=', 'invitation')
    .where('status', 'in', ['waiting', 'failed'])
    .execute()
  for (const { id, user_id, data } of rows) {
    if (data.sealed_url === undefined || user_id === null) continue
    const wrapped = box.rewrap(linkPlace(user_id), Buffer.from(data.sealed_url, 'base64'))
    if (wrapped === null) continue
    const sealed_url = Buffer.from(wrapped).toString('base64')
    const { numUpdatedRows } = await db
      .updateTable('notices')
      .set({ data: JSON.stringify({ ...data, sealed_url }) })
      .where('id', '=', id)
      .where(sql<string>`data->>'sealed_url'`, '=', data.sealed_url)
      .executeTakeFirst()
    done += numUpdatedRows
  }
  return Number(done)
}
