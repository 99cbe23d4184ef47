import type { EventFilters } from '@keyhook/contract/api/event.ts'
import type { EventFilter } from './event-list.ts'

/** The filter that a query of the API means. */
export function filterOf(query: EventFilters): EventFilter {
  return {
    type: query.type,
    actorId: query.actor_id,
    targetId: query.target_id,
    requestId: query.access_request_id,
    appId: query.app_id,
    outcome: query.outcome,
    text: query.q,
    from: query.from,
    to: query.to,
  }
}
