import { z } from 'zod'
import { eventFilters } from './event.ts'
import { pageOf, pageQuery, timestamp } from './list.ts'
import { line } from './text.ts'

const members = {
  name: line(100),
  filters: z
    .strictObject(eventFilters)
    .refine((filters) => Object.values(filters).some((value) => value !== undefined), {
      error: 'Give at least one filter: without any it would be the whole log.',
    })
    .describe('Filters of the activity log, as `GET /events` takes them'),
  shared: z.boolean().describe('Whether all administrators see it; only its owner changes it'),
}

/** A search of the activity log that an administrator keeps. */
export const savedSearchRead = z
  .object({
    id: z.string(),
    name: z.string(),
    filters: z.object(eventFilters),
    shared: z.boolean(),
    mine: z.boolean().describe('Whether the caller made it'),
    owner_name: z.string(),
    created_at: timestamp,
    updated_at: timestamp,
  })
  .meta({ id: 'SavedSearch' })

export const savedSearchCreate = z
  .strictObject({ ...members, shared: members.shared.default(false) })
  .meta({ id: 'SavedSearchCreate' })

export const savedSearchChange = z
  .strictObject({
    name: members.name.optional(),
    filters: members.filters.optional(),
    shared: members.shared.optional(),
  })
  .meta({ id: 'SavedSearchChange' })

export const savedSearchListQuery = z.strictObject(pageQuery)
export const savedSearchPage = pageOf(savedSearchRead)

/** One person keeps so many. */
export const mostSavedSearches = 100

export type SavedSearchRead = z.infer<typeof savedSearchRead>
export type SavedSearchCreate = z.input<typeof savedSearchCreate>
export type SavedSearchChange = z.infer<typeof savedSearchChange>
