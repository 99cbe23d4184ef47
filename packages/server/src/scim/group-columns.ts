/** What groups can be filtered by, and how the database finds it. */
import { type SqlBool, sql } from 'kysely'
import { FilterError } from './filter.ts'
import { type Column, type Columns, exactColumn, textColumn, timeColumn } from './filter-sql.ts'
import { groupSchema } from './schemas.ts'

const members: Column = {
  compare(operator, value) {
    if (operator !== 'eq' || typeof value !== 'string') throw new FilterError('Members are compared with eq.')
    return sql<SqlBool>`groups.id in (select group_id from group_members where user_id = ${value}::text)`
  },
  present: () => sql<SqlBool>`exists (select 1 from group_members where group_id = groups.id)`,
  entry(filter) {
    if (filter.kind !== 'compare' || filter.path.toLowerCase() !== 'value')
      throw new FilterError('Members are chosen by their value: members[value eq "usr_…"].')
    return members.compare(filter.operator, filter.value)
  },
}

export const groupColumns: Columns = {
  schema: groupSchema,
  table: 'groups',
  byName: new Map(
    Object.entries({
      id: exactColumn(sql.ref('groups.id')),
      externalid: exactColumn(sql.ref('groups.external_id')),
      displayname: textColumn(sql.ref('groups.name')),
      members,
      'members.value': members,
      'meta.created': timeColumn(sql.ref('groups.created_at')),
      'meta.lastmodified': timeColumn(sql.ref('groups.updated_at')),
    }),
  ),
}
