/** CloudEvents against the schema of their JSON format, `fixtures/cloudevents`, and rules of the specification that it does not have. */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { Ajv } from 'ajv'
import addFormats from 'ajv-formats'
import { describe, expect, test } from 'vitest'
import { formatEvents } from '../../src/siem/formats.ts'
import { entryOf, manyEntries, source, targets } from './entries.ts'

const schema = JSON.parse(
  readFileSync(join(import.meta.dirname, '..', 'fixtures', 'cloudevents', 'cloudevents.json'), 'utf8'),
)
// `examples` and `contentEncoding` are annotations that the strict mode does not know.
const ajv = new Ajv({ strict: false })
addFormats.default(ajv)
const valid = ajv.compile(schema)

type Event = Record<string, unknown> & { id: string; sequence: string }

function written(...entries: Parameters<typeof formatEvents>[1]): unknown {
  return JSON.parse(new TextDecoder().decode(formatEvents('cloudevents', entries, source).body))
}

describe('cloudevents', () => {
  test('each event fits the published schema', () => {
    for (const [name, entry] of manyEntries())
      expect([valid(written(entry)), valid.errors], name).toEqual([true, null])
  })

  test('the schema is not fitted by everything', () => {
    const { source: _source, ...rest } = written(entryOf()) as Event
    expect(valid(rest)).toBe(false)
    expect(valid({ ...rest, source: 'https://x', time: 'yesterday' })).toBe(false)
  })

  test('names of attributes are lower-case letters and digits, values are text', () => {
    for (const [name, entry] of manyEntries()) {
      const { data: _data, ...attributes } = written(entry) as Event
      for (const [attribute, value] of Object.entries(attributes)) {
        expect(attribute, name).toMatch(/^[a-z0-9]+$/)
        expect(value, `${name}: ${attribute}`).toBeTypeOf('string')
        expect(value, `${name}: ${attribute}`).toMatch(/^[^\p{Cc}\p{Cs}]+$/u)
      }
    }
  })

  test('one entry is an event in the structured mode, several are a batch', () => {
    expect(formatEvents('cloudevents', [entryOf()], source).contentType).toBe('application/cloudevents+json')
    expect(formatEvents('cloudevents', [entryOf(), entryOf()], source).contentType).toBe(
      'application/cloudevents-batch+json',
    )
    expect(written(entryOf(), entryOf())).toEqual([written(entryOf()), written(entryOf())])
  })

  test('attributes are those of the event', () => {
    expect(written(entryOf())).toMatchObject({
      specversion: '1.0',
      id: 'evt_0199a1b2c3d47e5f8a9b0c1d2e3f4a5b',
      source: 'https://keyhook.example.com',
      type: 'dev.keyhook.app_store_create_access_request',
      subject: 'access_request/req_0199a1b2c3d47e5f8a9b0c1d2e3f4a5c',
      time: '2026-07-18T09:24:31.125Z',
      sequence: '0000000000004711',
      accessrequestid: 'req_0199a1b2c3d47e5f8a9b0c1d2e3f4a5c',
    })
  })

  test('sequences have the order of the log when they are compared as text', () => {
    const positions = [1, 9, 10, 99, 1_000_000, Number.MAX_SAFE_INTEGER]
    const sequences = positions.map((position) => (written(entryOf({}, { position })) as Event).sequence)
    expect(sequences.toSorted()).toEqual(sequences)
    expect(sequences.map(Number)).toEqual(positions)
  })

  test('what is about nothing has no subject', () => {
    expect(written(entryOf({ targets: targets.none }))).not.toHaveProperty('subject')
  })
})
