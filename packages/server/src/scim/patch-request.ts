/** PATCH bodies (RFC 7644, 3.5.2) become operations on named attributes. Pure. */
import { isJsonObject, type JsonObject } from '@keyhook/contract/json-object.ts'
import { type AttributePath, attributePathOf } from './attribute-path.ts'
import { type Filter, FilterError } from './filter.ts'
import { filterLimits, readFilter } from './filter-reader.ts'
import { type Attribute, type ResourceSchema, subAttributeOf } from './schemas.ts'
import { invalidValue, ScimError } from './scim-error.ts'

const patchUrn = 'urn:ietf:params:scim:api:messages:2.0:PatchOp'
const maxOperations = 1_000

export type PatchPath = AttributePath & {
  /** Which entries of a multi-valued attribute; null: all. `sub` is then the part of these entries. */
  filter: Filter | null
}

export type PatchOperation = { op: 'add' | 'remove' | 'replace'; path: PatchPath; value: unknown }

/**
 * Operations without a path are taken apart: one for each attribute of their value. Throws `invalidSyntax`,
 * `invalidPath`, `invalidValue`, `noTarget` and `mutability`.
 */
export function readPatch(schema: ResourceSchema, body: JsonObject): PatchOperation[] {
  const { schemas, operations } = membersOf(body)
  if (Array.isArray(schemas) && !schemas.some((urn) => String(urn).toLowerCase() === patchUrn.toLowerCase()))
    throw new ScimError(400, 'invalidSyntax', `The schemas of a PATCH must be ["${patchUrn}"].`)
  if (!Array.isArray(operations) || operations.length === 0)
    throw new ScimError(400, 'invalidSyntax', 'A PATCH needs Operations, a list with one operation or more.')
  if (operations.length > maxOperations)
    throw invalidValue(`A PATCH may have ${maxOperations.toLocaleString('en')} operations at most.`)
  return operations.flatMap((operation) => readOperation(schema, operation))
}

/** Microsoft's examples have both `Operations` and `operations`. */
function membersOf(body: JsonObject): { schemas: unknown; operations: unknown } {
  const members = new Map(Object.entries(body).map(([key, value]) => [key.toLowerCase(), value]))
  return { schemas: members.get('schemas'), operations: members.get('operations') }
}

function readOperation(schema: ResourceSchema, given: unknown): PatchOperation[] {
  if (!isJsonObject(given)) throw new ScimError(400, 'invalidSyntax', 'An operation must be an object.')
  const members = new Map(Object.entries(given).map(([key, value]) => [key.toLowerCase(), value]))
  // Entra ID writes "Add", "Replace" and "Remove".
  const op = String(members.get('op')).toLowerCase()
  if (op !== 'add' && op !== 'remove' && op !== 'replace')
    throw new ScimError(400, 'invalidSyntax', 'The op of an operation must be add, remove or replace.')
  const value = members.get('value')
  const path = members.get('path')
  if (path === undefined || path === null || path === '') {
    if (op === 'remove') throw new ScimError(400, 'noTarget', 'A remove operation needs a path.')
    return takenApart(schema, op, value)
  }
  if (typeof path !== 'string')
    throw new ScimError(400, 'invalidPath', 'The path of an operation must be text.')
  return [{ op, path: requirePath(schema, path), value }]
}

/** What is unknown or read-only is left out, as in POST and PUT: clients send `id` along. */
function takenApart(schema: ResourceSchema, op: 'add' | 'replace', value: unknown): PatchOperation[] {
  if (!isJsonObject(value)) throw invalidValue('The value of an operation without a path must be an object.')
  return Object.entries(value).flatMap(([key, member]) => {
    const path = patchPathOf(schema, key)
    return path === null || path.attribute?.mutability === 'readOnly' ? [] : [{ op, path, value: member }]
  })
}

function requirePath(schema: ResourceSchema, text: string): PatchPath {
  const path = patchPathOf(schema, text)
  if (!path) throw new ScimError(400, 'invalidPath', `There is no attribute ${text.slice(0, 200)} here.`)
  const wrong = [path.attribute, path.sub].find((attribute) => attribute?.mutability === 'readOnly')
  if (wrong) throw new ScimError(400, 'mutability', `${wrong.name} is read-only.`)
  return path
}

/** Null when there is no such attribute. Throws `invalidPath`. */
function patchPathOf(schema: ResourceSchema, text: string): PatchPath | null {
  if (text.length > filterLimits.length) throw new ScimError(400, 'invalidPath', 'The path is too long.')
  const begin = text.indexOf('[')
  if (begin === -1) {
    const path = attributePathOf(schema, text)
    return path && { ...path, filter: null }
  }
  const end = text.lastIndexOf(']')
  const path = attributePathOf(schema, text.slice(0, begin))
  if (!path?.attribute || path.sub || end < begin) return null
  const filter = pathFilter(text.slice(begin + 1, end))
  const rest = text.slice(end + 1)
  if (!path.attribute.multiValued || path.attribute.type !== 'complex')
    throw new ScimError(400, 'invalidPath', `${path.attribute.name} has no entries to choose from.`)
  if (rest === '') return { ...path, filter }
  const sub = rest.startsWith('.') ? subAttributeOf(path.attribute, rest.slice(1)) : null
  return sub && { ...path, filter, sub }
}

function pathFilter(text: string): Filter {
  try {
    return readFilter(text)
  } catch (error) {
    if (error instanceof FilterError) throw new ScimError(400, 'invalidPath', error.message)
    throw error
  }
}

/** Older Entra ID wraps single values: `[{ "value": "Ada" }]`. */
export function unwrapped(attribute: Attribute, value: unknown): unknown {
  if (attribute.multiValued || attribute.type === 'complex' || !Array.isArray(value) || value.length !== 1)
    return value
  const [only] = value as unknown[]
  return isJsonObject(only) ? only.value : only
}
