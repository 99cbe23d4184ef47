import type { Page } from '@keyhook/contract/api/list.ts'
import { validationFailed } from '../lib/problem-error.ts'

/** Where the next page starts: after this id. Opaque to callers. */
export function encodeCursor(lastId: string): string {
  return Buffer.from(lastId).toString('base64url')
}

/** The id in a cursor that `encodeCursor` made. Throws 422 for anything else. */
export function decodeCursor(cursor: string | undefined): string | null {
  if (cursor === undefined) return null
  const id = Buffer.from(cursor, 'base64url').toString('latin1')
  if (!/^[a-z]{2,4}_[0-9a-f]{32}$/.test(id)) {
    throw validationFailed([
      { pointer: '/query/cursor', detail: 'Use next_cursor of the page before, as it was given.' },
    ])
  }
  return id
}

/** A page from `limit + 1` rows: the row too many tells that there are more. */
export function toPage<Row extends { id: string }, Item>(
  rows: Row[],
  limit: number,
  read: (row: Row) => Item,
): Page<Item> {
  const shown = rows.slice(0, limit)
  const last = shown.at(-1)
  return { data: shown.map(read), next_cursor: rows.length > limit && last ? encodeCursor(last.id) : null }
}
