import { type OffboardingStatus, offboardingStatuses } from '@keyhook/contract/access-words.ts'
import { oneOf, text } from '../components/search-params.ts'
import { lifecycleApi } from '../lifecycle-api.ts'

/** What the address of the Offboarding page may say. */
export function offboardingsSearch(raw: Record<string, unknown>) {
  return {
    status: oneOf<OffboardingStatus>(raw, 'status', offboardingStatuses),
    user_id: text(raw, 'user_id'),
    cursor: text(raw, 'cursor'),
  }
}

export function offboardingListOf(search: ReturnType<typeof offboardingsSearch>) {
  return lifecycleApi.offboardingList({ ...search, limit: 50 })
}
