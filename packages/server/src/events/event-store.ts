import type { EventRead } from '@keyhook/contract/api/event.ts'
import type { Selectable, Transaction } from 'kysely'
import type { Context } from '../context.ts'
import type { EventTable } from '../db/directory-schema.ts'
import type { Tables } from '../db/schema.ts'
import { firstIdAt, newId } from '../lib/ids.ts'
import { actorData, hashOfEvent, type NewEvent } from './event.ts'
import { labelOfEventType } from './event-types.ts'

export type EventRow = Selectable<EventTable>

/** Appends entries in the transaction of the change that they tell of. `now` in epoch milliseconds. */
export async function appendEvents(
  tx: Transaction<Tables>,
  now: number,
  events: readonly NewEvent[],
): Promise<void> {
  if (events.length === 0) return
  await tx
    .insertInto('events')
    .values(events.map((event) => rowOf(event, now)))
    .execute()
}

function rowOf(event: NewEvent, now: number) {
  const id = newId('evt', now)
  const actor = { actor_type: event.actor.type, actor_data: actorData(event.actor) }
  const targets = (event.targets ?? []).map(({ type, data }) => ({ target_type: type, target_data: data }))
  const metadata = event.metadata ?? {}
  const outcome = event.outcome ?? 'SUCCEEDED'
  return {
    id,
    type: event.type,
    actor: JSON.stringify(actor),
    targets: JSON.stringify(targets),
    metadata: JSON.stringify(metadata),
    outcome,
    hash: hashOfEvent([id, event.type, actor, targets, metadata, outcome, now]),
    began_at: new Date(now),
    actor_id: 'id' in event.actor ? event.actor.id : null,
    request_id: event.requestId ?? null,
    app_id: event.appId ?? null,
  }
}

export type EventFilter = {
  limit: number
  after: string | null
  type?: string | undefined
  requestId?: string | undefined
  appId?: string | undefined
  actorId?: string | undefined
  from?: string | undefined
  to?: string | undefined
}

/** The newest first; one row more than `limit` when there are more. */
export function listEvents({ db }: Pick<Context, 'db'>, filter: EventFilter): Promise<EventRow[]> {
  let query = db
    .selectFrom('events')
    .selectAll()
    .orderBy('id', 'desc')
    .limit(filter.limit + 1)
  if (filter.after !== null) query = query.where('id', '<', filter.after)
  if (filter.type !== undefined) query = query.where('type', '=', filter.type)
  if (filter.requestId !== undefined) query = query.where('request_id', '=', filter.requestId)
  if (filter.appId !== undefined) query = query.where('app_id', '=', filter.appId)
  if (filter.actorId !== undefined) query = query.where('actor_id', '=', filter.actorId)
  if (filter.from !== undefined) query = query.where('id', '>=', firstIdAt('evt', Date.parse(filter.from)))
  if (filter.to !== undefined) query = query.where('id', '<', firstIdAt('evt', Date.parse(filter.to)))
  return query.execute()
}

/** Everything that happened to a request, the oldest first. */
export function eventsOfRequest({ db }: Pick<Context, 'db'>, requestId: string): Promise<EventRow[]> {
  return db.selectFrom('events').selectAll().where('request_id', '=', requestId).orderBy('id').execute()
}

export function readEvent(row: EventRow): EventRead {
  return {
    id: row.id,
    event: {
      actor: row.actor as EventRead['event']['actor'],
      event_type: row.type,
      event_type_user_friendly: labelOfEventType(row.type),
      event_began_at: row.began_at.toISOString(),
      event_hash: row.hash,
      event_metadata: row.metadata,
      outcome: row.outcome,
      targets: row.targets,
    },
  }
}
