import type { EventCount, EventPage, EventRead, LogRead } from '@keyhook/contract/api/event.ts'
import type { Page } from '@keyhook/contract/api/list.ts'
import type { LegalHoldRead, LogRetentionRead } from '@keyhook/contract/api/log-retention.ts'
import type {
  SavedSearchChange,
  SavedSearchCreate,
  SavedSearchRead,
} from '@keyhook/contract/api/saved-search.ts'
import { base, post, read } from './api.ts'
import { patch, remove } from './api-calls.ts'
import { type Search, urlOf } from './http.ts'

/** The activity log. */
export const logApi = {
  eventList: (search: Search = {}) => read<EventPage>('/events', search),
  eventView: (id: string) => read<EventRead>(`/events/${encodeURIComponent(id)}`),
  eventCount: (search: Search) => read<EventCount>('/events/count', search),
  logView: () => read<LogRead>('/log'),
  retentionView: () => read<LogRetentionRead>('/log/retention'),
  savedSearchList: () => read<Page<SavedSearchRead>>('/saved-searches', { limit: 200 }),
}

/** The address of a file of entries, which the browser downloads by itself. */
export function eventExportFile(search: Search): string {
  return urlOf(`${base}/events/export`, search)
}

/** The address of the live tail. */
export function eventStream(search: Search): string {
  return urlOf(`${base}/events/stream`, search)
}

const savedSearch = (id: string) => `/saved-searches/${encodeURIComponent(id)}`

export const logActions = {
  holdPlace: (reason: string) => post<LegalHoldRead>(`${base}/log/hold`, { reason }),
  holdLift: () => remove('/log/hold'),
  searchSave: (search: SavedSearchCreate) => post<SavedSearchRead>(`${base}/saved-searches`, search),
  searchChange: (id: string, change: SavedSearchChange) => patch<SavedSearchRead>(savedSearch(id), change),
  searchDelete: (id: string) => remove(savedSearch(id)),
}
