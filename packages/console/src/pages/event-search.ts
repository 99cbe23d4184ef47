import { oneOf, text } from '../components/search-params.ts'
import { logApi } from '../log-api.ts'

/** The filters of the activity log, as the API names them. */
export function eventsSearch(raw: Record<string, unknown>) {
  return {
    q: text(raw, 'q'),
    type: text(raw, 'type'),
    actor_id: text(raw, 'actor_id'),
    app_id: text(raw, 'app_id'),
    target_id: text(raw, 'target_id'),
    access_request_id: text(raw, 'access_request_id'),
    outcome: oneOf(raw, 'outcome', ['SUCCEEDED', 'FAILED']),
    from: text(raw, 'from'),
    to: text(raw, 'to'),
    cursor: text(raw, 'cursor'),
  }
}

export type EventsSearch = ReturnType<typeof eventsSearch>

export function eventListOf(search: EventsSearch) {
  return logApi.eventList({ ...search, limit: 50 })
}
