/** The cursors of streams in the database. Who sends holds the row by `process_id`; whoever lost it changes nothing. */
import { type ExpressionBuilder, type Selectable, sql, type Transaction } from 'kysely'
import type { Context } from '../context.ts'
import type { Tables } from '../db/schema.ts'
import type { PlannedBatch, StreamFailure, StreamTable } from '../db/stream-schema.ts'
import { endedColumns, type FinishedAttempt, failureReasonOf } from '../deliveries/delivery-store.ts'
import { streamOf } from '../webhooks/stream-settings.ts'
import type { Webhook } from '../webhooks/webhook.ts'
import type { SentBatch } from './stream-send.ts'

export type StreamRow = Selectable<StreamTable>

/** The stream of this process is another's now. */
export class StreamLost extends Error {}

/** What is written of a stream while it is being sent. */
export type StreamProgress = {
  readonly position: number
  readonly windowEnd: number
  readonly planned: readonly PlannedBatch[]
  readonly sentEvents: number
  readonly rate: number
  readonly refusedInARow: number
  readonly lastSuccessAt: Date | null
  readonly failingSince: Date | null
  readonly lastFailure: StreamFailure | null
}

/** Takes the streams that nobody sends, or whose process is dead; returns all that are this process's. */
export async function claimStreams(ctx: Context): Promise<StreamRow[]> {
  await ctx.db
    .updateTable('siem_streams')
    .set({ process_id: ctx.lease.id })
    .where((or) =>
      or.or([
        or('process_id', 'is', null),
        or('process_id', 'not in', (query) => query.selectFrom('processes').select('id')),
      ]),
    )
    .execute()
  return ctx.db.selectFrom('siem_streams').selectAll().where('process_id', '=', ctx.lease.id).execute()
}

/** Writes what is about to be sent, so that after a crash the same events are sent again under the same ids. */
export async function savePlan(
  ctx: Context,
  id: string,
  { position, windowEnd, planned }: Pick<StreamProgress, 'position' | 'windowEnd' | 'planned'>,
): Promise<void> {
  const { numUpdatedRows } = await ctx.db
    .updateTable('siem_streams')
    .set({ position, window_end: windowEnd, planned: JSON.stringify(planned) })
    .where('id', '=', id)
    .where('process_id', '=', ctx.lease.id)
    .executeTakeFirst()
  if (numUpdatedRows === 0n) throw new StreamLost(id)
}

/** Writes what came of a round, the deliveries and how far the stream is, in one transaction. Throws `StreamLost`. */
export async function saveRound(
  ctx: Context,
  id: string,
  webhook: Webhook,
  sent: readonly SentBatch[],
  progress: StreamProgress,
): Promise<void> {
  await ctx.db.transaction().execute(async (tx) => {
    const { numUpdatedRows } = await tx
      .updateTable('siem_streams')
      .set({
        position: progress.position,
        window_end: progress.windowEnd,
        planned: JSON.stringify(progress.planned),
        sent_events: progress.sentEvents,
        rate: progress.rate,
        refused_in_a_row: progress.refusedInARow,
        last_success_at: progress.lastSuccessAt,
        failing_since: progress.failingSince,
        last_failure: progress.lastFailure && JSON.stringify(progress.lastFailure),
      })
      .where('id', '=', id)
      .where('process_id', '=', ctx.lease.id)
      .executeTakeFirst()
    if (numUpdatedRows === 0n) throw new StreamLost(id)
    await saveDeliveries(tx, webhook, sent)
  })
}

/** A dead endpoint is asked for days: of its attempts the first are kept, and the last. */
const attemptsKept = 10

async function saveDeliveries(
  tx: Transaction<Tables>,
  webhook: Webhook,
  sent: readonly SentBatch[],
): Promise<void> {
  const tried = sent.flatMap((one) => (one.attempt === null ? [] : [{ ...one, attempt: one.attempt }]))
  if (tried.length === 0) return
  // One parameter for all rows: one for each member costs several times as much on both sides.
  await sql`
    insert into deliveries (id, webhook_id, webhook_name, webhook_type, test, status, outcome, failure_reason, finished_at,
      payload, duration_ms, entries)
    select id, ${webhook.id}, ${webhook.name}, ${webhook.type}, false, status, outcome::json, failure_reason, finished_at, '',
      duration_ms, entries
    from json_to_recordset(${JSON.stringify(tried.map(deliveryColumns))}::json) as row (id text, status text, outcome text,
      failure_reason text, finished_at timestamptz, duration_ms double precision, entries json)
    on conflict (id) do update set status = excluded.status, outcome = excluded.outcome,
      failure_reason = excluded.failure_reason, finished_at = excluded.finished_at, duration_ms = excluded.duration_ms`.execute(
    tx,
  )
  const attempts = tried.filter(
    ({ batch, verdict }) => batch.attempts <= attemptsKept || verdict === 'taken' || verdict === 'set_aside',
  )
  await sql`
    insert into attempts (id, delivery_id, number, started_at, duration_ms, exchange, response_body, outcome)
    select id, delivery_id, number, started_at, duration_ms, exchange::json, decode(response_body, 'base64'), outcome::json
    from json_to_recordset(${JSON.stringify(attempts.map(attemptRow))}::json) as row (id text, delivery_id text,
      number integer, started_at timestamptz, duration_ms double precision, exchange text, response_body text, outcome text)
    on conflict do nothing`.execute(tx)
}

type Tried = SentBatch & { readonly attempt: FinishedAttempt }

const divided = {
  status: 'skipped',
  explanation: 'It was divided into smaller deliveries, which tell how they went.',
} as const

