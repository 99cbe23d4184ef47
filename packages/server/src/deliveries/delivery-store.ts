import type { DeliveryStatus } from '@keyhook/contract/api/delivery.ts'
import type { FailureReason, Outcome, SkippedOutcome } from '@keyhook/contract/outcome.ts'
import type { WebhookType } from '@keyhook/contract/webhook-type.ts'
import type { Selectable } from 'kysely'
import type { Context } from '../context.ts'
import type { AttemptTable, DeliveryTable, StoredExchange } from '../db/schema.ts'
import { type Actor, system } from '../events/event.ts'
import { appendEvents, inboxRow } from '../events/event-store.ts'
import type { IdempotencyKey } from '../http/idempotency.ts'
import { claimKeys } from '../http/idempotency.ts'
import { firstIdAt } from '../lib/ids.ts'
import { deliveryEnded, tellEnded, toldColumns } from './delivery-events.ts'

export type DeliveryRow = Selectable<DeliveryTable>
export type AttemptRow = Selectable<AttemptTable>

/** What is known before the first byte leaves. */
export type Intent = Pick<
  DeliveryRow,
  'id' | 'webhook_id' | 'webhook_name' | 'webhook_type' | 'test' | 'payload' | 'process_id' | 'entries'
>

/** The columns of an intent as they are written. */
export function intentColumns({ entries, ...intent }: Intent) {
  return { ...intent, entries: entries && JSON.stringify(entries) }
}

export type KeyedIntent = IdempotencyKey & { readonly intent: Intent }

/** An attempt that is over; its outcome is null when the receiver said that it answers later. */
export type FinishedAttempt = {
  id: string
  deliveryId: string
  number: number
  startedAt: Date
  durationMs: number
  exchange: StoredExchange
  responseBody: Uint8Array | null
  outcome: Outcome | null
  /** What must not be shown of the late answer, sealed; null when none is awaited. */
  lateAnswerSecrets: Uint8Array | null
  finishedAt: Date
}

/** What ended a delivery: an outcome, or the reason why nothing had to be sent. */
export type DeliveryOutcome = Outcome | SkippedOutcome

/**
 * Commits a delivery that ended without an attempt, together with the caller's idempotency key; false when the key is
 * taken, and then nothing was written.
 */
export async function insertEnded(
  ctx: Context,
  intent: Intent,
  outcome: DeliveryOutcome,
  key: IdempotencyKey | null,
  actor: Actor,
): Promise<boolean> {
  const now = ctx.clock()
  const row = { ...intentColumns(intent), process_id: null, ...endedColumns(outcome, new Date(now)) }
  const event = deliveryEnded({ ...intent, duration_ms: null }, { outcome, attempts: 0, actor })
  if (key === null) {
    // One statement for both: a webhook that is disabled or rests may be asked often.
    const told = event && inboxRow(event, now)
    const query = told ? ctx.db.with('told', (db) => db.insertInto('event_inbox').values(told)) : ctx.db
    await query.insertInto('deliveries').values(row).execute()
    return true
  }
  return ctx.db.transaction().execute(async (tx) => {
    if (!(await claimKeys(tx, [{ ...key, resultId: intent.id }]))) return false
    await tx.insertInto('deliveries').values(row).execute()
    await appendEvents(tx, now, event ? [event] : [])
    return true
  })
}

/**
 * Ends a delivery of this process without a further attempt, if it was begun at all; false when it had already ended, or
 * another process has it now.
 */
export async function endUnsent(
  ctx: Context,
  id: string,
  outcome: Outcome,
  actor: Actor = system,
): Promise<boolean> {
  const now = ctx.clock()
  return ctx.db.transaction().execute(async (tx) => {
    const ended = await tx
      .updateTable('deliveries')
      .set(endedColumns(outcome, new Date(now)))
      .where('id', '=', id)
      .where('finished_at', 'is', null)
      .where('process_id', '=', ctx.lease.id)
      .returning(toldColumns)
      .execute()
    await tellEnded(tx, now, ended, outcome, actor)
    return ended.length > 0
  })
}

/** The columns of a delivery that ends. */
export function endedColumns(outcome: DeliveryOutcome, at: Date) {
  return {
    status: outcome.status,
    outcome: JSON.stringify(outcome),
    failure_reason: failureReasonOf(outcome),
    finished_at: at,
  }
}

export function failureReasonOf(outcome: DeliveryOutcome | null) {
  return outcome?.status === 'failed' ? outcome.failure_reason : null
}

export async function findDelivery(ctx: Context, id: string): Promise<DeliveryRow | null> {
  return (await ctx.db.selectFrom('deliveries').selectAll().where('id', '=', id).executeTakeFirst()) ?? null
}

/** The attempts of a delivery, the first one first. */
export function attemptsOf(ctx: Context, deliveryId: string): Promise<AttemptRow[]> {
  return ctx.db
    .selectFrom('attempts')
    .selectAll()
    .where('delivery_id', '=', deliveryId)
    .orderBy('number')
    .execute()
}

export type DeliveryFilter = {
  webhookId: string | undefined
  type: WebhookType | undefined
  status: DeliveryStatus | undefined
  failureReason: FailureReason | undefined
  test: boolean | undefined
  /** Epoch milliseconds. */
  from: number | undefined
  to: number | undefined
}

export type DeliverySummaryRow = Omit<DeliveryRow, 'payload' | 'process_id' | 'failure_reason' | 'may_repeat'>

/** Deliveries without their payloads, the newest first, one more than `limit`. */
export function listDeliveryRows(
  ctx: Context,
  filter: DeliveryFilter,
  { after, limit }: { after: string | null; limit: number },
): Promise<DeliverySummaryRow[]> {
  let query = ctx.db
    .selectFrom('deliveries')
    .select([
      'id',
      'webhook_id',
      'webhook_name',
      'webhook_type',
      'test',
      'status',
      'outcome',
      'finished_at',
      'duration_ms',
      'entries',
    ])
  if (filter.webhookId !== undefined) query = query.where('webhook_id', '=', filter.webhookId)
  if (filter.type !== undefined) query = query.where('webhook_type', '=', filter.type)
  if (filter.status !== undefined) query = query.where('status', '=', filter.status)
  if (filter.failureReason !== undefined) query = query.where('failure_reason', '=', filter.failureReason)
  if (filter.test !== undefined) query = query.where('test', '=', filter.test)
  // Ids carry the time, so that a span of time is a span of the index.
  if (filter.from !== undefined) query = query.where('id', '>=', firstIdAt('dlv', filter.from))
  if (filter.to !== undefined) query = query.where('id', '<', firstIdAt('dlv', filter.to))
  if (after !== null) query = query.where('id', '<', after)
  return query
    .orderBy('id', 'desc')
    .limit(limit + 1)
    .execute()
}
