/** Canonical bytes against the published cases of RFC 8785, and the hash of an entry. */
import { createHmac, randomBytes } from 'node:crypto'
import { readdirSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'
import { type Attested, canonicalBytes, genesis, hashEntry } from '../../src/events/event-chain.ts'

const data = fileURLToPath(new URL('../fixtures/jcs/testdata/', import.meta.url))
const names = readdirSync(`${data}input`).map((file) => file.replace('.json', ''))

test.each(names)('writes %s as RFC 8785 does, byte for byte', (name) => {
  const bytes = canonicalBytes(JSON.parse(readFileSync(`${data}input/${name}.json`, 'utf8')))
  const expected = Buffer.from(readFileSync(`${data}outhex/${name}.txt`, 'utf8').replace(/\s/g, ''), 'hex')
  expect(bytes.toString('hex')).toBe(expected.toString('hex'))
})

test.each([
  ['a lone surrogate', '\ud800'],
  ['no number', Number.NaN],
  ['infinity', 1 / 0],
  ['nothing', undefined],
])('refuses %s, which has no canonical form', (_name, value) => {
  expect(() => canonicalBytes(value)).toThrow()
})

const entry: Attested = {
  position: 1,
  id: 'evt_1',
  logged_at: '2026-01-01T00:00:00.000Z',
  access_request_id: null,
  app_id: null,
  event: {
    actor: { actor_type: 'SYSTEM', actor_data: {} },
    event_type: 'ADMIN_CREATED_APP',
    label: null,
    event_began_at: '2026-01-01T00:00:00.000Z',
    event_metadata: { b: 1, a: [true, null] },
    outcome: 'SUCCEEDED',
    targets: [],
  },
}
const key = randomBytes(32)

test('a hash is the HMAC-SHA-512 that the documentation describes', () => {
  const text =
    '{"access_request_id":null,"app_id":null,"event":{"actor":{"actor_data":{},"actor_type":"SYSTEM"},' +
    '"event_began_at":"2026-01-01T00:00:00.000Z","event_metadata":{"a":[true,null],"b":1},' +
    '"event_type":"ADMIN_CREATED_APP","label":null,"outcome":"SUCCEEDED","targets":[]},"id":"evt_1",' +
    `"logged_at":"2026-01-01T00:00:00.000Z","position":1,"previous":"${'0'.repeat(128)}","version":1}`
  expect(hashEntry(key, genesis.hash, entry)).toBe(createHmac('sha512', key).update(text).digest('hex'))
})

test.each([
  ['the position', { ...entry, position: 2 }],
  ['the id', { ...entry, id: 'evt_2' }],
  ['the time of logging', { ...entry, logged_at: '2026-01-01T00:00:00.001Z' }],
  ['the request', { ...entry, access_request_id: 'req_1' }],
  ['the app', { ...entry, app_id: 'app_1' }],
  ['the actor', { ...entry, event: { ...entry.event, actor: {} } }],
  ['the type', { ...entry, event: { ...entry.event, event_type: 'ADMIN_UPDATED_APP' } }],
  ['the label', { ...entry, event: { ...entry.event, label: 'x' } }],
  ['the time', { ...entry, event: { ...entry.event, event_began_at: '2026-01-01T00:00:01.000Z' } }],
  ['the metadata', { ...entry, event: { ...entry.event, event_metadata: { b: 1, a: [true] } } }],
  ['the outcome', { ...entry, event: { ...entry.event, outcome: 'FAILED' } }],
  ['the targets', { ...entry, event: { ...entry.event, targets: [{}] } }],
])('another hash when %s is another', (_name, changed) => {
  expect(hashEntry(key, genesis.hash, changed)).not.toBe(hashEntry(key, genesis.hash, entry))
})

test('another hash behind another entry, and with another key', () => {
  const first = hashEntry(key, genesis.hash, entry)
  expect(hashEntry(key, first, entry)).not.toBe(first)
  expect(hashEntry(randomBytes(32), genesis.hash, entry)).not.toBe(first)
})
