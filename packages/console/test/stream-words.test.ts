import { expect, test } from 'vitest'
import { eventCount, rateWords, replayCounts, spanWords } from '../src/components/stream-words.ts'
import { spanOf, spanProblem } from '../src/forms/stream-span.ts'

test('Ages are told in one or two units', () => {
  expect([0.2, 12, 200, 7_500, 86_400 * 8].map(spanWords)).toEqual([
    'under 1 s',
    '12 s',
    '3 min 20 s',
    '2 h 5 min',
    '8 days',
  ])
})

test('Rates have no figures that say nothing', () => {
  expect([0, 0.01, 3.17, 12_345.6].map(rateWords)).toEqual(['–', 'under 0.1 / s', '3.2 / s', '12,346 / s'])
})

test('One event is not events', () => {
  expect([1, 12_480].map(eventCount)).toEqual(['1 event', '12,480 events'])
})

test('A replay that has not begun has done nothing', () => {
  const replay = { id: 'str_1', from_position: 11, to_position: 20, created_at: '2026-01-01T00:00:00Z' }
  expect(replayCounts({ ...replay, position: 10 })).toEqual({ done: 0, total: 10 })
  expect(replayCounts({ ...replay, position: 20 })).toEqual({ done: 10, total: 10 })
})

test('A range ends after it begins; an open end is left out', () => {
  expect(spanOf({ from: undefined, to: '2026-01-01T00:00:00Z' })).toEqual({ to: '2026-01-01T00:00:00Z' })
  expect(spanProblem({ from: '2026-01-02T00:00:00Z', to: '2026-01-01T00:00:00Z' })).not.toBeNull()
  expect(spanProblem({ from: '2026-01-01T00:00:00Z' })).toBeNull()
})
