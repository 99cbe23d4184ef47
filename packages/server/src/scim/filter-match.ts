/** Whether one entry of a multi-valued attribute is what a filter asks for. Pure. */
import { type Comparison, conjunctsOf, type Filter, FilterError } from './filter.ts'
import type { Complex, Simple } from './resource.ts'
import { type Attribute, subAttributeOf } from './schemas.ts'

/** Throws `FilterError` when it asks for parts that such entries do not have. */
export function matchesEntry(attribute: Attribute, entry: Complex, filter: Filter): boolean {
  if (filter.kind === 'and') return filter.parts.every((part) => matchesEntry(attribute, entry, part))
  if (filter.kind === 'or') return filter.parts.some((part) => matchesEntry(attribute, entry, part))
  if (filter.kind === 'not') return !matchesEntry(attribute, entry, filter.part)
  if (filter.kind === 'entry') throw new FilterError('Entries have no entries of their own.')
  const sub = requireSub(attribute, filter.path)
  const value = entry[sub.name]
  return filter.kind === 'present' ? value !== undefined : compares(value, filter)
}

/**
 * The entry that a filter describes when it only says what must be equal: Entra ID adds an address with
 * `emails[type eq "work"].value` whether or not there is one. Null when it says more.
 */
export function entryDescribedBy(attribute: Attribute, filter: Filter): Complex | null {
  const entry: Complex = {}
  for (const part of conjunctsOf(filter)) {
    if (part.kind !== 'compare' || part.operator !== 'eq' || part.value === null) return null
    const sub = requireSub(attribute, part.path)
    entry[sub.name] = sub.type === 'boolean' ? isTrue(part.value) : String(part.value)
  }
  return entry
}

function requireSub(attribute: Attribute, path: string): Attribute {
  const sub = subAttributeOf(attribute, path)
  if (!sub) throw new FilterError(`${attribute.name} has no ${path}.`)
  return sub
}

function compares(actual: Simple | undefined, { operator, value }: Comparison): boolean {
  if (operator === 'ne') return !compares(actual, { kind: 'compare', path: '', operator: 'eq', value })
  if (actual === undefined || value === null)
    return operator === 'eq' && actual === undefined && value === null
  if (typeof actual === 'boolean') return operator === 'eq' && actual === isTrue(value)
  const [left, right] = [actual.toLowerCase(), String(value).toLowerCase()]
  switch (operator) {
    case 'eq':
      return left === right
    case 'co':
      return left.includes(right)
    case 'sw':
      return left.startsWith(right)
    case 'ew':
      return left.endsWith(right)
    case 'gt':
      return left > right
    case 'ge':
      return left >= right
    case 'lt':
      return left < right
    case 'le':
      return left <= right
  }
}

function isTrue(value: Simple): boolean {
  return String(value).toLowerCase() === 'true'
}
