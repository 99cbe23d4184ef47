/** What came of requests: the access they gave, the work they made for people, what the log tells. In one statement. */
import type { Kysely, Selectable } from 'kysely'
import { jsonArrayFrom } from 'kysely/helpers/postgres'
import { withTimes } from '../db/json-rows.ts'
import type { EventColumns } from '../db/log-schema.ts'
import type { Tables } from '../db/schema.ts'
import { selectEventsOfRequests } from '../events/event-store.ts'
import type { GrantRow, TaskRow } from './request-store.ts'

export type RequestHistory = {
  grants: GrantRow[]
  tasks: TaskRow[]
  /** The oldest first. */
  events: Selectable<EventColumns>[]
}

const grantTimes = [
  'granted_at',
  'expires_at',
  'warn_at',
  'ended_at',
  'last_used_at',
  'inactivity_notice_at',
  'inactivity_removal_at',
] as const

export async function requestHistory(
  db: Kysely<Tables>,
  requestIds: readonly string[],
): Promise<RequestHistory> {
  const ids = [...requestIds, '']
  const { grants, tasks, events } = await db
    .selectNoFrom((select) => [
      jsonArrayFrom(select.selectFrom('grants').selectAll().where('request_id', 'in', ids).orderBy('id')).as(
        'grants',
      ),
      jsonArrayFrom(select.selectFrom('tasks').selectAll().where('request_id', 'in', ids).orderBy('id')).as(
        'tasks',
      ),
      jsonArrayFrom(selectEventsOfRequests(db, requestIds)).as('events'),
    ])
    .executeTakeFirstOrThrow()
  return {
    grants: grants.map((row) => withTimes<GrantRow>(row, grantTimes)),
    tasks: tasks.map((row) => withTimes<TaskRow>(row, ['created_at', 'completed_at'])),
    events: events.map((row) => withTimes<Selectable<EventColumns>>(row, ['began_at'])),
  }
}
