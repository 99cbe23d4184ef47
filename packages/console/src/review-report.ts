import type { ReviewItemRead } from '@keyhook/contract/api/access-review.ts'
import { queryOptions } from '@tanstack/react-query'
import { fetchRead } from './api.ts'
import { lifecycleApi } from './lifecycle-api.ts'

const mostOnPaper = 5_000

/** The items of a review, page after page; `more` when there are too many to be printed. */
async function allItems(
  id: string,
  signal: AbortSignal,
): Promise<{ items: ReviewItemRead[]; more: boolean }> {
  const items: ReviewItemRead[] = []
  let cursor: string | undefined
  do {
    const search = { limit: 200, assigned: 'any', cursor }
    const { value } = await fetchRead(lifecycleApi.reviewItems(id, search), signal)
    items.push(...value.data)
    cursor = value.next_cursor ?? undefined
  } while (cursor !== undefined && items.length < mostOnPaper)
  return { items, more: cursor !== undefined }
}

/** Everything that the printed report of a review lists. */
export function reviewReport(id: string) {
  return queryOptions({
    queryKey: [`/access-reviews/${id}/report`],
    queryFn: ({ signal }) => allItems(id, signal),
  })
}