function deliveryColumns({ batch, verdict, stored, attempt, outcome }: Tried) {
  const kept = verdict === 'taken' || verdict === 'set_aside' ? outcome : null
  const ended = verdict === 'split' ? divided : kept
  return {
    id: batch.id,
    // Not by a process: what a dead one leaves is the stream's to send again, and never interrupted.
    status: ended?.status ?? 'sending',
    outcome: ended && JSON.stringify(ended),
    failure_reason: failureReasonOf(ended),
    finished_at: ended && attempt.finishedAt,
    duration_ms: attempt.durationMs,
    entries: stored,
  }
}

function attemptRow({ attempt }: Tried) {
  return {
    id: attempt.id,
    delivery_id: attempt.deliveryId,
    number: attempt.number,
    started_at: attempt.startedAt,
    duration_ms: attempt.durationMs,
    // As text: a NUL in it, which the receiver may send, would stop all of it from being read.
    exchange: JSON.stringify(attempt.exchange),
    response_body: attempt.responseBody && Buffer.from(attempt.responseBody).toString('base64'),
    outcome: JSON.stringify(attempt.outcome),
  }
}

/** A cursor for each SIEM webhook that has none, where its settings say that it begins. */
export async function ensureStreams(ctx: Context): Promise<void> {
  const webhooks = await ctx.db
    .selectFrom('webhooks')
    .select(['id', 'settings', 'created_at'])
    .where('type', '=', 'siem')
    .where('archived_at', 'is', null)
    .where(({ not, exists, selectFrom }) =>
      not(
        exists(
          selectFrom('siem_streams')
            .select('siem_streams.id')
            .whereRef('webhook_id', '=', 'webhooks.id')
            .where('kind', '=', 'live'),
        ),
      ),
    )
    .execute()
  for (const { id, settings, created_at } of webhooks) {
    const { start } = streamOf({ stream: settings.stream ?? null })
    // A time that the database does not know must not keep the others from their streams.
    const position = await positionAt(ctx, start === 'now' ? created_at.toISOString() : start).catch(
      (error: unknown) => {
        ctx.log.warn({ err: error, webhook_id: id, start }, 'a stream has no beginning that can be found')
        return null
      },
    )
    if (position === null) continue
    await ctx.db
      .insertInto('siem_streams')
      .values({
        ...newCursor(id, position, created_at),
        id: id.replace(/^wh_/, 'str_'),
        kind: 'live',
        last_position: null,
        paused_at: null,
      })
      .onConflict((conflict) => conflict.doNothing())
      .execute()
  }
}

/** What a new cursor has in common, wherever it begins: it stands behind `position` and nobody sends it yet. */
export function newCursor(webhookId: string, position: number, createdAt: Date) {
  return {
    webhook_id: webhookId,
    first_position: position + 1,
    position,
    window_end: position,
    planned: '[]',
    process_id: null,
    last_success_at: null,
    failing_since: null,
    alerted_at: null,
    created_at: createdAt,
  }
}

/** The last position before a time; `beginning` and `now` are the ends of the log. */
export async function positionAt({ db }: Pick<Context, 'db'>, at: string): Promise<number> {
  const head = await db.selectFrom('log_head').selectAll().executeTakeFirstOrThrow()
  if (at === 'now') return Number(head.position)
  const before =
    at === 'beginning'
      ? null
      : await db
          .selectFrom('events')
          .select('position')
          .where('logged_at', '<', sql<Date>`${at}::timestamptz`)
          .orderBy('logged_at', 'desc')
          .orderBy('position', 'desc')
          .limit(1)
          .executeTakeFirst()
  return before ? Number(before.position) : Number(head.first_position) - 1
}

/** When the first entry behind a position was logged; null: there is none. */
export async function oldestUnsent({ db }: Pick<Context, 'db'>, position: number): Promise<Date | null> {
  const next = await db
    .selectFrom('events')
    .select('logged_at')
    .where('position', '>', String(position))
    .orderBy('position')
    .limit(1)
    .executeTakeFirst()
  return next?.logged_at ?? null
}

/** Streams of webhooks that were deleted end, and with them what they were about to send. */
export async function endOrphans(ctx: Context): Promise<void> {
  const isDeleted = (query: ExpressionBuilder<Tables, 'siem_streams'>) =>
    query(
      'webhook_id',
      'in',
      query.selectFrom('webhooks').select('webhooks.id').where('archived_at', 'is not', null),
    )
  const found = await ctx.db
    .selectFrom('siem_streams')
    .select('id')
    .where(isDeleted)
    .limit(1)
    .executeTakeFirst()
  if (!found) return
  await ctx.db.transaction().execute(async (tx) => {
    const gone = await tx.deleteFrom('siem_streams').where(isDeleted).returning('planned').execute()
    for (const { planned } of gone)
      await endPlanned(tx, planned, ctx.clock(), 'The webhook was deleted before its receiver took it.')
  })
}

/** Ends the deliveries that were tried and would have been tried again by a cursor that is no more, or is elsewhere. */
export async function endPlanned(
  tx: Transaction<Tables>,
  planned: readonly PlannedBatch[],
  now: number,
  explanation: string,
): Promise<void> {
  if (planned.length === 0) return
  const ids = planned.map(({ id }) => id)
  await tx
    .updateTable('deliveries')
    .set(endedColumns({ status: 'skipped', explanation }, new Date(now)))
    .where('id', 'in', ids)
    .where('finished_at', 'is', null)
    .execute()
}

/** Forgets a replay that is through. */
export async function removeStream(ctx: Context, id: string): Promise<void> {
  await ctx.db.deleteFrom('siem_streams').where('id', '=', id).where('kind', '=', 'replay').execute()
}
