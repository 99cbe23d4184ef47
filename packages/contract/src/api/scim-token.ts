import { z } from 'zod'
import { pageOf, timestamp } from './list.ts'
import { line } from './text.ts'

export const scimTokenCreate = z
  .strictObject({ name: line(100).describe('Who provisions with it, for example Okta') })
  .meta({ id: 'ScimTokenCreate' })

export const scimTokenRead = z
  .object({
    id: z.string(),
    name: z.string(),
    hint: z.string().describe('The first characters of the token, to recognise it by'),
    created_by: z.string().nullable(),
    created_at: timestamp,
    last_used_at: timestamp.nullable().describe('To the minute'),
  })
  .meta({ id: 'ScimToken' })

export const scimTokenCreated = scimTokenRead
  .extend({ token: z.string().describe('Shown this once') })
  .meta({ id: 'ScimTokenCreated' })

export const scimTokenPage = pageOf(scimTokenRead)

export type ScimTokenRead = z.infer<typeof scimTokenRead>
export type ScimTokenCreated = z.infer<typeof scimTokenCreated>
