/**
 * Turns what is to be told into a notice for each person and channel, as people want it and as the operator has set it
 * up. Who can be reached in no way gets none: their inbox in the console tells them, and nothing piles up.
 */
import { type NoticeChoice, type NoticeKind, noticeKindTable } from '@keyhook/contract/notice-words.ts'
import type { Selectable, Transaction } from 'kysely'
import type { Context } from '../context.ts'
import type { NoticeOrderTable, NoticeTable } from '../db/notice-schema.ts'
import type { Tables } from '../db/schema.ts'
import { newId } from '../lib/ids.ts'
import { readersOf } from './notice-people.ts'

const batch = 100

type Order = Selectable<NoticeOrderTable>
type Draft = Pick<Selectable<NoticeTable>, 'channel' | 'user_id' | 'channel_id'>

/** One batch; how many orders there were. */
export function expandOrders(ctx: Context): Promise<number> {
  return ctx.db.transaction().execute(async (tx) => {
    const orders = await tx
      .selectFrom('notice_orders')
      .selectAll()
      .orderBy('seq')
      .limit(batch)
      .forUpdate()
      .skipLocked()
      .execute()
    if (orders.length === 0) return 0
    const now = ctx.clock()
    const rows = []
    for (const order of orders) {
      for (const draft of await draftsOf(tx, order, ctx.config.mail !== null)) {
        rows.push({
          id: newId('ntc', now),
          kind: order.kind,
          ...draft,
          status: 'waiting' as const,
          request_id: order.request_id,
          data: JSON.stringify(order.data),
          attempts: 0,
          last_error: null,
          next_attempt_at: new Date(now),
          created_at: new Date(now),
          sent_at: null,
        })
      }
    }
    if (rows.length > 0) await tx.insertInto('notices').values(rows).execute()
    await tx
      .deleteFrom('notice_orders')
      .where(
        'seq',
        'in',
        orders.map(({ seq }) => seq),
      )
      .execute()
    return orders.length
  })
}

async function draftsOf(tx: Transaction<Tables>, order: Order, mail: boolean): Promise<Draft[]> {
  const drafts: Draft[] = []
  for (const reader of await readersOf(tx, order.principal_id)) {
    const way = await wayTo(tx, reader.id, order.kind, mail)
    if (way !== 'none') drafts.push({ channel: way, user_id: reader.id, channel_id: null })
  }
  return [...drafts, ...(await channelsFor(tx, order))]
}

/** How a person wants this kind, of the ways that there are. */
async function wayTo(
  tx: Transaction<Tables>,
  userId: string,
  kind: NoticeKind,
  mail: boolean,
): Promise<NoticeChoice> {
  const { group } = noticeKindTable[kind]
  const otherwise = mail ? 'mail' : 'none'
  if (group === null) return otherwise
  const row = await tx
    .selectFrom('notice_preferences')
    .select(['choices', 'sealed_chat_url'])
    .where('user_id', '=', userId)
    .executeTakeFirst()
  const choice = row?.choices[group] ?? 'mail'
  if (choice === 'chat' && row?.sealed_chat_url) return 'chat'
  return choice === 'none' ? 'none' : otherwise
}

/** Channels of teams hear of work: what is for the administrators or the app admins, not what is for one person. */
async function channelsFor(tx: Transaction<Tables>, order: Order): Promise<Draft[]> {
  if (order.principal_id.startsWith('usr_') || order.principal_id.startsWith('grp_')) return []
  const channels = await tx
    .selectFrom('notice_channels')
    .select(['id', 'app_ids', 'kinds'])
    .where('enabled', '=', true)
    .execute()
  return channels
    .filter(
      ({ app_ids, kinds }) =>
        (app_ids === null || (order.app_id !== null && app_ids.includes(order.app_id))) &&
        (kinds === null || kinds.includes(order.kind)),
    )
    .map(({ id }) => ({ channel: 'channel', user_id: null, channel_id: id }))
}
