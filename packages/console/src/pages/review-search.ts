import { type ReviewStatus, reviewItemStatuses, reviewStatuses } from '@keyhook/contract/access-words.ts'
import { oneOf, text } from '../components/search-params.ts'
import { lifecycleApi } from '../lifecycle-api.ts'

/** What the address of the Access reviews page may say. */
export function reviewsSearch(raw: Record<string, unknown>) {
  return { status: oneOf<ReviewStatus>(raw, 'status', reviewStatuses), cursor: text(raw, 'cursor') }
}

export function reviewListOf(search: ReturnType<typeof reviewsSearch>) {
  return lifecycleApi.reviewList({ ...search, limit: 50 })
}

/** What the address of a review's page may say. */
export function reviewSearch(raw: Record<string, unknown>) {
  return {
    assigned: oneOf(raw, 'assigned', ['me', 'any']),
    status: oneOf(raw, 'status', reviewItemStatuses),
    reviewer_id: text(raw, 'reviewer_id'),
    cursor: text(raw, 'cursor'),
  }
}

export type ReviewSearch = ReturnType<typeof reviewSearch>

/** Without another wish, what waits for the reader is shown, and everything to those whom nothing waits for. */
export function reviewItemsOf(id: string, search: ReviewSearch, mine: { total: number }) {
  const assigned = search.assigned ?? (mine.total > 0 ? 'me' : 'any')
  return lifecycleApi.reviewItems(id, { ...search, assigned, limit: 50 })
}
