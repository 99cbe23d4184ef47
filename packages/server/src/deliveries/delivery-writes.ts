/** The durable writes of deliveries under way. Those of concurrent callers share a commit. */
import { sql } from 'kysely'
import { type Batcher, createBatcher } from '../db/batcher.ts'
import type { Database } from '../db/open.ts'
import type { NewEvent } from '../events/event.ts'
import { inboxColumns, inboxRecord, inboxRow, inboxValues } from '../events/event-store.ts'
import {
  type FinishedAttempt,
  failureReasonOf,
  type Intent,
  intentColumns,
  type KeyedIntent,
} from './delivery-store.ts'
import { reasonsBeforeSending } from './retry-rules.ts'

export type DeliveryWrites = {
  /** Commits that a delivery is about to be sent. */
  begin: Batcher<Intent, void>['add']
  /** The same together with the caller's idempotency key; false when the key is taken, and then nothing was written. */
  beginKeyed: Batcher<KeyedIntent, boolean>['add']
  /** Commits the last attempt, the end of its delivery and its entry in the log; false when the delivery had already ended. */
  finish: Batcher<Finish, boolean>['add']
  /** Commits an attempt that another one follows. */
  record(attempt: FinishedAttempt): Promise<void>
  /** Commits the attempt after which the delivery waits for a callback; false when the delivery had already ended. */
  awaitCallback(attempt: FinishedAttempt, deadline: Date): Promise<boolean>
}

/** `event`: what the log tells of it; null: nothing. */
export type Finish = { readonly attempt: FinishedAttempt; readonly event: NewEvent | null }

const maxBatch = 128

export function createDeliveryWrites(db: Database): DeliveryWrites {
  const begin = createBatcher<Intent, void>(async (intents) => {
    await db
      .insertInto('deliveries')
      .values(intents.map((intent) => ({ ...intentColumns(intent), status: 'sending' as const })))
      .execute()
    return intents.map(() => undefined)
  }, maxBatch)
  const beginKeyed = createBatcher<KeyedIntent, boolean>(async (intents) => {
    const begun = await beginAllKeyed(db, intents)
    return intents.map(({ intent }) => begun.has(intent.id))
  }, maxBatch)
  const finish = createBatcher<Finish, boolean>(async (finishes) => {
    const finished = await finishAll(db, finishes)
    return finishes.map(({ attempt }) => finished.has(attempt.deliveryId))
  }, maxBatch)
  return {
    begin: begin.add,
    beginKeyed: beginKeyed.add,
    finish: finish.add,
    record: (attempt) => insertAttempt(db, attempt),
    awaitCallback: (attempt, deadline) => awaitCallback(db, attempt, deadline),
  }
}

/** One statement, so that a key is never taken without its delivery, nor a delivery sent for a key that was taken. */
async function beginAllKeyed(db: Database, intents: readonly KeyedIntent[]): Promise<Set<string>> {
  const rows = intents.map(
    ({ intent, principalId, key, requestHash, at }) => sql`(${intent.id}::text, ${intent.webhook_id}::text,
      ${intent.webhook_name}::text, ${intent.webhook_type}::text, ${intent.test}::boolean, ${intent.payload}::bytea,
      ${intent.process_id}::text, ${principalId}::text, ${key}::text, ${requestHash}::bytea, ${at}::timestamptz)`,
  )
  const result = await sql<{ id: string }>`
    with wanted (id, webhook_id, webhook_name, webhook_type, test, payload, process_id, principal_id, key, request_hash,
                 at) as (values ${sql.join(rows)}),
    claimed as (
      insert into idempotency_keys (principal_id, key, request_hash, result_id, created_at)
      select principal_id, key, request_hash, id, at from wanted
      on conflict do nothing returning result_id
    )
    insert into deliveries (id, webhook_id, webhook_name, webhook_type, test, payload, process_id, status)
    select id, webhook_id, webhook_name, webhook_type, test, payload, process_id, 'sending' from wanted
    join claimed on claimed.result_id = wanted.id
    returning id`.execute(db)
  return new Set(result.rows.map((row) => row.id))
}

