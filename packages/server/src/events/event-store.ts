import type { EventRead } from '@keyhook/contract/api/event.ts'
import { type Kysely, type RawBuilder, type Selectable, sql, type Transaction } from 'kysely'
import type { Context } from '../context.ts'
import type { EventColumns, EventTable } from '../db/log-schema.ts'
import type { Tables } from '../db/schema.ts'
import { newId } from '../lib/ids.ts'
import { actorData, type NewEvent } from './event.ts'
import { labelOfEventType } from './event-types.ts'

/** An entry without what makes it searchable. */
export type EventRow = Omit<Selectable<EventTable>, 'target_ids'>

const toldColumns = [
  'id',
  'type',
  'label',
  'actor',
  'targets',
  'metadata',
  'outcome',
  'began_at',
  'actor_id',
  'request_id',
  'app_id',
] as const

/** Columns of an entry. */
export const entryColumns = ['position', 'logged_at', ...toldColumns, 'hash'] as const

/**
 * Appends entries in the transaction of the change that they tell of. They get their place in the log once that is
 * committed (see sequencer.ts). `now` in epoch milliseconds.
 */
export async function appendEvents(
  tx: Transaction<Tables>,
  now: number,
  events: readonly NewEvent[],
): Promise<void> {
  await insertEvents(now, events)?.execute(tx)
}

/** The statement of `appendEvents`; null: there is nothing to tell. */
export function insertEvents(now: number, events: readonly NewEvent[]): RawBuilder<unknown> | null {
  return insertEntries(events.map((event) => inboxRow(event, now)))
}

/** An entry as it waits for its place; what is JSON is text. */
export type InboxRow = {
  readonly id: string
  readonly type: string
  readonly label: string | null
  readonly actor: string
  readonly targets: string
  readonly metadata: string
  readonly outcome: 'SUCCEEDED' | 'FAILED'
  readonly began_at: Date
  readonly actor_id: string | null
  readonly request_id: string | null
  readonly app_id: string | null
}

export async function appendEntries(tx: Transaction<Tables>, rows: readonly InboxRow[]): Promise<void> {
  await insertEntries(rows)?.execute(tx)
}

/** All rows as one parameter, which costs both sides far less than one for each member. */
function insertEntries(rows: readonly InboxRow[]): RawBuilder<unknown> | null {
  if (rows.length === 0) return null
  return sql`
    insert into event_inbox (${inboxColumns})
    select ${inboxValues} from json_to_recordset(${JSON.stringify(rows)}::json) as entry (${inboxRecord})`
}

/** For statements that append an entry beside what they change: the columns of the table, */
export const inboxColumns = sql.raw(
  'id, type, label, actor, targets, metadata, outcome, began_at, actor_id, request_id, app_id',
)
/**
 * what `json_to_record` makes of an `InboxRow` (JSON as text: a NUL in it would stop the outer one from being read),
 */
export const inboxRecord = sql.raw(
  `id text, type text, label text, actor text, targets text, metadata text, outcome text, began_at timestamptz,
   actor_id text, request_id text, app_id text`,
)
/** and what is put in. */
export const inboxValues = sql.raw(
  `entry.id, entry.type, entry.label, entry.actor::json, entry.targets::json, entry.metadata::json, entry.outcome,
   entry.began_at, entry.actor_id, entry.request_id, entry.app_id`,
)

export function inboxRow(event: NewEvent, now: number): InboxRow {
  return {
    id: newId('evt', now),
    type: event.type,
    label: null,
    actor: eventJson({ actor_type: event.actor.type, actor_data: actorData(event.actor) }),
    targets: eventJson(
      (event.targets ?? []).map(({ type, data }) => ({ target_type: type, target_data: data })),
    ),
    metadata: eventJson(event.metadata ?? {}),
    outcome: event.outcome ?? 'SUCCEEDED',
    began_at: new Date(now),
    actor_id: 'id' in event.actor ? event.actor.id : null,
    request_id: event.requestId ?? null,
    app_id: event.appId ?? null,
  }
}

/** Lone surrogates have no canonical form: they become U+FFFD, as they would in UTF-8. */
export function eventJson(value: unknown): string {
  return JSON.stringify(value, (_key, member) =>
    typeof member === 'string' ? member.toWellFormed() : member,
  )
}

/**
 * The statement that reads everything that happened to some requests, the oldest first; also what has no place in the log
 * yet. In one statement, so that what gets its place meanwhile is found in one of the two, and not in both.
 */
export function selectEventsOfRequests(db: Kysely<Tables>, requestIds: readonly string[]) {
  return db
    .selectFrom('events')
    .select(toldColumns)
    .select(['position as place', sql<boolean>`false`.as('waits')])
    .where('request_id', 'in', [...requestIds, ''])
    .unionAll((query) =>
      query
        .selectFrom('event_inbox')
        .select(toldColumns)
        .select(['seq as place', sql<boolean>`true`.as('waits')])
        .where('request_id', 'in', [...requestIds, '']),
    )
    .orderBy('waits')
    .orderBy('place')
}

export async function findEvent({ db }: Pick<Context, 'db'>, id: string): Promise<EventRow | null> {
  return (await db.selectFrom('events').select(entryColumns).where('id', '=', id).executeTakeFirst()) ?? null
}

/** The published event of an entry, but for its hash. */
export function readPublished(row: Selectable<EventColumns>): Omit<EventRead['event'], 'event_hash'> {
  return {
    actor: row.actor as EventRead['event']['actor'],
    event_type: row.type,
    event_type_user_friendly: row.label ?? labelOfEventType(row.type),
    event_began_at: row.began_at.toISOString(),
    event_metadata: row.metadata,
    outcome: row.outcome,
    targets: row.targets,
  }
}

export function readEvent(row: EventRow): EventRead {
  return {
    id: row.id,
    position: Number(row.position),
    logged_at: row.logged_at.toISOString(),
    access_request_id: row.request_id,
    app_id: row.app_id,
    event: { ...readPublished(row), event_hash: row.hash },
  }
}
