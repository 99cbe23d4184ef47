/**
 * Turns what is to be told into a notice for each person and channel, as people want it and as the operator has set it
 * up. Who can be reached in no way gets none: their inbox in the console tells them, and nothing piles up.
 */
import type { Insertable, Selectable, Transaction } from 'kysely'
import type { Context } from '../context.ts'
import type { NoticeOrderTable, NoticeTable } from '../db/notice-schema.ts'
import type { Tables } from '../db/schema.ts'
import { newId } from '../lib/ids.ts'
import { readersOf } from './notice-people.ts'
import {
  anyOwnChat,
  type Channel,
  channelsFor,
  enabledChannels,
  preferencesOf,
  wayTo,
} from './notice-ways.ts'

const batch = 200
/** So many rows one statement writes. */
const atOnce = 500

type Order = Selectable<NoticeOrderTable>
type Draft = Pick<Selectable<NoticeTable>, 'channel' | 'user_id' | 'channel_id'> & { order: Order }

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
    const rows = (await draftsOf(tx, orders, ctx.config.mail !== null)).map((draft) => rowOf(draft, now))
    for (let from = 0; from < rows.length; from += atOnce)
      await tx
        .insertInto('notices')
        .values(rows.slice(from, from + atOnce))
        .execute()
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

function rowOf({ order, ...draft }: Draft, now: number): Insertable<NoticeTable> {
  return {
    id: newId('ntc', now),
    kind: order.kind,
    ...draft,
    status: 'waiting',
    request_id: order.request_id,
    data: JSON.stringify(order.data),
    attempts: 0,
    last_error: null,
    next_attempt_at: new Date(now),
    created_at: new Date(now),
    sent_at: null,
  }
}

async function draftsOf(tx: Transaction<Tables>, orders: readonly Order[], mail: boolean): Promise<Draft[]> {
  const channels = await enabledChannels(tx)
  const people = mail || (await anyOwnChat(tx))
  return merged([
    ...(people ? await forPeople(tx, orders, mail) : []),
    ...(channels.length > 0 ? await forChannels(tx, orders, channels) : []),
  ])
}

/**
 * Somebody may be meant twice, by name and through a group, and several permissions of a request may go the same way at the
 * same time: each reader is told of it once.
 */
function merged(drafts: readonly Draft[]): Draft[] {
  const same = Map.groupBy(drafts, ({ order: { kind, request_id, data }, user_id, channel_id }) =>
    JSON.stringify([kind, request_id, data.link, data.when, data.reason, user_id, channel_id]),
  )
  return [...same.values()].flatMap(([first, ...others]) => {
    if (!first || others.length === 0) return first ?? []
    const whats = [first, ...others].flatMap(({ order }) => order.data.what ?? [])
    const what = whats.length === 0 ? null : [...new Set(whats)].join(', ')
    return { ...first, order: { ...first.order, data: { ...first.order.data, what } } }
  })
}

async function forPeople(tx: Transaction<Tables>, orders: readonly Order[], mail: boolean): Promise<Draft[]> {
  const readers = new Map<string, string[]>()
  for (const { principal_id } of orders)
    if (!readers.has(principal_id)) readers.set(principal_id, await readersOf(tx, principal_id))
  const preferences = await preferencesOf(tx, [...new Set([...readers.values()].flat())])
  return orders.flatMap((order) =>
    (readers.get(order.principal_id) ?? []).flatMap((user_id): Draft[] => {
      const channel = wayTo(preferences.get(user_id), order.kind, mail)
      return channel === 'none' ? [] : [{ order, channel, user_id, channel_id: null }]
    }),
  )
}

async function forChannels(
  tx: Transaction<Tables>,
  orders: readonly Order[],
  channels: readonly Channel[],
): Promise<Draft[]> {
  const drafts: Draft[] = []
  for (const order of orders)
    for (const channel_id of await channelsFor(tx, channels, order))
      drafts.push({ order, channel: 'channel', user_id: null, channel_id })
  return drafts
}
