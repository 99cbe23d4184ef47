/** Which attributes of a resource are answered: `attributes` and `excludedAttributes` (RFC 7644, 3.9). Pure. */
import { type AttributePath, attributePathOf } from './attribute-path.ts'
import type { ResourceSchema } from './schemas.ts'

export type Projection = {
  /** Null: what is returned by default. */
  only: readonly AttributePath[] | null
  without: readonly AttributePath[]
}

type Body = Record<string, unknown>
const always = ['schemas', 'id']

/** What nobody knows is left out. A filter behind a name, as in `emails[type eq "work"]`, chooses no entries here. */
export function readProjection(
  schema: ResourceSchema,
  {
    attributes,
    excludedAttributes,
  }: { attributes: string | undefined; excludedAttributes: string | undefined },
): Projection {
  return {
    only: attributes === undefined || attributes.trim() === '' ? null : pathsOf(schema, attributes),
    without: excludedAttributes === undefined ? [] : pathsOf(schema, excludedAttributes),
  }
}

/** Whether an attribute of the core schema will be answered. `byDefault`: when nobody names it. */
export function isWanted({ only, without }: Projection, name: string, byDefault = true): boolean {
  const names = (path: AttributePath) => path.extension === null && path.attribute?.name === name
  if (only !== null) return only.some(names)
  return byDefault && !without.some((path) => names(path) && path.sub === null)
}

export function project({ only, without }: Projection, resource: Body): Body {
  const kept = only === null ? { ...resource } : chosen(only, resource)
  for (const path of without) leaveOut(kept, path)
  return kept
}

function pathsOf(schema: ResourceSchema, list: string): AttributePath[] {
  return list
    .replace(/\[[^\]]*\]/g, '')
    .split(',')
    .flatMap((name) => attributePathOf(schema, name.trim()) ?? [])
}

function chosen(paths: readonly AttributePath[], resource: Body): Body {
  const kept: Body = Object.fromEntries(always.map((name) => [name, resource[name]]))
  for (const { extension, attribute, sub } of paths) {
    const from = extension === null ? resource : (resource[extension] as Body | undefined)
    if (from === undefined) continue
    if (attribute === null) {
      if (extension !== null) kept[extension] = from
      continue
    }
    const value = from[attribute.name]
    if (value === undefined) continue
    const to = extension === null ? kept : holder(kept, extension)
    to[attribute.name] = sub === null ? value : joined(to[attribute.name], value, sub.name)
  }
  return kept
}

/** `attributes=name.givenName,name.familyName` names two parts of one attribute. */
function joined(before: unknown, value: unknown, part: string): unknown {
  if (Array.isArray(value)) {
    const known = Array.isArray(before) ? (before as Body[]) : []
    return value.map((entry: Body, index) => ({ ...known[index], ...partOf(entry, part) }))
  }
  return { ...(before as Body | undefined), ...partOf(value as Body, part) }
}

function partOf(value: Body, part: string): Body {
  return Object.hasOwn(value, part) ? { [part]: value[part] } : {}
}

function holder(resource: Body, extension: string): Body {
  const known = { ...(resource[extension] as Body | undefined) }
  resource[extension] = known
  return known
}

function leaveOut(resource: Body, { extension, attribute, sub }: AttributePath): void {
  if (attribute === null) {
    if (extension !== null) delete resource[extension]
    return
  }
  if (extension === null && always.includes(attribute.name)) return
  const from = extension === null ? resource : holder(resource, extension)
  const value = from[attribute.name]
  if (sub === null || value === undefined) delete from[attribute.name]
  else {
    const without = ({ [sub.name]: _left, ...rest }: Body) => rest
    from[attribute.name] = Array.isArray(value) ? value.map(without) : without(value as Body)
  }
}
