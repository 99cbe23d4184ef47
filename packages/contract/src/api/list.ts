import { z } from 'zod'

/** Members of every list's query: how many, and where to go on. */
export const pageQuery = {
  limit: z.coerce.number().int().min(1).max(200).default(50).describe('How many items, 1 to 200'),
  cursor: z.string().max(200).optional().describe('`next_cursor` of the page before'),
}

/** `{ data, next_cursor }`: one page of a list, `next_cursor` null on the last. */
export function pageOf<Item extends z.ZodType>(item: Item) {
  return z.object({ data: z.array(item), next_cursor: z.string().nullable() })
}

/** A page as TypeScript sees it. */
export type Page<Item> = { data: Item[]; next_cursor: string | null }

/** The body of a request that has nothing to say: none, or `{}`. */
export const emptyBody = z.strictObject({}).nullish().describe('None')

/** RFC 3339 in UTC with milliseconds. */
export const timestamp = z.iso
  .datetime({ abort: true })
  .refine(isStorable, { error: 'A time between the years 1 and 9999' })
  .describe('RFC 3339, UTC, milliseconds')

/** A time that a caller gives: RFC 3339 with any offset. */
export const moment = z.iso
  .datetime({ offset: true, abort: true })
  .refine(isStorable, { error: 'A time between the years 1 and 9999' })

/** PostgreSQL has no year 0, and JavaScript writes years of five digits as RFC 3339 does not. */
function isStorable(text: string): boolean {
  const year = new Date(text).getUTCFullYear()
  return year >= 1 && year <= 9999
}
