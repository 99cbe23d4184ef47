import type { DeliveryStatus } from '@keyhook/contract/api/delivery.ts'
import type { Outcome } from '@keyhook/contract/outcome.ts'
import type { WebhookType } from '@keyhook/contract/webhook-type.ts'
import { type Selectable, sql } from 'kysely'
import type { Context } from '../context.ts'
import { type Batcher, createBatcher } from '../db/batcher.ts'
import type { Database } from '../db/open.ts'
import type { AttemptTable, DeliveryTable, StoredExchange } from '../db/schema.ts'
import { firstIdAt } from '../lib/ids.ts'

export type DeliveryRow = Selectable<DeliveryTable>
export type AttemptRow = Selectable<AttemptTable>

/** What is known before the first byte leaves. */
export type Intent = Pick<
  DeliveryRow,
  'id' | 'webhook_id' | 'webhook_name' | 'webhook_type' | 'test' | 'payload' | 'process_id'
>

/** An attempt that is over. */
export type FinishedAttempt = {
  id: string
  deliveryId: string
  number: number
  startedAt: Date
  durationMs: number
  exchange: StoredExchange
  responseBody: Uint8Array | null
  outcome: Outcome
  finishedAt: Date
}

/** The durable writes of deliveries. Those of concurrent callers share a commit. */
export type DeliveryWrites = {
  /** Commits that a delivery is about to be sent. */
  begin: Batcher<Intent, void>['add']
  /** Commits an attempt and with it the end of its delivery; false when the delivery had already ended. */
  finish: Batcher<FinishedAttempt, boolean>['add']
}

const maxBatch = 128

export function createDeliveryWrites(db: Database): DeliveryWrites {
  const begin = createBatcher<Intent, void>(async (intents) => {
    await db
      .insertInto('deliveries')
      .values(intents.map((intent) => ({ ...intent, status: 'sending' as const })))
      .execute()
    return intents.map(() => undefined)
  }, maxBatch)
  const finish = createBatcher<FinishedAttempt, boolean>(async (attempts) => {
    const finished = await finishAll(db, attempts)
    return attempts.map((attempt) => finished.has(attempt.deliveryId))
  }, maxBatch)
  return { begin: begin.add, finish: finish.add }
}

/**
 * Written so that the planner cannot use the partial index on unfinished deliveries here: under load that index is full
 * of entries of deliveries that have just finished, and going through them costs far more than looking up each id.
 */
const isUnfinished = sql`(deliveries.finished_at is null)::integer = 1`

/** One statement, so one commit and one round trip: the deliveries that end now, then their attempts. */
async function finishAll(db: Database, attempts: readonly FinishedAttempt[]): Promise<Set<string>> {
  const rows = attempts.map(
    (a) => sql`(${a.deliveryId}::text, ${a.outcome.status}::text, ${failureReasonOf(a.outcome)}::text,
      ${a.finishedAt}::timestamptz, ${a.durationMs}::double precision, ${a.id}::text, ${a.number}::integer,
      ${a.startedAt}::timestamptz, ${JSON.stringify(a.exchange)}::json, ${a.responseBody}::bytea,
      ${JSON.stringify(a.outcome)}::json)`,
  )
  const result = await sql<{ id: string }>`
    with done (delivery_id, status, failure_reason, finished_at, duration_ms, id, number, started_at, exchange,
               response_body, outcome) as (values ${sql.join(rows)}),
    finished as (
      update deliveries set status = done.status, outcome = done.outcome, failure_reason = done.failure_reason,
        finished_at = done.finished_at, duration_ms = done.duration_ms
      from done where deliveries.id = done.delivery_id and ${isUnfinished}
      returning deliveries.id
    ),
    recorded as (
      insert into attempts (id, delivery_id, number, started_at, duration_ms, exchange, response_body, outcome)
      select done.id, delivery_id, number, started_at, duration_ms, exchange, response_body, outcome from done
      join finished on finished.id = done.delivery_id
    )
    select id from finished`.execute(db)
  return new Set(result.rows.map((row) => row.id))
}

/** Commits a delivery that ended without an attempt. */
export async function insertEnded(ctx: Context, intent: Intent, outcome: Outcome): Promise<void> {
  await ctx.db
    .insertInto('deliveries')
    .values({ ...intent, process_id: null, ...endedColumns(outcome, new Date(ctx.clock())) })
    .execute()
}

/** Ends one delivery that was not sent, if it was begun at all. */
export async function endUnsent(ctx: Context, id: string, outcome: Outcome): Promise<void> {
  await ctx.db
    .updateTable('deliveries')
    .set(endedColumns(outcome, new Date(ctx.clock())))
    .where('id', '=', id)
    .where('finished_at', 'is', null)
    .execute()
}

/** Ends the deliveries whose process is gone; returns their ids. Safe to run in several processes at once. */
export async function endAbandoned(ctx: Context, outcome: Outcome): Promise<string[]> {
  const rows = await ctx.db
    .updateTable('deliveries')
    .set(endedColumns(outcome, new Date(ctx.clock())))
    .where('finished_at', 'is', null)
    .where('process_id', 'is not', null)
    .where('process_id', 'not in', (query) => query.selectFrom('processes').select('id'))
    .returning('id')
    .execute()
  return rows.map((row) => row.id)
}

function endedColumns(outcome: Outcome, at: Date) {
  return {
    status: outcome.status,
    outcome: JSON.stringify(outcome),
    failure_reason: failureReasonOf(outcome),
    finished_at: at,
  }
}

function failureReasonOf(outcome: Outcome) {
  return outcome.status === 'failed' ? outcome.failure_reason : null
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
  test: boolean | undefined
  /** Epoch milliseconds. */
  from: number | undefined
  to: number | undefined
}

export type DeliverySummaryRow = Omit<DeliveryRow, 'payload' | 'process_id' | 'failure_reason'>

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
    ])
  if (filter.webhookId !== undefined) query = query.where('webhook_id', '=', filter.webhookId)
  if (filter.type !== undefined) query = query.where('webhook_type', '=', filter.type)
  if (filter.status !== undefined) query = query.where('status', '=', filter.status)
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
