import { expect, test } from 'vitest'
import { withTimes } from '../../src/db/json-rows.ts'

type Row = { id: string; made_at: Date; ended_at: Date | null }
const columns = ['made_at', 'ended_at'] as const
const at = new Date('2026-03-01T10:20:30.456Z')

test.each([
  ['as PostgreSQL writes it', '2026-03-01T10:20:30.456+00:00'],
  ['with microseconds, which a time here does not have', '2026-03-01T10:20:30.456789+00:00'],
  ['in another time zone', '2026-03-01T11:20:30.456+01:00'],
])('a time that came as text is a time again: %s', (_title, text) => {
  const row = withTimes<Row>({ id: 'a', made_at: text, ended_at: text }, columns)
  expect(row).toEqual({ id: 'a', made_at: at, ended_at: at })
})

test('what has no time keeps none: null is not the year 1970', () => {
  const row = withTimes<Row>({ id: 'a', made_at: at.toISOString(), ended_at: null }, columns)
  expect(row).toEqual({ id: 'a', made_at: at, ended_at: null })
})

test('a row that has its times already keeps them, and the given row is left as it was', () => {
  const given = { id: 'a', made_at: at, ended_at: null }
  expect(withTimes<Row>(given, columns)).toEqual(given)
  const json = { id: 'a', made_at: at.toISOString(), ended_at: null }
  withTimes<Row>(json, columns)
  expect(json.made_at).toBe(at.toISOString())
})
