/** The cursors of streams in the database. Who sends holds the row by `process_id`; whoever lost it changes nothing. */
import { type Selectable, sql, type Transaction } from 'kysely'
import type { Context } from '../context.ts'
import type { Tables } from '../db/schema.ts'
import type { PlannedBatch, StreamFailure, StreamTable } from '../db/stream-schema.ts'
import { failureReasonOf } from '../deliveries/delivery-store.ts'
import { attemptColumns } from '../deliveries/delivery-writes.ts'
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
  const tried = sent.filter(({ attempt, verdict }) => attempt !== null || verdict === 'set_aside')
  if (tried.length === 0) return
  await tx
    .insertInto('deliveries')
    .values(tried.map((one) => deliveryColumns(webhook, one)))
    .onConflict((conflict) =>
      conflict.column('id').doUpdateSet((set) => ({
        status: set.ref('excluded.status'),
        outcome: set.ref('excluded.outcome'),
        failure_reason: set.ref('excluded.failure_reason'),
        finished_at: set.ref('excluded.finished_at'),
        duration_ms: set.ref('excluded.duration_ms'),
      })),
    )
    .execute()
  const attempts = tried.flatMap(({ attempt, batch, verdict }) =>
    attempt && (batch.attempts <= attemptsKept || verdict === 'taken' || verdict === 'set_aside')
      ? [attemptColumns(attempt)]
      : [],
  )
  if (attempts.length === 0) return
  await tx
    .insertInto('attempts')
    .values(attempts)
    .onConflict((conflict) => conflict.doNothing())
    .execute()
}

function deliveryColumns(webhook: Webhook, { batch, verdict, stored, attempt, outcome }: SentBatch) {
  const ended = verdict === 'taken' || verdict === 'set_aside' ? outcome : null
  const split =
    verdict === 'split'
      ? ({
          status: 'skipped',
          explanation: 'It was divided into smaller deliveries, which tell how they went.',
        } as const)
      : null
  return {
    id: batch.id,
    webhook_id: webhook.id,
    webhook_name: webhook.name,
    webhook_type: webhook.type,
    test: false,
    status: (ended ?? split)?.status ?? ('sending' as const),
    payload: new Uint8Array(),
    outcome: ended || split ? JSON.stringify(ended ?? split) : null,
    failure_reason: failureReasonOf(ended),
    // Not a process: what a dead one leaves is the stream's to send again, and never interrupted.
    process_id: null,
    finished_at: ended || split ? (attempt?.finishedAt ?? null) : null,
    duration_ms: attempt?.durationMs ?? null,
    entries: JSON.stringify(stored),
  }
}

/** A cursor for each SIEM webhook that has none, where its settings say that it begins. */
export async function ensureStreams(ctx: Context): Promise<void> {
  const startOf = sql`webhooks.settings->'stream'->>'start'`
  await sql`
    insert into siem_streams (id, webhook_id, kind, first_position, position, window_end, planned, created_at)
    select 'str_' || substr(webhooks.id, 4), webhooks.id, 'live', began.position + 1, began.position, began.position, '[]',
      webhooks.created_at
    from webhooks, lateral (
      select coalesce(
        case when ${startOf} = 'beginning' then null else (
          select position from events
          where logged_at < case when coalesce(${startOf}, 'now') = 'now' then webhooks.created_at
            else (${startOf})::timestamptz end
          order by logged_at desc, position desc limit 1
        ) end,
        (select first_position - 1 from log_head)
      ) as position
    ) as began
    where type = 'siem' and archived_at is null
      and not exists (select 1 from siem_streams where webhook_id = webhooks.id and kind = 'live')
    on conflict do nothing`.execute(ctx.db)
}

/** Streams of webhooks that were deleted end, and with them what they were about to send. */
export async function endOrphans(ctx: Context): Promise<void> {
  await sql`
    delete from siem_streams using webhooks
    where webhooks.id = siem_streams.webhook_id and webhooks.archived_at is not null`.execute(ctx.db)
}

/** Forgets a replay that is through. */
export async function removeStream(ctx: Context, id: string): Promise<void> {
  await ctx.db.deleteFrom('siem_streams').where('id', '=', id).where('kind', '=', 'replay').execute()
}
