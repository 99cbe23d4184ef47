/** Taking an unfinished or failed delivery to send it again. A claim is won by one process only. */

import type { Outcome } from '@keyhook/contract/outcome.ts'
import { type SelectQueryBuilder, sql, type UpdateQueryBuilder } from 'kysely'
import type { Context } from '../context.ts'
import type { Tables } from '../db/schema.ts'
import type { Actor, NewEvent } from '../events/event.ts'
import { appendEvents } from '../events/event-store.ts'
import { firstIdAt } from '../lib/ids.ts'
import { tellEnded, toldColumns } from './delivery-events.ts'
import { type DeliveryFilter, endedColumns, type Intent } from './delivery-store.ts'
import { payloadOf } from './entries-payload.ts'
import { reasonsBeforeSending } from './retry-rules.ts'

/** A delivery that is to be sent by whoever holds the claim. */
export type Claim = {
  intent: Intent
  /** Of the next attempt. */
  nextNumber: number
}

const intentColumns = [
  'id',
  'webhook_id',
  'webhook_name',
  'webhook_type',
  'test',
  'payload',
  'process_id',
  'entries',
] as const

/**
 * True of an ended delivery that no receiver can have got, neither by its last sending nor by one before. A timeout
 * without an attempt waited in vain for a free place.
 */
const neverArrived = sql<boolean>`coalesce(not may_repeat and (
  failure_reason in (${sql.join(reasonsBeforeSending)})
  or (failure_reason = 'timeout' and not exists (select from attempts where attempts.delivery_id = deliveries.id))
), false)`

/** Whether a receiver may have got this ended delivery, so that sending it again could do something twice. */
export async function mayHaveArrived(ctx: Context, id: string): Promise<boolean> {
  const row = await ctx.db
    .selectFrom('deliveries')
    .select(neverArrived.as('never'))
    .where('id', '=', id)
    .executeTakeFirst()
  return row?.never !== true
}

/** Takes an ended delivery to send it again; null when it is not ended, or someone else was faster. */
export function claimEnded(ctx: Context, id: string): Promise<Claim | null> {
  // Together with what the sending needs, so that no delivery is taken and then not sent.
  return ctx.db.transaction().execute(async (tx) => {
    const intent = await tx
      .updateTable('deliveries')
      .set({ ...unended, status: 'sending', process_id: ctx.lease.id, may_repeat: sql`not ${neverArrived}` })
      .where('id', '=', id)
      .where('status', 'in', ['succeeded', 'failed'])
      .returning(intentColumns)
      .executeTakeFirst()
    return intent ? claimOf({ ...ctx, db: tx }, intent) : null
  })
}

/** Takes the oldest delivery of a webhook that waits to be sent again; null when there is none. */
export function claimPending(ctx: Context, webhookId: string): Promise<Claim | null> {
  return ctx.db.transaction().execute(async (tx) => {
    const intent = await tx
      .updateTable('deliveries')
      .set({ status: 'sending', process_id: ctx.lease.id })
      .where('id', '=', (query) =>
        query
          .selectFrom('deliveries')
          .select('id')
          .where('status', '=', 'pending')
          .where('webhook_id', '=', webhookId)
          .orderBy('id')
          .limit(1)
          .forUpdate()
          .skipLocked(),
      )
      .where('status', '=', 'pending')
      .returning(intentColumns)
      .executeTakeFirst()
    return intent ? claimOf({ ...ctx, db: tx }, intent) : null
  })
}

/** The webhooks that deliveries wait for to be sent again. */
export async function webhooksWithPending(ctx: Context): Promise<string[]> {
  const rows = await ctx.db
    .selectFrom('deliveries')
    .select('webhook_id')
    .distinct()
    .where('status', '=', 'pending')
    .execute()
  return rows.flatMap(({ webhook_id }) => webhook_id ?? [])
}

/**
 * Puts deliveries of dead processes back to be sent where their webhook allows that one arrives twice; not older than
 * `since`. Returns how many.
 */
export async function requeueAbandoned(ctx: Context, since: number): Promise<number> {
  const { numUpdatedRows } = await abandoned(ctx.db.updateTable('deliveries'))
    .set({ status: 'pending', process_id: null, may_repeat: true })
    .where('test', '=', false)
    .where('id', '>=', firstIdAt('dlv', since))
    .where('webhook_id', 'in', (query) =>
      query
        .selectFrom('webhooks')
        .select('webhooks.id')
        .where('archived_at', 'is', null)
        .where('enabled', '=', true)
        .where(sql<boolean>`settings->>'retry_policy' is not null`),
    )
    .executeTakeFirst()
  return Number(numUpdatedRows)
}

