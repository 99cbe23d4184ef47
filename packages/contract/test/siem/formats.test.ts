/** What holds for each format, whatever the entries are. */
import { describe, expect, expectTypeOf, test } from 'vitest'
import type { EventRead } from '../../src/api/event.ts'
import { formatEvents, type SiemEntry, type SiemFormat, siemFormats } from '../../src/siem/formats.ts'
import { entryOf, manyEntries, metadata, source } from './entries.ts'

const many = [...manyEntries()]

const textOf = (format: SiemFormat, entries: readonly SiemEntry[]) =>
  new TextDecoder('utf-8', { fatal: true }).decode(formatEvents(format, entries, source).body)

const lines = (text: string) =>
  text
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line))

/** Each event of a body, as the format divides them. */
const readers: Record<SiemFormat, (text: string, count: number) => unknown[]> = {
  lumos: (text, count) => (count === 1 ? [JSON.parse(text)] : JSON.parse(text).events),
  ndjson: lines,
  cloudevents: (text, count) => (count === 1 ? [JSON.parse(text)] : JSON.parse(text)),
  ocsf: (text, count) => (count === 1 ? [JSON.parse(text)] : JSON.parse(text)),
  splunk_hec: lines,
  datadog: (text) => JSON.parse(text),
  sentinel: (text) => JSON.parse(text),
}

/** A member inside of members. */
const at = (value: unknown, path: string): unknown =>
  path === ''
    ? value
    : path.split('.').reduce((inner, name) => (inner as Record<string, unknown>)[name], value)

/** Where each format has the members of the published event. */
const whole = (path: string) => (member: string) => (path === '' ? member : `${path}.${member}`)
const places: Record<SiemFormat, (member: Kept) => string> = {
  lumos: whole('event'),
  ndjson: whole('event'),
  cloudevents: whole('data'),
  ocsf: (member) =>
    ({
      actor: 'unmapped.actor',
      targets: 'unmapped.targets',
      event_metadata: 'unmapped.event_metadata',
      event_hash: 'unmapped.event_hash',
      event_type: 'metadata.event_code',
      event_type_user_friendly: 'message',
      event_began_at: 'metadata.original_time',
    })[member],
  splunk_hec: whole('event'),
  datadog: whole('keyhook.event'),
  sentinel: (member) =>
    ({
      actor: 'Actor',
      targets: 'Targets',
      event_metadata: 'EventMetadata',
      event_hash: 'EventHash',
      event_type: 'EventType',
      event_type_user_friendly: 'EventName',
      event_began_at: 'TimeGenerated',
    })[member],
}

const kept = [
  ...(['actor', 'targets', 'event_metadata', 'event_hash'] as const),
  ...(['event_type', 'event_type_user_friendly', 'event_began_at'] as const),
]
type Kept = (typeof kept)[number]

const published = (format: SiemFormat, event: unknown, member: Kept) => at(event, places[format](member))

/** As JSON reads it back: `toEqual` would not see a member called `__proto__`. */
const canonical = (value: unknown): string => JSON.stringify(value)

test('an entry of the API is one of the formats', () => {
  expectTypeOf<EventRead>().toExtend<SiemEntry>()
})

describe.each(siemFormats)('%s', (format) => {
  test('keeps every member of every event, whatever it holds', () => {
    for (const [name, entry] of many) {
      const [event] = readers[format](textOf(format, [entry]), 1)
      for (const member of kept) {
        const wanted =
          format === 'sentinel' && member === 'actor' ? entry.event.actor.actor_data : entry.event[member]
        expect(canonical(published(format, event, member)), `${name}: ${member}`).toBe(canonical(wanted))
      }
    }
  })

  test('divides a batch into its events, in their order', () => {
    const batch = many.slice(0, 1_000).map(([, entry], index) => ({ ...entry, position: index + 1 }))
    const events = readers[format](textOf(format, batch), batch.length)
    expect(events.map((event) => published(format, event, 'event_type'))).toEqual(
      batch.map(({ event }) => event.event_type),
    )
    for (const [index, entry] of batch.entries())
      expect(JSON.stringify(events[index])).toBe(
        JSON.stringify(readers[format](textOf(format, [entry]), 1)[0]),
      )
  })

  test('gives the same bytes for the same entries', () => {
    const entries = many.slice(0, 20).map(([, entry]) => entry)
    expect(formatEvents(format, entries, source)).toEqual(
      formatEvents(format, structuredClone(entries), source),
    )
  })

  test('does not change the entry', () => {
    const entry = entryOf({ event_metadata: metadata['names of prototypes'] ?? {} })
    const before = canonical(entry)
    formatEvents(format, [entry], source)
    expect(canonical(entry)).toBe(before)
    expect(({} as Record<string, unknown>).polluted).toBeUndefined()
  })

  test('has a line for each event at most: control characters are escaped', () => {
    const entry = entryOf({
      event_metadata: metadata['control characters'] ?? {},
      event_type_user_friendly: 'a\nb\u0000',
    })
    // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what must not be there
    expect(textOf(format, [entry]).trimEnd()).not.toMatch(/[\u0000-\u001f]/)
  })
})

describe('lumos', () => {
  const entry = entryOf()

  test('one entry: the event first, then what Keyhook adds', () => {
    const { contentType } = formatEvents('lumos', [entry], source)
    expect(contentType).toBe('application/json')
    const text = textOf('lumos', [entry])
    expect(Object.keys(JSON.parse(text))).toEqual([
      ...['event', 'id', 'position', 'logged_at', 'access_request_id', 'app_id'],
    ])
    expect(JSON.parse(text)).toEqual(entry)
  })

  test('several: the same objects in `events`', () => {
    expect(textOf('lumos', [entry, entry])).toBe(
      `{"events":[${textOf('lumos', [entry])},${textOf('lumos', [entry])}]}`,
    )
  })
})

test('ndjson: a line is what the export of the log writes', () => {
  expect(formatEvents('ndjson', [entryOf()], source).contentType).toBe('application/x-ndjson')
  expect(textOf('ndjson', [entryOf(), entryOf()])).toBe(`${JSON.stringify(entryOf())}\n`.repeat(2))
})
