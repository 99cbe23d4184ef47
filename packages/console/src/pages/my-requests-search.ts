import { requestStatuses } from '@keyhook/contract/access-words.ts'
import { accessApi } from '../access-api.ts'
import { oneOf, text } from '../components/search-params.ts'

/** Statuses that are worth a filter of their own for the person who asked. */
export const askedStatuses = ['awaiting_approval', 'active', 'rejected', 'denied', 'ended'] as const

export function myRequestsSearch(raw: Record<string, unknown>) {
  return { status: oneOf(raw, 'status', requestStatuses), cursor: text(raw, 'cursor') }
}

export function myRequestsOf(search: ReturnType<typeof myRequestsSearch>) {
  return accessApi.requestList({ ...search, mine: 'true', limit: 50 })
}
