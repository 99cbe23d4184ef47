/** The baseline of the activity log: the same table without a chain, written in one step. */
import { type Kysely, sql } from 'kysely'
import type { EventCreate } from '../../packages/contract/src/api/event.ts'
import { labelOfCustomType } from '../../packages/server/src/events/custom-event.ts'
import { eventJson } from '../../packages/server/src/events/event-store.ts'
import { targetIdsOf, wordsOf } from '../../packages/server/src/events/event-words.ts'
import { newId } from '../../packages/server/src/lib/ids.ts'

/** As wide as a hash; nothing is computed. */
const noHash = '0'.repeat(128)

/** A table with the columns, indexes and partitions of `events`, which numbers its rows itself. */
export async function createPlainLog<Tables>(db: Kysely<Tables>): Promise<void> {
  await sql`create table plain_events (like events including all) partition by range (logged_at)`.execute(db)
  await sql`alter table plain_events alter position add generated always as identity`.execute(db)
  await sql`create table plain_events_now partition of plain_events for values from ('2020-01-01') to ('2200-01-01')`.execute(
    db,
  )
}

/** One insert of all of them in a transaction of its own, as one parameter, as the product does it. */
export async function appendPlainly<Tables>(
  db: Kysely<Tables>,
  events: readonly EventCreate[],
): Promise<void> {
  const now = Date.now()
  const rows = events.map((event) => ({
    id: newId('evt', now),
    type: event.event_type,
    label: event.event_type_user_friendly ?? labelOfCustomType(event.event_type),
    actor: eventJson(event.actor),
    targets: eventJson(event.targets),
    metadata: eventJson(event.event_metadata),
    outcome: event.outcome,
    began_at: new Date(now),
    target_ids: targetIdsOf(event.targets),
    words: wordsOf({
      type: event.event_type,
      actor: event.actor,
      targets: event.targets,
      metadata: event.event_metadata,
    }),
  }))
  await db.transaction().execute(async (tx) => {
    await sql`
      insert into plain_events (logged_at, id, type, label, actor, targets, metadata, outcome, began_at, target_ids, words, hash)
      select ${new Date(now)}::timestamptz, id, type, label, actor::json, targets::json, metadata::json, outcome, began_at,
        target_ids, to_tsvector('simple', words), ${noHash}
      from json_to_recordset(${JSON.stringify(rows)}::json) as entry (id text, type text, label text, actor text, targets text,
        metadata text, outcome text, began_at timestamptz, target_ids text[], words text)`.execute(tx)
  })
}
