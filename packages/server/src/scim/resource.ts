/**
 * What clients send becomes a resource: only attributes that the schema has, under the names that it gives them, with
 * values of their type. Pure.
 */
import { isJsonObject, type JsonObject } from '@keyhook/contract/json-object.ts'
import { type Attribute, type ResourceSchema, subAttributeOf } from './schemas.ts'
import { invalidValue } from './scim-error.ts'

export type Simple = string | boolean
/** Parts of a complex attribute by name. */
export type Complex = { [name: string]: Simple }
export type AttributeValue = Simple | Complex | (Simple | Complex)[]
/** Attributes by name; those of an extension are a resource of their own under its URN. */
export type Resource = { [name: string]: AttributeValue | Resource }

const limits = { text: 2_000, entries: 100 } as const
const unstorable = /\0|\p{Surrogate}/u

/** Attributes that are unknown, read-only or without a value are left out. Throws `invalidValue`. */
export function readResource(schema: ResourceSchema, body: JsonObject): Resource {
  const resource = readAttributes(schema.attributes, body)
  for (const [key, value] of Object.entries(body)) {
    const extension = schema.extensions.get(key.toLowerCase())
    if (!extension || value === null) continue
    if (!isJsonObject(value)) throw invalidValue(`${extension.urn} must be an object.`)
    const attributes = readAttributes(extension.attributes, value)
    if (Object.keys(attributes).length > 0) resource[extension.urn] = attributes
  }
  return resource
}

/** The attributes of `value` that are among these and can be written. */
export function readAttributes(attributes: ReadonlyMap<string, Attribute>, value: JsonObject): Resource {
  const resource: Resource = {}
  for (const [key, given] of Object.entries(value)) {
    const attribute = attributes.get(key.toLowerCase())
    if (!attribute || attribute.mutability === 'readOnly') continue
    const read = readValue(attribute, given)
    if (read !== undefined) resource[attribute.name] = read
  }
  return resource
}

/** Undefined: no value (RFC 7643, 2.5: null and the empty list are that too; Okta sends empty text). */
export function readValue(attribute: Attribute, given: unknown): AttributeValue | undefined {
  if (!attribute.multiValued) return readOne(attribute, given)
  const list = Array.isArray(given) ? given : [given]
  requireFew(attribute, list)
  const values = list.flatMap((one) => {
    const value = readOne(attribute, one)
    return value === undefined || !hasContent(attribute, value) ? [] : [value]
  })
  return values.length === 0 ? undefined : withOnePrimary(values)
}

/** Throws `invalidValue`. */
export function requireFew({ name }: Attribute, values: readonly unknown[]): void {
  if (values.length > limits.entries) throw invalidValue(`${name} may have ${limits.entries} values at most.`)
}

/** One value of an attribute, multi-valued or not. */
export function readOne(attribute: Attribute, given: unknown): Simple | Complex | undefined {
  if (given === null || given === undefined) return undefined
  if (attribute.type === 'complex') return readComplex(attribute, given)
  if (attribute.type === 'boolean') return readBoolean(attribute, given)
  return readText(attribute, given)
}

/** Of several entries that call themselves primary the first one is (RFC 7643, 2.4: at most one). */
export function withOnePrimary<Entry extends Simple | Complex>(entries: Entry[]): Entry[] {
  const first = entries.findIndex(isPrimary)
  return entries.map((entry, index) => {
    if (typeof entry !== 'object' || !isPrimary(entry) || index === first) return entry
    return { ...entry, primary: false }
  })
}

function isPrimary(entry: Simple | Complex): boolean {
  return typeof entry === 'object' && entry.primary === true
}

/** Entra ID sends `{ type: 'work', value: '' }` for an address that is gone: an entry without its value is none. */
function hasContent(attribute: Attribute, value: Simple | Complex): boolean {
  if (typeof value !== 'object') return true
  return subAttributeOf(attribute, 'value') === null || value.value !== undefined
}

function readComplex(attribute: Attribute, given: unknown): Complex | undefined {
  if (typeof given === 'string' || typeof given === 'number') {
    // A bare value stands for the entry with it: Entra ID sends managers so.
    const value = subAttributeOf(attribute, 'value')
    const read = value && readOne(value, given)
    if (read === null || typeof read === 'object') throw invalidValue(`${attribute.name} must be an object.`)
    return read === undefined ? undefined : { value: read }
  }
  if (!isJsonObject(given)) throw invalidValue(`${attribute.name} must be an object.`)
  const complex: Complex = {}
  for (const [key, member] of Object.entries(given)) {
    const sub = subAttributeOf(attribute, key)
    if (!sub || sub.mutability === 'readOnly') continue
    const read = readOne(sub, member)
    if (read !== undefined && typeof read !== 'object') complex[sub.name] = read
  }
  return Object.keys(complex).length === 0 ? undefined : complex
}

/** Entra ID sends `"True"` and `"False"`. */
function readBoolean(attribute: Attribute, given: unknown): boolean {
  if (typeof given === 'boolean') return given
  const lower = typeof given === 'string' ? given.trim().toLowerCase() : ''
  if (lower !== 'true' && lower !== 'false') throw invalidValue(`${attribute.name} must be true or false.`)
  return lower === 'true'
}

function readText(attribute: Attribute, given: unknown): string | undefined {
  if (typeof given !== 'string' && typeof given !== 'number' && typeof given !== 'boolean')
    throw invalidValue(`${attribute.name} must be text.`)
  const text = String(given).trim()
  if (text.length > limits.text)
    throw invalidValue(`${attribute.name} may have ${limits.text.toLocaleString('en')} characters at most.`)
  if (unstorable.test(text)) throw invalidValue(`${attribute.name} has a character in it that is none.`)
  return text === '' ? undefined : text
}