/**
 * Written so that the planner cannot use the partial index on unfinished deliveries here: under load that index is full
 * of entries of deliveries that have just finished, and going through them costs far more than looking up each id.
 */
const isUnfinished = sql`(deliveries.finished_at is null)::integer = 1`

/** One statement, so one commit and one round trip: the deliveries that end now, their attempts, and what the log tells. */
async function finishAll(db: Database, finishes: readonly Finish[]): Promise<Set<string>> {
  const rows = finishes.map(
    ({
      attempt: a,
      event,
    }) => sql`(${a.deliveryId}::text, ${a.outcome?.status ?? null}::text, ${failureReasonOf(a.outcome)}::text,
      ${a.finishedAt}::timestamptz, ${a.durationMs}::double precision, ${a.id}::text, ${a.number}::integer,
      ${a.startedAt}::timestamptz, ${JSON.stringify(a.exchange)}::json, ${a.responseBody}::bytea,
      ${JSON.stringify(a.outcome)}::json, ${event && JSON.stringify(inboxRow(event, a.finishedAt.getTime()))}::json)`,
  )
  const result = await sql<{ id: string }>`
    with done (delivery_id, status, failure_reason, finished_at, duration_ms, id, number, started_at, exchange,
               response_body, outcome, event) as (values ${sql.join(rows)}),
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
    ),
    told as (
      insert into event_inbox (${inboxColumns})
      select ${inboxValues} from done
      join finished on finished.id = done.delivery_id
      cross join lateral json_to_record(done.event) as entry (${inboxRecord})
      where done.event is not null
    )
    select id from finished`.execute(db)
  return new Set(result.rows.map((row) => row.id))
}

async function insertAttempt(db: Database, attempt: FinishedAttempt): Promise<void> {
  const reason = failureReasonOf(attempt.outcome)
  const mayRepeat = reason === null || !reasonsBeforeSending.includes(reason)
  await db.transaction().execute(async (tx) => {
    if (mayRepeat) {
      await tx
        .updateTable('deliveries')
        .set({ may_repeat: true })
        .where('id', '=', attempt.deliveryId)
        .execute()
    }
    // Trying again after an answer of the database was lost must not fail on its own row.
    await tx
      .insertInto('attempts')
      .values(attemptColumns(attempt))
      .onConflict((conflict) => conflict.doNothing())
      .execute()
  })
}

function awaitCallback(db: Database, attempt: FinishedAttempt, deadline: Date): Promise<boolean> {
  const sealed_secrets = attempt.lateAnswerSecrets
  return db.transaction().execute(async (tx) => {
    const { numUpdatedRows } = await tx
      .updateTable('deliveries')
      .set({ status: 'awaiting_callback', process_id: null, duration_ms: attempt.durationMs })
      .where('id', '=', attempt.deliveryId)
      .where('status', '=', 'sending')
      .executeTakeFirst()
    if (numUpdatedRows === 0n) return false
    await tx.insertInto('attempts').values(attemptColumns(attempt)).execute()
    await tx
      .insertInto('callbacks')
      .values({ delivery_id: attempt.deliveryId, deadline_at: deadline, sealed_secrets })
      .onConflict((conflict) =>
        conflict.column('delivery_id').doUpdateSet({
          deadline_at: deadline,
          received_at: null,
          body: null,
          closed_at: null,
          sealed_secrets,
        }),
      )
      .execute()
    return true
  })
}

/** The columns of an attempt as they are written. */
export function attemptColumns(attempt: FinishedAttempt) {
  return {
    id: attempt.id,
    delivery_id: attempt.deliveryId,
    number: attempt.number,
    started_at: attempt.startedAt,
    duration_ms: attempt.durationMs,
    exchange: JSON.stringify(attempt.exchange),
    response_body: attempt.responseBody,
    outcome: JSON.stringify(attempt.outcome),
  }
}
