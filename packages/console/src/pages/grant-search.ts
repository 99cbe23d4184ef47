import { grantStatuses } from '@keyhook/contract/access-words.ts'
import { accessApi } from '../access-api.ts'
import { appApi } from '../app-api.ts'
import { oneOf, text } from '../components/search-params.ts'

/** The filters of the access that people have, as the API names them. */
export function grantSearch(raw: Record<string, unknown>) {
  return {
    app_id: text(raw, 'app_id'),
    permission_id: text(raw, 'permission_id'),
    user_id: text(raw, 'user_id'),
    status: oneOf(raw, 'status', grantStatuses),
    cursor: text(raw, 'cursor'),
  }
}

export type GrantSearch = ReturnType<typeof grantSearch>

export function grantListOf(search: GrantSearch) {
  return accessApi.grantList({ ...search, limit: 50 })
}

/** The apps that lists can be narrowed to. */
export const filterApps = appApi.appList({ limit: 200 })
