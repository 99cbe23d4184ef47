/** Filters of RFC 7644, 3.4.2.2, as a tree. `scim` has its own reader; see docs/decisions/0014-scim-reader.md. Pure. */

export const operators = ['eq', 'ne', 'co', 'sw', 'ew', 'gt', 'ge', 'lt', 'le'] as const
export type Operator = (typeof operators)[number]

/** No attribute here is a number: numbers are compared as they are written. */
export type FilterValue = string | boolean | null

export type Comparison = { kind: 'compare'; path: string; operator: Operator; value: FilterValue }

export type Filter =
  | { kind: 'and'; parts: Filter[] }
  | { kind: 'or'; parts: Filter[] }
  | { kind: 'not'; part: Filter }
  | Comparison
  | { kind: 'present'; path: string }
  /** `emails[type eq "work"]`: one entry of a multi-valued attribute for which all of it holds. */
  | { kind: 'entry'; path: string; filter: Filter }

/** What cannot be read as a filter; the message is for the client. */
export class FilterError extends Error {
  override name = 'FilterError'
}

/** The comparisons that must hold whatever else does: those of a conjunction. */
export function conjunctsOf(filter: Filter): Filter[] {
  return filter.kind === 'and' ? filter.parts.flatMap(conjunctsOf) : [filter]
}
