/** Operations of a PATCH, applied to a resource in their order (RFC 7644, 3.5.2). Pure. */
import { isJsonObject } from '@keyhook/contract/json-object.ts'
import { type Filter, FilterError } from './filter.ts'
import { entryDescribedBy, matchesEntry } from './filter-match.ts'
import { type PatchOperation, type PatchPath, unwrapped } from './patch-request.ts'
import {
  type AttributeValue,
  type Complex,
  type Resource,
  readAttributes,
  readOne,
  readValue,
  requireFew,
} from './resource.ts'
import type { Attribute, ResourceSchema } from './schemas.ts'
import { invalidValue, ScimError } from './scim-error.ts'

type Op = PatchOperation['op']

/** A new resource; the given one stays as it is. Throws as `readPatch`. */
export function applyPatch(
  schema: ResourceSchema,
  resource: Resource,
  operations: readonly PatchOperation[],
): Resource {
  const changed = structuredClone(resource)
  for (const { op, path, value } of operations) {
    if (path.attribute === null) changeExtension(schema, changed, op, path, value)
    else {
      const holder = holderOf(changed, path)
      changeAttribute(holder, op, path, path.attribute, value)
      if (path.extension !== null && Object.keys(holder).length === 0) delete changed[path.extension]
    }
  }
  return changed
}

/** Where the attribute of a path is: the resource, or the part of it that belongs to an extension. */
function holderOf(resource: Resource, { extension }: PatchPath): Resource {
  if (extension === null) return resource
  const part = resource[extension] ?? {}
  resource[extension] = part
  return part as Resource
}

function changeExtension(
  schema: ResourceSchema,
  resource: Resource,
  op: Op,
  path: PatchPath,
  value: unknown,
): void {
  const urn = path.extension ?? ''
  const extension = schema.extensions.get(urn.toLowerCase())
  if (op === 'remove') delete resource[urn]
  else if (extension && isJsonObject(value)) {
    const part = {
      ...(resource[urn] as Resource | undefined),
      ...readAttributes(extension.attributes, value),
    }
    if (Object.keys(part).length > 0) resource[urn] = part
  } else throw invalidValue(`The value for ${urn} must be an object.`)
}

function changeAttribute(
  holder: Resource,
  op: Op,
  path: PatchPath,
  attribute: Attribute,
  value: unknown,
): void {
  const given = unwrapped(path.sub ?? attribute, value)
  const before = holder[attribute.name] as AttributeValue | undefined
  const after = attribute.multiValued
    ? changedEntries(op, path, attribute, (before ?? []) as Complex[], given)
    : changedSingle(op, path.sub, attribute, before, given)
  if (Array.isArray(after)) requireFew(attribute, after)
  const isEmpty = after === undefined || (typeof after === 'object' && Object.keys(after).length === 0)
  if (!isEmpty) holder[attribute.name] = after
  else if (attribute.required) throw new ScimError(400, 'mutability', `${attribute.name} must have a value.`)
  else delete holder[attribute.name]
}

function changedSingle(
  op: Op,
  sub: Attribute | null,
  attribute: Attribute,
  before: AttributeValue | undefined,
  value: unknown,
): AttributeValue | undefined {
  if (sub) return withPart((before ?? {}) as Complex, sub, op === 'remove' ? undefined : value)
  if (op === 'remove') return undefined
  const read = readValue(attribute, value)
  // Parts that are not named stay, also in a replace.
  if (attribute.type === 'complex' && typeof read === 'object')
    return { ...(before as Complex), ...(read as Complex) }
  return read
}

function changedEntries(
  op: Op,
  path: PatchPath,
  attribute: Attribute,
  entries: Complex[],
  value: unknown,
): Complex[] {
  if (path.filter !== null || path.sub !== null) return changedChosen(op, path, attribute, entries, value)
  const read = (readValue(attribute, value) ?? []) as Complex[]
  if (op === 'replace') return read
  if (op === 'add') return added(entries, read)
  // Entra ID and JumpCloud name what goes by its value, without a filter.
  if (value === undefined || value === null) return []
  return entries.filter((entry) => !read.some((gone) => gone.value === entry.value))
}

/** The entries that the path's filter chooses, or a part of them. */
function changedChosen(
  op: Op,
  { filter, sub }: PatchPath,
  attribute: Attribute,
  entries: Complex[],
  value: unknown,
): Complex[] {
  const chosen = new Set(entries.filter((entry) => filter === null || matches(attribute, entry, filter)))
  const all = [...entries]
  if (chosen.size === 0) {
    if (op === 'remove') return entries
    const described = filter === null ? {} : requireDescribed(attribute, filter)
    all.push(described)
    chosen.add(described)
  }
  const results = all.flatMap((entry) => {
    if (!chosen.has(entry)) return [{ entry, isChanged: false }]
    const changed = changedEntry(op, sub, attribute, entry, value)
    return changed === null ? [] : [{ entry: changed, isChanged: true }]
  })
  return withChangedPrimary(results)
}

/** Null: the entry goes. */
function changedEntry(op: Op, sub: Attribute | null, attribute: Attribute, entry: Complex, value: unknown) {
  if (sub) {
    const changed = withPart(entry, sub, op === 'remove' ? undefined : value)
    return sub.name === 'value' && changed.value === undefined ? null : changed
  }
  if (op === 'remove') return null
  const [only = value] = Array.isArray(value) ? (value as unknown[]) : []
  const read = readOne(attribute, only)
  if (typeof read !== 'object')
    throw invalidValue(`The value for an entry of ${attribute.name} must be an object.`)
  return op === 'add' ? { ...entry, ...read } : read
}

function withPart(complex: Complex, sub: Attribute, value: unknown): Complex {
  const { [sub.name]: _before, ...rest } = complex
  const read = readOne(sub, value)
  if (typeof read === 'object') throw invalidValue(`${sub.name} must not be an object.`)
  return read === undefined ? rest : { ...rest, [sub.name]: read }
}

/** What is there already is not added twice. */
function added(entries: Complex[], more: Complex[]): Complex[] {
  const isSame = (one: Complex, other: Complex) => one.value === other.value && one.type === other.type
  const results = entries.map((entry) => ({ entry, isChanged: false }))
  for (const entry of more) {
    const known = results.find((result) => entry.value !== undefined && isSame(result.entry, entry))
    if (known) Object.assign(known, { entry: { ...known.entry, ...entry }, isChanged: true })
    else results.push({ entry, isChanged: true })
  }
  return withChangedPrimary(results)
}

/** An entry that became the primary one takes that from the others. */
function withChangedPrimary(results: { entry: Complex; isChanged: boolean }[]): Complex[] {
  const primary = results.findLast(({ entry, isChanged }) => isChanged && entry.primary === true)
  if (!primary) return results.map(({ entry }) => entry)
  return results.map(({ entry }) =>
    entry !== primary.entry && entry.primary === true ? { ...entry, primary: false } : entry,
  )
}

function matches(attribute: Attribute, entry: Complex, filter: Filter): boolean {
  return asPathError(() => matchesEntry(attribute, entry, filter))
}

function requireDescribed(attribute: Attribute, filter: Filter): Complex {
  const entry = asPathError(() => entryDescribedBy(attribute, filter))
  if (entry === null)
    throw new ScimError(400, 'noTarget', `No entry of ${attribute.name} is as the path says.`)
  return entry
}

function asPathError<Result>(run: () => Result): Result {
  try {
    return run()
  } catch (error) {
    if (error instanceof FilterError) throw new ScimError(400, 'invalidPath', error.message)
    throw error
  }
}
