/**
 * A checker of OCSF events against the published schema in its source form, `fixtures/ocsf`: what a class or an object
 * requires, the values of its enums, the types of its attributes, and that there is nothing that it does not have. Knows
 * nothing of our code. Profiles are left out, because our events claim none.
 */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'

type Attribute = {
  requirement?: string
  type?: string
  is_array?: boolean
  sibling?: string
  enum?: Record<string, { caption: string }>
}
type Definition = {
  uid?: number
  caption?: string
  extends?: string
  category?: string
  attributes: Record<string, Attribute>
  constraints?: { at_least_one?: string[] }
}
type DataType = { type?: string; regex?: string; max_len?: number; range?: [number, number] }
type Dictionary = { attributes: Record<string, Attribute>; types: { attributes: Record<string, DataType> } }
type Json = Record<string, unknown>

const folder = join(import.meta.dirname, '..', 'fixtures', 'ocsf')
const read = <T>(file: string): T => JSON.parse(readFileSync(join(folder, file), 'utf8'))

const dictionary = read<Dictionary>('dictionary.json')
const categories = read<{ attributes: Record<string, { uid: number; caption: string }> }>('categories.json')
export const schemaVersion = read<{ version: string }>('version.json').version

const classFiles: Record<string, string> = {
  base_event: 'base_event',
  iam: 'iam/iam',
  application: 'application/application',
  account_change: 'iam/account_change',
  authentication: 'iam/authentication',
  entity_management: 'iam/entity_management',
  user_access: 'iam/user_access',
  api_activity: 'application/api_activity',
}

/** The definition with everything that it inherits; what it says itself counts more. */
function resolve(load: (name: string) => Definition, name: string): Definition {
  const own = load(name)
  const parent = own.extends && own.extends !== 'object' ? resolve(load, own.extends) : undefined
  const attributes: Record<string, Attribute> = { ...parent?.attributes }
  for (const [attribute, said] of Object.entries(own.attributes)) {
    if (attribute === '$include') continue
    const before = attributes[attribute] ?? dictionary.attributes[attribute]
    attributes[attribute] = { ...before, ...said, enum: { ...before?.enum, ...said.enum } }
  }
  return { ...parent, ...own, attributes }
}

const objects = new Map<string, Definition>()
function objectOf(name: string): Definition {
  const known = objects.get(name) ?? resolve((file) => read(`objects/${file}.json`), name)
  objects.set(name, known)
  return known
}

const classes = new Map(
  Object.keys(classFiles).map((name) => {
    const definition = resolve((file) => read(`events/${classFiles[file]}.json`), name)
    const category = categories.attributes[definition.category ?? '']
    const uid = (category?.uid ?? 0) * 1_000 + (definition.uid ?? 0)
    return [uid, { definition, category }] as const
  }),
)

/** What is wrong with an event; nothing is wrong when it is empty. */
export function findings(event: Json): string[] {
  const found = classes.get(Number(event.class_uid))
  if (!found) return [`class_uid ${event.class_uid} is no class`]
  const { definition, category } = found
  const activity = definition.attributes.activity_id?.enum?.[String(event.activity_id)]?.caption
  const same: [attribute: string, wanted: unknown][] = [
    ['class_name', definition.caption],
    ['category_uid', category?.uid],
    ['category_name', category?.caption],
    ['type_uid', Number(event.class_uid) * 100 + Number(event.activity_id)],
    ['type_name', `${definition.caption}: ${activity}`],
  ]
  return [
    ...same.flatMap(([name, wanted]) =>
      event[name] === wanted ? [] : [`${name} is ${event[name]} and not ${wanted}`],
    ),
    // The two say it themselves, and each class has its own; the checks above are stricter.
    ...members(event, definition, 'event', ['class_uid', 'category_uid']),
  ]
}

function members(value: Json, definition: Definition, path: string, skipped: string[] = []): string[] {
  const { attributes, constraints } = definition
  const missing = Object.entries(attributes)
    .filter(([name, { requirement }]) => requirement === 'required' && value[name] === undefined)
    .map(([name]) => `${path}.${name} is required`)
  const anyOf = constraints?.at_least_one
  if (anyOf && !anyOf.some((name) => value[name] !== undefined))
    missing.push(`${path} needs one of ${anyOf.join(', ')}`)
  const wrong = Object.entries(value).flatMap(([name, member]) => {
    const attribute = attributes[name]
    if (!attribute) return [`${path}.${name} is not in the schema`]
    return skipped.includes(name) ? [] : attributeFindings(member, attribute, value, `${path}.${name}`)
  })
  return [...missing, ...wrong]
}

function attributeFindings(value: unknown, attribute: Attribute, beside: Json, path: string): string[] {
  if (attribute.is_array) {
    if (!Array.isArray(value)) return [`${path} is no array`]
    return value.flatMap((item, index) => typed(item, attribute, `${path}[${index}]`))
  }
  const { enum: values = {}, sibling } = attribute
  const allowed = Object.keys(values)
  if (allowed.length > 0 && !allowed.includes(String(value))) return [`${path} is ${value}: no such value`]
  const said = sibling === undefined ? undefined : beside[sibling]
  const caption = values[String(value)]?.caption
  // 99, Other: the sibling has the word of the source.
  if (value === 99 && typeof said !== 'string') return [`${path} is 99, so ${sibling} must say what`]
  if (value !== 99 && said !== undefined && caption !== undefined && said !== caption)
    return [`${path} is ${caption}, but ${sibling} says ${said}`]
  return typed(value, attribute, path)
}

function typed(value: unknown, { type = '' }: Attribute, path: string): string[] {
  const data = dictionary.types.attributes[type]
  if (data) return dataFindings(value, type, path)
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return [`${path} is no object`]
  return type === 'object' ? [] : members(value as Json, objectOf(type), path)
}

function dataFindings(value: unknown, type: string, path: string): string[] {
  const { type: base = type, regex, max_len } = dictionary.types.attributes[type] ?? {}
  const wanted = { string_t: 'string', boolean_t: 'boolean' }[base]
  if (wanted !== undefined && typeof value !== wanted) return [`${path} is no ${wanted}`]
  if (/^(?:integer|long)_t$/.test(base) && !Number.isSafeInteger(value)) return [`${path} is no whole number`]
  if (wanted === undefined && !/^(?:integer|long|json)_t$/.test(base))
    throw new Error(`The checker does not know ${base}, of ${path}`)
  if (regex !== undefined && !new RegExp(regex).test(String(value)))
    return [`${path} is no ${type}: ${value}`]
  return max_len !== undefined && String(value).length > max_len ? [`${path} is longer than ${max_len}`] : []
}
