import { requestStatuses } from '@keyhook/contract/access-words.ts'
import { accessApi } from '../access-api.ts'
import { oneOf, text } from '../components/search-params.ts'

/** The filters of all requests, as the API names them. */
export function requestsSearch(raw: Record<string, unknown>) {
  return {
    status: oneOf(raw, 'status', requestStatuses),
    app_id: text(raw, 'app_id'),
    user_id: text(raw, 'user_id'),
    cursor: text(raw, 'cursor'),
  }
}

export type RequestsSearch = ReturnType<typeof requestsSearch>

export function requestListOf(search: RequestsSearch) {
  return accessApi.requestList({ ...search, limit: 50 })
}
