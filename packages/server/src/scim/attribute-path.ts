/** Names of attributes as clients write them: with their schema or without, in any letter case. Pure. */
import { type Attribute, type ResourceSchema, subAttributeOf } from './schemas.ts'

export type AttributePath = {
  /** The URN of the extension that it belongs to; null: the core schema. */
  extension: string | null
  /** Null: the extension as a whole. */
  attribute: Attribute | null
  sub: Attribute | null
}

/** Null when there is no such attribute. */
export function attributePathOf(schema: ResourceSchema, text: string): AttributePath | null {
  const lower = text.toLowerCase()
  if (!lower.startsWith('urn:')) return inSchema(schema.attributes, null, text)
  const core = schema.urn.toLowerCase()
  if (lower.startsWith(`${core}:`)) return inSchema(schema.attributes, null, text.slice(core.length + 1))
  for (const [urn, extension] of schema.extensions) {
    if (lower === urn) return { extension: extension.urn, attribute: null, sub: null }
    if (lower.startsWith(`${urn}:`))
      return inSchema(extension.attributes, extension.urn, text.slice(urn.length + 1))
  }
  return null
}

/** One spelling for all ways to name an attribute: `urn:…:User:manager.value`, in lower case. */
export function canonicalName({ extension, attribute, sub }: AttributePath): string {
  const name = [attribute?.name, sub?.name].filter((part) => part !== undefined).join('.')
  return (extension === null ? name : `${extension}:${name}`).toLowerCase()
}

function inSchema(
  attributes: ReadonlyMap<string, Attribute>,
  extension: string | null,
  text: string,
): AttributePath | null {
  const [name = '', subName, ...more] = text.split('.')
  const attribute = attributes.get(name.toLowerCase())
  if (!attribute || more.length > 0) return null
  if (subName === undefined) return { extension, attribute, sub: null }
  const sub = subAttributeOf(attribute, subName)
  return sub && { extension, attribute, sub }
}
