import type { NoticeKind } from '@keyhook/contract/notice-words.ts'
import type { Transaction } from 'kysely'
import type { NoticeData } from '../db/notice-schema.ts'
import type { Tables } from '../db/schema.ts'

export type NewNotice = {
  kind: NoticeKind
  /** A user, a group, an app (its app admins) or `administrators`. */
  to: string
  appId?: string | null
  requestId?: string | null
  data: NoticeData
}

/**
 * Says, in the transaction of a change, who is to be told of it. Nothing is sent here: once that is committed, it is
 * turned into a notice for each person and channel (see notice-expand.ts). `now` in epoch milliseconds.
 */
export async function enqueueNotices(
  tx: Transaction<Tables>,
  now: number,
  notices: readonly NewNotice[],
): Promise<void> {
  await insertNotices(tx, now, notices)?.execute()
}

/** The statement of `enqueueNotices`; null: nobody is told. */
export function insertNotices(tx: Transaction<Tables>, now: number, notices: readonly NewNotice[]) {
  if (notices.length === 0) return null
  return tx.insertInto('notice_orders').values(
    notices.map(({ kind, to, appId = null, requestId = null, data }) => ({
      kind,
      principal_id: to,
      app_id: appId,
      request_id: requestId,
      data: JSON.stringify(data),
      created_at: new Date(now),
    })),
  )
}
