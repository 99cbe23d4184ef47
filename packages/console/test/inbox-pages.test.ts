import { expect, test } from 'vitest'
import { mergePages } from '../src/components/inbox-pages.ts'

const page = (ids: string[], next_cursor: string | null = null) => ({
  data: ids.map((id) => ({ id })),
  next_cursor,
})
const idsOf = (pages: ReturnType<typeof page>[]) => mergePages(pages).items.map(({ id }) => id)

test('Several lists are one, the newest first', () => {
  expect(idsOf([page(['5', '2']), page(['4', '1'])])).toEqual(['5', '4', '2', '1'])
  expect(mergePages([page([]), page([])])).toEqual({ items: [], next: null })
})

test('Walking through the pages shows everything once, wherever the lists end', () => {
  const lists = [
    ['20', '19', '18', '17', '16', '03'],
    ['15', '14', '02', '01'],
  ]
  const read = (list: string[], cursor: string | null) => {
    const left = list.filter((id) => cursor === null || id < cursor)
    return page(left.slice(0, 2), left.length > 2 ? (left[1] ?? null) : null)
  }
  const seen: string[] = []
  let cursor: string | null = null
  do {
    const { items, next } = mergePages(lists.map((list) => read(list, cursor)))
    seen.push(...items.map(({ id }) => id))
    cursor = next
  } while (cursor !== null)
  expect(seen).toEqual(lists.flat().sort().reverse())
})
