import { z } from 'zod'
import { directorySources } from '../directory-words.ts'
import { pageOf, pageQuery, timestamp } from './list.ts'
import { line, paragraph } from './text.ts'
import { userRead } from './user.ts'

const fields = { name: line(200), description: paragraph(1_000).nullable() }

export const groupFields = z.strictObject(fields)

export const groupCreate = z
  .strictObject({ ...fields, description: fields.description.default(null) })
  .meta({ id: 'GroupCreate' })

export const groupChange = groupFields.partial().meta({ id: 'GroupChange' })

export const groupRead = z
  .object({
    id: z.string(),
    ...fields,
    source: z.enum(directorySources),
    external_id: z.string().nullable().describe('The id at the SCIM client'),
    member_count: z.number().int(),
    created_at: timestamp,
    updated_at: timestamp,
  })
  .meta({ id: 'Group' })

export const groupPage = pageOf(groupRead)
export const groupListQuery = z.strictObject({
  ...pageQuery,
  q: z.string().max(100).optional().describe('Part of the name'),
  user_id: z.string().max(100).optional().describe('Groups that this user is in'),
})

export const memberPage = pageOf(userRead)
export const memberListQuery = z.strictObject(pageQuery)

export type GroupFields = z.infer<typeof groupFields>
export type GroupCreate = z.input<typeof groupCreate>
export type GroupChange = z.infer<typeof groupChange>
export type GroupRead = z.infer<typeof groupRead>
