import type { EventPage, EventRead, LogRead } from '@keyhook/contract/api/event.ts'
import { base, read } from './api.ts'
import { type Search, urlOf } from './http.ts'

/** The activity log. */
export const logApi = {
  eventList: (search: Search = {}) => read<EventPage>('/events', search),
  eventView: (id: string) => read<EventRead>(`/events/${encodeURIComponent(id)}`),
  logView: () => read<LogRead>('/log'),
}

/** The address of a file of entries, which the browser downloads by itself. */
export function eventExportFile(search: Search): string {
  return urlOf(`${base}/events/export`, search)
}
