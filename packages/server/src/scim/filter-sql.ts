/** Filters become conditions of SQL, so that the database answers them with its indexes. */
import { type RawBuilder, type SqlBool, sql } from 'kysely'
import { contains } from '../db/contains.ts'
import { attributePathOf, canonicalName } from './attribute-path.ts'
import { type Filter, FilterError, type FilterValue, type Operator } from './filter.ts'
import type { ResourceSchema } from './schemas.ts'

export type Condition = RawBuilder<SqlBool>

/** How one attribute is asked for. */
export type Column = {
  compare(operator: Operator, value: FilterValue): Condition
  present(): Condition
  /** One entry of a multi-valued attribute for which all of it holds. */
  entry?(filter: Filter): Condition
}

export type Columns = {
  schema: ResourceSchema
  /** Null: of one entry, which is at hand. */
  table: 'users' | 'groups' | null
  /** By the name that `canonicalName` gives. */
  byName: ReadonlyMap<string, Column>
}

/** Throws `FilterError` for what cannot be asked. */
export function conditionOf(columns: Columns, filter: Filter): Condition {
  switch (filter.kind) {
    case 'and':
      return sql<SqlBool>`(${sql.join(
        filter.parts.map((part) => conditionOf(columns, part)),
        sql` and `,
      )})`
    case 'or':
      return anyOf(columns, filter.parts)
    case 'not':
      return not(conditionOf(columns, filter.part))
    case 'compare':
      return columnOf(columns, filter.path).compare(filter.operator, filter.value)
    case 'present':
      return columnOf(columns, filter.path).present()
    case 'entry': {
      const column = columnOf(columns, filter.path)
      if (!column.entry) throw new FilterError(`${filter.path} has no entries to choose from.`)
      return column.entry(filter.filter)
    }
  }
}

/** A union of what each part finds: PostgreSQL would read the whole table for an `or` over several tables. */
function anyOf(columns: Columns, parts: readonly Filter[]): Condition {
  const conditions = parts.map((part) => conditionOf(columns, part))
  if (columns.table === null) return sql<SqlBool>`(${sql.join(conditions, sql` or `)})`
  const table = sql.table(columns.table)
  const id = sql.ref(`${columns.table}.id`)
  const found = conditions.map((condition) => sql`select ${id} from ${table} where ${condition}`)
  return sql<SqlBool>`${id} in (${sql.join(found, sql` union all `)})`
}

function columnOf({ schema, byName }: Columns, text: string): Column {
  const path = attributePathOf(schema, text)
  const column = path && byName.get(canonicalName(path))
  if (column) return column
  throw new FilterError(
    `${text.slice(0, 200)} cannot be filtered by. What can: ${[...byName.keys()].join(', ')}.`,
  )
}

export function not(condition: Condition): Condition {
  return sql<SqlBool>`not coalesce(${condition}, false)`
}

/** Text in which letter case does not count. `expression` is what the index is on when it is in lower case. */
export function textColumn(expression: RawBuilder<unknown>): Column {
  const lower = sql`lower(${expression})`
  return {
    compare: (operator, value) => compareText(lower, operator, value, (text) => sql`lower(${text}::text)`),
    present: () => sql<SqlBool>`(${expression} <> '') is true`,
  }
}

/** Ids: letter case counts. */
export function exactColumn(expression: RawBuilder<unknown>): Column {
  return {
    compare: (operator, value) => compareText(expression, operator, value, (text) => sql`${text}::text`),
    present: () => sql<SqlBool>`${expression} is not null`,
  }
}

export function booleanColumn(isTrue: Condition): Column {
  return {
    compare(operator, value) {
      if (operator !== 'eq' && operator !== 'ne')
        throw new FilterError('A boolean is compared with eq or ne.')
      const wanted = String(value).toLowerCase()
      if (wanted !== 'true' && wanted !== 'false')
        throw new FilterError('A boolean is compared with true or false.')
      return (wanted === 'true') === (operator === 'eq') ? isTrue : not(isTrue)
    },
    present: () => sql<SqlBool>`true`,
  }
}

const order = { eq: sql`=`, ne: sql`<>`, gt: sql`>`, ge: sql`>=`, lt: sql`<`, le: sql`<=` } as const

export function timeColumn(expression: RawBuilder<unknown>): Column {
  return {
    compare(operator, value) {
      const at = typeof value === 'string' ? new Date(value) : null
      if (!at || Number.isNaN(at.getTime()))
        throw new FilterError('A time is compared with a time, for example "2026-01-31T00:00:00Z".')
      if (!Object.hasOwn(order, operator)) throw new FilterError(`A time has no ${operator}.`)
      return sql<SqlBool>`${expression} ${order[operator as keyof typeof order]} ${at}`
    },
    present: () => sql<SqlBool>`true`,
  }
}

function compareText(
  expression: RawBuilder<unknown>,
  operator: Operator,
  value: FilterValue,
  given: (text: string) => RawBuilder<unknown>,
): Condition {
  if (operator === 'ne') return not(compareText(expression, 'eq', value, given))
  if (value === null) {
    if (operator !== 'eq') throw new FilterError('null is compared with eq or ne.')
    return sql<SqlBool>`${expression} is null`
  }
  const text = String(value)
  if (operator === 'co') return sql<SqlBool>`${expression} like ${given(contains(text))}`
  if (operator === 'sw') return sql<SqlBool>`${expression} like ${given(contains(text).slice(1))}`
  if (operator === 'ew') return sql<SqlBool>`${expression} like ${given(contains(text).slice(0, -1))}`
  return sql<SqlBool>`${expression} ${order[operator]} ${given(text)}`
}
