/** What users can be filtered by, and how the database finds it. */
import { type SqlBool, sql } from 'kysely'
import { conjunctsOf, type Filter, FilterError } from './filter.ts'
import {
  booleanColumn,
  type Column,
  type Columns,
  type Condition,
  conditionOf,
  exactColumn,
  textColumn,
  timeColumn,
} from './filter-sql.ts'
import { enterpriseUrn, userSchema } from './schemas.ts'

const id = sql.ref('users.id')
const fullName = sql`trim(users.given_name || ' ' || users.family_name)`

/** The addresses of a user: those that the client sent, and that of the directory. */
const entries = sql`(
  select entry.value, entry.type, entry.display, coalesce(entry.primary, false) as primary
    from scim_users, json_to_recordset(scim_users.attributes -> 'emails')
      as entry (value text, type text, display text, "primary" boolean)
    where scim_users.user_id = ${id}
  union all
  select users.email, 'work', null, true
    where not exists (select 1 from scim_users
      where scim_users.user_id = ${id} and scim_users.emails @> array[lower(users.email)])
) as entry`

const entryColumns: Columns = {
  schema: userSchema,
  table: null,
  byName: new Map(
    Object.entries({
      'emails.value': textColumn(sql`entry.value`),
      'emails.type': textColumn(sql`entry.type`),
      'emails.display': textColumn(sql`entry.display`),
      'emails.primary': booleanColumn(sql<SqlBool>`entry.primary`),
    }),
  ),
}

const emails: Column = {
  compare: (operator, value) =>
    operator === 'eq' && value !== null
      ? hasAddress(String(value))
      : entryWith({ kind: 'compare', path: 'value', operator, value }),
  // The directory has an address of everyone.
  present: () => sql<SqlBool>`true`,
  entry: entryWith,
}

const shownName = textColumn(
  sql`coalesce((select display_name from scim_users where user_id = ${id}), nullif(${fullName}, ''))`,
)
const displayName: Column = {
  compare(operator, value) {
    if (operator === 'eq' && value !== null) return isCalled(String(value))
    return shownName.compare(operator, value)
  },
  present: shownName.present,
}

const groups: Column = {
  compare(operator, value) {
    if (operator !== 'eq' || typeof value !== 'string') throw new FilterError('Groups are compared with eq.')
    return sql<SqlBool>`${id} in (select user_id from group_members where group_id = ${value}::text)`
  },
  present: () => sql<SqlBool>`exists (select 1 from group_members where user_id = ${id})`,
}

const manager = exactColumn(sql.ref('users.manager_id'))
const enterprise = enterpriseUrn.toLowerCase()

export const userColumns: Columns = {
  schema: userSchema,
  table: 'users',
  byName: new Map(
    Object.entries({
      id: exactColumn(id),
      externalid: exactColumn(sql.ref('users.external_id')),
      username: textColumn(sql.ref('users.user_name')),
      displayname: displayName,
      'name.givenname': textColumn(sql.ref('users.given_name')),
      'name.familyname': textColumn(sql.ref('users.family_name')),
      title: textColumn(sql.ref('users.title')),
      active: booleanColumn(sql<SqlBool>`users.status = 'active'`),
      emails,
      'emails.value': emails,
      groups,
      'groups.value': groups,
      [`${enterprise}:department`]: textColumn(sql.ref('users.department')),
      [`${enterprise}:manager`]: manager,
      [`${enterprise}:manager.value`]: manager,
      'meta.created': timeColumn(sql.ref('users.created_at')),
      'meta.lastmodified': timeColumn(sql.ref('users.updated_at')),
    }),
  ),
}

/** One address for which all of it holds. Which ones are looked at is found by the index when one value is asked for. */
function entryWith(filter: Filter): Condition {
  const holds = sql<SqlBool>`exists (select 1 from ${entries} where ${conditionOf(entryColumns, underEmails(filter))})`
  const wanted = conjunctsOf(filter).find(
    (part) => part.kind === 'compare' && part.operator === 'eq' && part.path.toLowerCase() === 'value',
  )
  if (wanted?.kind !== 'compare' || typeof wanted.value !== 'string') return holds
  return sql<SqlBool>`(${hasAddress(wanted.value)} and ${holds})`
}

/** Inside of `emails[…]` names stand alone. */
function underEmails(filter: Filter): Filter {
  switch (filter.kind) {
    case 'and':
    case 'or':
      return { kind: filter.kind, parts: filter.parts.map(underEmails) }
    case 'not':
      return { kind: 'not', part: underEmails(filter.part) }
    case 'entry':
      throw new FilterError('Entries have no entries of their own.')
    default:
      return { ...filter, path: `emails.${filter.path}` }
  }
}

function hasAddress(address: string): Condition {
  return sql<SqlBool>`${id} in (
    select user_id from scim_users where emails @> array[lower(${address}::text)]
    union all
    select id from users where lower(email) = lower(${address}::text) and not email_shared)`
}

function isCalled(name: string): Condition {
  return sql<SqlBool>`${id} in (
    select user_id from scim_users where lower(display_name) = lower(${name}::text)
    union all
    select id from users where lower(trim(given_name || ' ' || family_name)) = lower(${name}::text)
      and not exists (select 1 from scim_users where user_id = users.id and display_name is not null))`
}
