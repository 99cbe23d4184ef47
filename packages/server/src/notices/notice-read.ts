import type { NoticeListQuery, NoticeRead } from '@keyhook/contract/api/notice.ts'
import type { Context } from '../context.ts'
import { findUsers, readPerson } from '../directory/user.ts'
import { decodeCursor } from '../http/cursor.ts'
import type { NoticeRow } from './notice-claims.ts'
import { changedWords } from './notice-template-store.ts'
import { renderNotice } from './notice-text.ts'

/** The newest first; one more than `limit` when there are more. */
export function listNotices(
  { db }: Pick<Context, 'db'>,
  { limit, cursor, status, kind, user_id }: NoticeListQuery,
): Promise<NoticeRow[]> {
  const after = decodeCursor(cursor)
  let query = db
    .selectFrom('notices')
    .selectAll()
    .orderBy('id', 'desc')
    .limit(limit + 1)
  if (status !== undefined) query = query.where('status', '=', status)
  if (kind !== undefined) query = query.where('kind', '=', kind)
  if (user_id !== undefined) query = query.where('user_id', '=', user_id)
  if (after !== null) query = query.where('id', '<', after)
  return query.execute()
}

export async function readNotices(
  { db, baseUrl }: Pick<Context, 'db' | 'baseUrl'>,
  rows: readonly NoticeRow[],
): Promise<NoticeRead[]> {
  const users = await findUsers(
    db,
    rows.flatMap(({ user_id }) => user_id ?? []),
  )
  const channelIds = rows.flatMap(({ channel_id }) => channel_id ?? [])
  const channels = await db
    .selectFrom('notice_channels')
    .select(['id', 'name'])
    .where('id', 'in', [...new Set(channelIds), ''])
    .execute()
  const words = await changedWords(db)
  return rows.map((row): NoticeRead => {
    const { id, kind, channel, status, data, attempts, last_error, user_id, channel_id } = row
    const user = user_id === null ? undefined : users.get(user_id)
    const to = user ? readPerson(user) : null
    const { subject } = renderNotice({
      kind,
      data,
      name: to?.name ?? '',
      words: words.get(kind),
      baseUrl: baseUrl(),
    })
    return {
      ...{ id, kind, channel, status, to, subject, attempts, last_error },
      channel_name: channels.find((one) => one.id === channel_id)?.name ?? null,
      access_request_id: row.request_id,
      next_attempt_at: row.next_attempt_at?.toISOString() ?? null,
      created_at: row.created_at.toISOString(),
      sent_at: row.sent_at?.toISOString() ?? null,
    }
  })
}
