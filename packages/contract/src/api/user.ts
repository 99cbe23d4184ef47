import { z } from 'zod'
import { directorySources, userRoles, userStatuses } from '../directory-words.ts'
import { idOf, personRead } from './access-parts.ts'
import { pageOf, pageQuery, timestamp } from './list.ts'
import { line, lineOrEmpty } from './text.ts'

/** As sign-in takes it: at most 254 characters (RFC 5321). */
export const emailAddress = z.email('Enter an e-mail address, for example ada@example.com').max(254)

const fields = {
  user_name: line(254).describe('The name at the identity provider; often the e-mail address'),
  email: emailAddress,
  given_name: lineOrEmpty(100),
  family_name: lineOrEmpty(100),
  title: line(200).nullable(),
  department: line(200).nullable(),
  manager_id: idOf('usr').nullable(),
  status: z.enum(userStatuses).describe('`inactive`: cannot sign in, and offboarding has begun'),
  role: z.enum(userRoles).describe('`admin`: everything. `person`: what is theirs'),
}

/** The rules for each member by itself; other ways in (CSV, SCIM) keep to them as well. */
export const userFields = z.strictObject(fields)

export const userCreate = z
  .strictObject({
    ...fields,
    user_name: fields.user_name.optional().describe('The e-mail address when left out'),
    given_name: fields.given_name.default(''),
    family_name: fields.family_name.default(''),
    title: fields.title.default(null),
    department: fields.department.default(null),
    manager_id: fields.manager_id.default(null),
    status: fields.status.default('active'),
    role: fields.role.default('person'),
  })
  .meta({ id: 'UserCreate' })

export const userChange = userFields.partial().meta({ id: 'UserChange' })

export const userRead = z
  .object({
    id: z.string(),
    ...fields,
    name: z.string().describe('Given and family name, else the e-mail address'),
    manager: personRead.nullable(),
    source: z.enum(directorySources),
    external_id: z.string().nullable().describe('The id at the SCIM client'),
    created_at: timestamp,
    updated_at: timestamp,
    deactivated_at: timestamp.nullable(),
  })
  .meta({ id: 'User' })

export const userDetail = userRead
  .extend({
    groups: z.array(z.object({ id: z.string(), name: z.string() })).describe('By name, at most 500'),
    direct_reports: z.number().int().describe('Active users whose manager this is'),
    has_account: z.boolean().describe('A password was chosen once'),
    invited_until: timestamp
      .nullable()
      .describe('Until when the open invitation is valid; null: there is none'),
  })
  .meta({ id: 'UserDetail' })

export const userPage = pageOf(userRead)
export const userListQuery = z.strictObject({
  ...pageQuery,
  q: z
    .string()
    .max(100)
    .optional()
    .describe('Part of the name, the e-mail address or the user name; a single letter begins a word of them'),
  status: z.enum(userStatuses).optional(),
  role: z.enum(userRoles).optional(),
  group_id: z.string().max(100).optional().describe('Members of this group'),
  manager_id: z.string().max(100).optional().describe('Whose manager this user is'),
})

// Colleagues, for everyone: whom access is for, who approves

export const colleague = personRead.extend({ title: z.string().nullable() }).meta({ id: 'Colleague' })
export const colleaguePage = pageOf(colleague)
export const peopleQuery = z.strictObject({
  q: z
    .string()
    .trim()
    .min(2, 'At least 2 characters')
    .max(100)
    .describe('Part of the name or the e-mail address'),
  limit: z.coerce.number().int().min(1).max(50).default(20).describe('How many, 1 to 50'),
})

export type UserFields = z.infer<typeof userFields>
export type UserCreate = z.input<typeof userCreate>
export type UserChange = z.infer<typeof userChange>
export type UserRead = z.infer<typeof userRead>
export type UserDetail = z.infer<typeof userDetail>
export type Colleague = z.infer<typeof colleague>
