/** What people do with a stream: pause it, move it, send a range again. */
import type { Context } from '../context.ts'
import { matching } from '../events/event-list.ts'
import { newId } from '../lib/ids.ts'
import type { Webhook } from '../webhooks/webhook.ts'
import { endPlanned, newCursor, type StreamRow } from './stream-store.ts'

/** The live cursor of a webhook; null until it has one. */
export async function findStream({ db }: Pick<Context, 'db'>, webhookId: string): Promise<StreamRow | null> {
  const query = db.selectFrom('siem_streams').selectAll().where('webhook_id', '=', webhookId)
  return (await query.where('kind', '=', 'live').executeTakeFirst()) ?? null
}

/** Pauses or resumes the stream and its replays. */
export async function setPaused(ctx: Context, webhookId: string, paused: boolean): Promise<void> {
  await ctx.db
    .updateTable('siem_streams')
    .set({ paused_at: paused ? new Date(ctx.clock()) : null })
    .where('webhook_id', '=', webhookId)
    .where('paused_at', paused ? 'is' : 'is not', null)
    .execute()
}

export type Span = { readonly first: number; readonly last: number }

/** The entries between two times (RFC 3339) and positions, all of them optional; null when there are none. */
export async function spanOf(
  ctx: Context,
  range: {
    from?: string | undefined
    to?: string | undefined
    from_position?: number | undefined
    to_position?: number | undefined
  },
): Promise<Span | null> {
  let query = matching(ctx.db.selectFrom('events'), { from: range.from, to: range.to })
  if (range.from_position !== undefined) query = query.where('position', '>=', String(range.from_position))
  if (range.to_position !== undefined) query = query.where('position', '<=', String(range.to_position))
  const { first, last } = await query
    .select((select) => [select.fn.min('position').as('first'), select.fn.max('position').as('last')])
    .executeTakeFirstOrThrow()
  return first === null ? null : { first: Number(first), last: Number(last) }
}

/** A cursor of its own over the span: the live stream goes on beside it. */
export async function addReplay(
  ctx: Context,
  webhook: Webhook,
  span: Span,
  paused: Date | null,
): Promise<StreamRow> {
  return ctx.db
    .insertInto('siem_streams')
    .values({
      ...newCursor(webhook.id, span.first - 1, new Date(ctx.clock())),
      id: newId('str', ctx.clock()),
      kind: 'replay',
      last_position: span.last,
      paused_at: paused,
    })
    .returningAll()
    .executeTakeFirstOrThrow()
}

/** Ends a replay; false when there is none of this id. */
export async function cancelReplay(ctx: Context, webhookId: string, id: string): Promise<boolean> {
  return ctx.db.transaction().execute(async (tx) => {
    const ended = await tx
      .deleteFrom('siem_streams')
      .where('id', '=', id)
      .where('webhook_id', '=', webhookId)
      .where('kind', '=', 'replay')
      .returning('planned')
      .executeTakeFirst()
    if (!ended) return false
    await endPlanned(tx, ended.planned, ctx.clock(), 'Sending this range again was stopped.')
    return true
  })
}

/**
 * Lets the stream go on behind `position`. Its row is given a new id, so that whoever sends the old one finds that it is
 * not theirs any more and writes nothing over this.
 */
export async function moveStream(ctx: Context, row: StreamRow, position: number): Promise<void> {
  await ctx.db.transaction().execute(async (tx) => {
    // What is planned may have changed since the row was read.
    const now = await tx
      .selectFrom('siem_streams')
      .select('planned')
      .where('id', '=', row.id)
      .forUpdate()
      .executeTakeFirst()
    if (!now) return
    await tx
      .updateTable('siem_streams')
      .set({
        id: newId('str', ctx.clock()),
        position,
        window_end: position,
        planned: '[]',
        process_id: null,
        failing_since: null,
        refused_in_a_row: 0,
      })
      .where('id', '=', row.id)
      .execute()
    await endPlanned(tx, now.planned, ctx.clock(), 'The stream was moved on before its receiver took it.')
  })
}
