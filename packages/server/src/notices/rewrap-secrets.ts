/** Secrets of notices, wrapped anew with the newest encryption key. What changes in between is written with that key anyway. */
import { sql } from 'kysely'
import type { Database } from '../db/open.ts'
import type { SecretBox } from '../lib/secret-box.ts'
import { channelUrlPlace, chatUrlPlace, linkPlace } from './notice-secrets.ts'

/** How many were wrapped anew. */
export async function rewrapNoticeSecrets(db: Database, box: SecretBox): Promise<number> {
  return (await rewrapChannels(db, box)) + (await rewrapOwnChats(db, box)) + (await rewrapLinks(db, box))
}

async function rewrapChannels(db: Database, box: SecretBox): Promise<number> {
  let done = 0n
  for (const { id, sealed_url } of await db.selectFrom('notice_channels').selectAll().execute()) {
    const wrapped = box.rewrap(channelUrlPlace(id), sealed_url)
    if (wrapped === null) continue
    const { numUpdatedRows } = await db
      .updateTable('notice_channels')
      .set({ sealed_url: wrapped })
      .where('id', '=', id)
      .where('sealed_url', '=', sealed_url)
      .executeTakeFirst()
    done += numUpdatedRows
  }
  return Number(done)
}

async function rewrapOwnChats(db: Database, box: SecretBox): Promise<number> {
  let done = 0n
  const rows = await db
    .selectFrom('notice_preferences')
    .select(['user_id', 'sealed_chat_url'])
    .where('sealed_chat_url', 'is not', null)
    .execute()
  for (const { user_id, sealed_chat_url } of rows) {
    const wrapped = sealed_chat_url && box.rewrap(chatUrlPlace(user_id), sealed_chat_url)
    if (!wrapped) continue
    const { numUpdatedRows } = await db
      .updateTable('notice_preferences')
      .set({ sealed_chat_url: wrapped })
      .where('user_id', '=', user_id)
      .where('sealed_chat_url', '=', sealed_chat_url)
      .executeTakeFirst()
    done += numUpdatedRows
  }
  return Number(done)
}

/** Links of invitations that could not be mailed yet. */
async function rewrapLinks(db: Database, box: SecretBox): Promise<number> {
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
