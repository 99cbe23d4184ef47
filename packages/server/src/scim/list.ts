/** Parameters of lists, and the answer around them (RFC 7644, 3.4.2). Pure. */
import { type Filter, FilterError } from './filter.ts'
import { readFilter } from './filter-reader.ts'
import { invalidValue, ScimError } from './scim-error.ts'

/** As many resources are answered at once, whatever was asked for. */
export const pageLimits = { most: 200, default: 100 } as const

export type ListQuery = {
  filter: Filter | null
  /** From 1. */
  startIndex: number
  count: number
}

/** Throws `invalidFilter` and `invalidValue`. */
export function readListQuery(query: Record<string, unknown>): ListQuery {
  return {
    filter: filterOf(textOf(query, 'filter')),
    startIndex: Math.max(1, integerOf(query, 'startIndex') ?? 1),
    count: Math.min(pageLimits.most, Math.max(0, integerOf(query, 'count') ?? pageLimits.default)),
  }
}

/** A parameter that is there once. */
export function textOf(query: Record<string, unknown>, name: string): string | undefined {
  const value = query[name]
  if (value === undefined || typeof value === 'string') return value
  throw invalidValue(`The parameter ${name} may be there once.`)
}

export function listResponse(resources: readonly unknown[], totalResults: number, startIndex: number) {
  return {
    schemas: ['urn:ietf:params:scim:api:messages:2.0:ListResponse'],
    totalResults,
    startIndex,
    itemsPerPage: resources.length,
    Resources: resources,
  }
}

/** Runs what asks by a filter: what cannot be asked is the client's mistake. */
export async function asFilterError<Result>(run: () => Promise<Result>): Promise<Result> {
  try {
    return await run()
  } catch (error) {
    if (error instanceof FilterError) throw new ScimError(400, 'invalidFilter', error.message)
    throw error
  }
}

function filterOf(text: string | undefined): Filter | null {
  if (text === undefined || text.trim() === '') return null
  try {
    return readFilter(text)
  } catch (error) {
    if (error instanceof FilterError) throw new ScimError(400, 'invalidFilter', error.message)
    throw error
  }
}

function integerOf(query: Record<string, unknown>, name: string): number | undefined {
  const text = textOf(query, name)
  if (text === undefined || text === '') return undefined
  if (!/^-?\d{1,9}$/.test(text)) throw invalidValue(`${name} must be a whole number.`)
  return Number(text)
}
