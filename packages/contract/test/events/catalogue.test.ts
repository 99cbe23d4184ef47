/** The catalogue of events: complete, each example as its schema says, and the page that it makes. */
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { eventRead } from '../../src/api/event.ts'
import { eventTypes } from '../../src/event-types.ts'
import {
  catalogueErrors,
  catalogueTypes,
  eventCatalogue,
  exampleOf,
  metadataSchemaOf,
} from '../../src/events/catalogue.ts'
import { eventGroups } from '../../src/events/describe.ts'
import { publishedEventTypes, requestMetadataKeys, siemPayload } from '../../src/siem-payload.ts'
import { eventTypesPage } from './page.ts'

describe('the catalogue', () => {
  test('describes each type that has words, and no other', () => {
    expect([...catalogueTypes].sort()).toEqual(Object.keys(eventTypes).sort())
  })

  test('has each published type under its name', () => {
    expect(catalogueTypes).toEqual(expect.arrayContaining([...publishedEventTypes]))
  })

  test('keeps the published members of the metadata of requests', () => {
    for (const type of catalogueTypes.filter((name) => eventCatalogue[name].group === 'requests')) {
      const { properties } = metadataSchemaOf(type) as { properties: object }
      expect(Object.keys(properties), type).toEqual(expect.arrayContaining([...requestMetadataKeys]))
    }
  })

  test('has types in every group', () => {
    const used = new Set(catalogueTypes.map((type) => eventCatalogue[type].group))
    expect([...used].sort()).toEqual(Object.keys(eventGroups).sort())
  })

  test.each(catalogueTypes)('%s: when it is appended is a sentence, and its example is one of it', (type) => {
    expect(eventCatalogue[type].when).toMatch(/^[A-Z].*\.$/)
    const example = exampleOf(type)
    expect(eventRead.parse(example)).toEqual(example)
    expect(siemPayload.safeParse({ event: example.event }).success).toBe(true)
    expect(catalogueErrors(type, example.event.event_metadata)).toEqual([])
  })

  test.each(catalogueTypes)('%s: what is not described may not be in its metadata', (type) => {
    // Facts of a configuration have the members of the API.
    if (type === 'ACCESS_REVIEW_CREATED' || type === 'KEYHOOK_LOG_CHECKPOINT') return
    const { event_metadata } = exampleOf(type).event
    expect(catalogueErrors(type, { ...event_metadata, password: 'x' })).not.toEqual([])
  })

  test('knows nothing of types that are not ours', () => {
    expect(catalogueErrors('CUSTOM_VPN_LOGIN', { any: 1 })).toEqual([])
    expect(catalogueErrors('TOSTRING', {})).toEqual(['TOSTRING is not in the catalogue'])
    expect(catalogueErrors('toString', {})).toEqual(['toString is not in the catalogue'])
  })
})

// `npm run docs:events` writes it anew.
test('the page about types of events is what the catalogue makes', async () => {
  const file = join(import.meta.dirname, '..', '..', '..', '..', 'docs', 'event-types.md')
  await expect(eventTypesPage()).toMatchFileSnapshot(file)
})