/** Ends the deliveries whose process is gone; returns their ids. Safe to run in several processes at once. */
export async function endAbandoned(ctx: Context, outcome: Outcome): Promise<string[]> {
  const now = ctx.clock()
  return ctx.db.transaction().execute(async (tx) => {
    const ended = await tx
      .updateTable('deliveries')
      .set(endedColumns(outcome, new Date(now)))
      .$call(abandoned)
      .returning(toldColumns)
      .execute()
    await tellEnded(tx, now, ended, outcome)
    return ended.map((row) => row.id)
  })
}

export type RetryFilter = Pick<DeliveryFilter, 'webhookId' | 'type' | 'failureReason' | 'from' | 'to'>

/** How many failed deliveries a filter finds, and how many of them the receiver may have acted on. */
export async function countRetryable(
  ctx: Context,
  filter: RetryFilter,
): Promise<{ matching: number; mayRepeat: number }> {
  const { matching, safe } = await retryable(ctx.db.selectFrom('deliveries'), filter)
    .select((select) => [
      select.fn.countAll<string>().as('matching'),
      select.fn.countAll<string>().filterWhere(neverArrived).as('safe'),
    ])
    .executeTakeFirstOrThrow()
  return { matching: Number(matching), mayRepeat: Number(matching) - Number(safe) }
}

/** Puts failed deliveries back to be sent; returns how many. One statement: all of them survive a crash, or none. */
export async function queueRetryable(
  ctx: Context,
  filter: RetryFilter,
  { alsoRepeating, actor }: { alsoRepeating: boolean; actor: Actor },
): Promise<number> {
  const now = ctx.clock()
  return ctx.db.transaction().execute(async (tx) => {
    const { numUpdatedRows } = await tx
      .updateTable('deliveries')
      .set({ ...unended, status: 'pending', process_id: null, may_repeat: sql`not ${neverArrived}` })
      .where('status', '=', 'failed')
      .where('id', 'in', (query) => {
        const found = retryable(query.selectFrom('deliveries'), filter).select('id')
        return alsoRepeating ? found : found.where(neverArrived)
      })
      .executeTakeFirst()
    const queued = Number(numUpdatedRows)
    if (queued > 0) await appendEvents(tx, now, [retriedAll(filter, queued, actor)])
    return queued
  })
}

function retriedAll(
  { webhookId, type, failureReason, from, to }: RetryFilter,
  queued: number,
  actor: Actor,
): NewEvent {
  const time = (at: number | undefined) => (at === undefined ? null : new Date(at).toISOString())
  const wanted = { webhook_id: webhookId ?? null, webhook_type: type ?? null }
  return {
    type: 'ADMIN_RETRIED_DELIVERIES',
    actor,
    metadata: {
      queued,
      filter: { ...wanted, failure_reason: failureReason ?? null, from: time(from), to: time(to) },
    },
  }
}

const unended = { outcome: null, failure_reason: null, finished_at: null, duration_ms: null }

/** Failed ones of live webhooks; tests are left out, for nobody waits for them. */
function retryable<Output>(
  query: SelectQueryBuilder<Tables, 'deliveries', Output>,
  { webhookId, type, failureReason, from, to }: RetryFilter,
) {
  let filtered = query
    .where('status', '=', 'failed')
    .where('test', '=', false)
    .where('webhook_id', 'in', (webhooks) =>
      webhooks.selectFrom('webhooks').select('webhooks.id').where('archived_at', 'is', null),
    )
  if (webhookId !== undefined) filtered = filtered.where('webhook_id', '=', webhookId)
  if (type !== undefined) filtered = filtered.where('webhook_type', '=', type)
  if (failureReason !== undefined) filtered = filtered.where('failure_reason', '=', failureReason)
  if (from !== undefined) filtered = filtered.where('id', '>=', firstIdAt('dlv', from))
  if (to !== undefined) filtered = filtered.where('id', '<', firstIdAt('dlv', to))
  return filtered
}

async function claimOf(ctx: Context, intent: Intent): Promise<Claim> {
  const { last } = await ctx.db
    .selectFrom('attempts')
    .select((select) => select.fn.max('number').as('last'))
    .where('delivery_id', '=', intent.id)
    .executeTakeFirstOrThrow()
  const payload = await payloadOf(ctx, intent)
  return { intent: { ...intent, payload: payload ?? new Uint8Array() }, nextNumber: (last ?? 0) + 1 }
}

/** Those whose process is gone. */
function abandoned<Output>(query: UpdateQueryBuilder<Tables, 'deliveries', 'deliveries', Output>) {
  return query
    .where('finished_at', 'is', null)
    .where('process_id', 'is not', null)
    .where('process_id', 'not in', (processes) => processes.selectFrom('processes').select('id'))
}
