import type { Page } from '@keyhook/contract/api/list.ts'

/**
 * Pages of several lists as one page, the newest first. Where a list goes on, only what is not older than its page is
 * shown: what is older comes with the next page, so that nothing is shown twice or left out. Pure.
 */
export function mergePages<Item extends { id: string }>(
  pages: readonly Page<Item>[],
): { items: Item[]; next: string | null } {
  let next: string | null = null
  let oldest = ''
  for (const { data, next_cursor } of pages) {
    const last = data.at(-1)
    if (next_cursor === null || last === undefined || last.id <= oldest) continue
    oldest = last.id
    next = next_cursor
  }
  const items = pages
    .flatMap(({ data }) => data)
    .filter(({ id }) => id >= oldest)
    .sort((left, right) => (left.id < right.id ? 1 : -1))
  return { items, next }
}
