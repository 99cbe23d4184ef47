/** The page of documentation that the catalogue of events makes. */
import { eventTypes } from '../../src/event-types.ts'
import { catalogueTypes, eventCatalogue, exampleOf, metadataSchemaOf } from '../../src/events/catalogue.ts'
import { eventGroups } from '../../src/events/describe.ts'

type Schema = {
  type?: string | string[]
  const?: unknown
  enum?: unknown[]
  anyOf?: Schema[]
  items?: Schema
  format?: string
  description?: string
  properties?: Record<string, Schema>
  additionalProperties?: Schema | boolean
}

export function eventTypesPage(): string {
  const complete = exampleOf('APP_STORE_CREATE_ACCESS_REQUEST')
  const parts = Object.entries(eventGroups).flatMap(([group, words]) => [
    `## ${words}`,
    '',
    ...catalogueTypes.flatMap((type, index) =>
      eventCatalogue[type].group === group ? section(type, catalogueTypes[index - 1]) : [],
    ),
  ])
  return `${[
    '# Types of events',
    '',
    'Every type of entry that Keyhook appends to the [activity log](activity-log.md): when, and what `event_metadata` holds. This page',
    'and `GET /api/v1/event-types` come from the same catalogue, and tests compare it with what is appended. Types that begin with',
    '`CUSTOM_` are those of your own systems.',
    '',
    'An entry as the API and [SIEM webhooks](siem-streams.md) tell it:',
    '',
    ...json(complete),
    ...parts,
  ]
    .join('\n')
    .trimEnd()}\n`
}

type Type = (typeof catalogueTypes)[number]

function section(type: Type, before: Type | undefined): string[] {
  const { when, metadata, example } = eventCatalogue[type]
  const same = before !== undefined && eventCatalogue[before].metadata === metadata
  const targets = [...new Set(example.targets.map(({ target_type }) => `\`${target_type}\``))]
  const schema = metadataSchemaOf(type) as Schema
  // Of the same metadata again: what is another than the first time.
  const first = catalogueTypes.find((other) => eventCatalogue[other].metadata === metadata) ?? type
  const known = same ? eventCatalogue[first].example.metadata : {}
  const shown = Object.fromEntries(
    Object.entries(example.metadata).filter(
      ([name, value]) => JSON.stringify(value) !== JSON.stringify((known as typeof example.metadata)[name]),
    ),
  )
  return [
    `### \`${type}\``,
    '',
    `**${eventTypes[type]}.** ${when}`,
    '',
    `Targets: ${targets.length === 0 ? 'none' : targets.join(', ')}.${same ? ' Metadata as above.' : ''}`,
    '',
    ...(same ? [] : metadataOf(schema)),
    ...(Object.keys(shown).length === 0 ? [] : json(shown)),
  ]
}

function metadataOf(schema: Schema): string[] {
  if (schema.anyOf) {
    return schema.anyOf.flatMap((one, index) => [...(index === 0 ? [] : ['or', '']), ...tableOf(one)])
  }
  return tableOf(schema)
}

function tableOf({ properties, additionalProperties }: Schema): string[] {
  const members = Object.entries(properties ?? {})
  if (members.length === 0)
    return [additionalProperties ? 'Metadata: members of the API.' : 'Without metadata.', '']
  return [
    '| metadata | | |',
    '| --- | --- | --- |',
    ...members.map(([name, member]) => `| \`${name}\` | ${kindOf(member)} | ${member.description ?? ''} |`),
    '',
  ]
}

function kindOf(schema: Schema): string {
  if (schema.const !== undefined) return `\`${schema.const}\``
  if (schema.enum) return schema.enum.map((word) => `\`${word}\``).join(', ')
  if (schema.anyOf) return schema.anyOf.map(kindOf).join(' or ')
  if (schema.type === 'array') return `list of ${kindOf(schema.items ?? {})}`
  if (Array.isArray(schema.type)) return schema.type.map((type) => kindOf({ ...schema, type })).join(' or ')
  if (schema.type === 'null') return '`null`'
  if (schema.format === 'date-time') return 'time'
  if (schema.properties)
    return `object: ${Object.keys(schema.properties)
      .map((name) => `\`${name}\``)
      .join(', ')}`
  return schema.type ?? 'anything'
}

function json(value: unknown): string[] {
  return ['```json', JSON.stringify(value, null, 2), '```', '']
}
