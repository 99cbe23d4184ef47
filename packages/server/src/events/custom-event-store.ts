import type { EventCreate } from '@keyhook/contract/api/event.ts'
import type { Transaction } from 'kysely'
import type { Tables } from '../db/schema.ts'
import { newId } from '../lib/ids.ts'
import { labelOfCustomType } from './custom-event.ts'
import { appendEntries, eventJson } from './event-store.ts'

/** Appends events of other systems; returns their ids in the same order. */
export async function appendCustomEvents(
  tx: Transaction<Tables>,
  now: number,
  events: readonly EventCreate[],
): Promise<string[]> {
  const rows = events.map((event) => ({
    id: newId('evt', now),
    type: event.event_type,
    label: event.event_type_user_friendly ?? labelOfCustomType(event.event_type),
    actor: eventJson(event.actor),
    targets: eventJson(event.targets),
    metadata: eventJson(event.event_metadata),
    outcome: event.outcome,
    began_at: event.event_began_at === undefined ? new Date(now) : new Date(event.event_began_at),
    actor_id: null,
    request_id: null,
    app_id: null,
  }))
  await appendEntries(tx, rows)
  return rows.map(({ id }) => id)
}
