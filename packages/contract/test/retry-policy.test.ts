import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { failureReasons } from '../src/outcome.ts'
import {
  describeRetryPolicy,
  isRetryable,
  longestDelay,
  nextDelay,
  parseRetryAfter,
} from '../src/retry-policy.ts'

const policy = { max_attempts: 4, first_delay_ms: 100, max_delay_ms: 300 }

describe('which failures a retry can mend', () => {
  test.each(failureReasons.map((reason) => [reason, ['timeout', 'connection'].includes(reason)] as const))(
    '%s: %s',
    (failure_reason, expected) => {
      expect(isRetryable({ status: 'failed', failure_reason, explanation: '' }, null)).toBe(expected)
    },
  )

  test('of the statuses those that say "not now"', () => {
    const statuses = Array.from({ length: 400 }, (_, index) => 200 + index).filter((status) =>
      isRetryable({ status: 'failed', failure_reason: 'http_status', explanation: '' }, status),
    )
    expect(statuses).toEqual([408, 425, 429, 500, 502, 503, 504])
  })
})

describe('pauses', () => {
  test('double up to the longest', () => {
    expect([1, 2, 3, 4].map((made) => longestDelay(policy, made))).toEqual([100, 200, 300, 300])
  })

  test('are anywhere between nothing and that, and none follows the last attempt', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 6 }),
        fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true }),
        (made, random) => {
          const delay = nextDelay(policy, made, { random: () => random, retryAfterMs: null })
          if (made >= policy.max_attempts) expect(delay).toBeNull()
          else {
            expect(delay).toBeGreaterThanOrEqual(0)
            expect(delay).toBeLessThanOrEqual(longestDelay(policy, made))
          }
        },
      ),
    )
  })

  test('are at least what the receiver asks for, up to the longest of the policy', () => {
    const delay = (retryAfterMs: number) => nextDelay(policy, 1, { random: () => 0.5, retryAfterMs })
    expect([delay(0), delay(120), delay(3_600_000)]).toEqual([50, 120, 300])
  })
})

describe('Retry-After', () => {
  const now = Date.parse('2026-11-24T12:00:00Z')
  test.each([
    ['0', 0],
    ['120', 120_000],
    [' 3 ', 3_000],
    ['Tue, 24 Nov 2026 12:00:30 GMT', 30_000],
    ['Tuesday, 24-Nov-26 12:00:30 GMT', 30_000],
    ['Tue, 24 Nov 2026 11:00:00 GMT', 0],
    ['-1', null],
    ['1.5', null],
    ['soon', null],
    ['', null],
    ['99999999999', 99_999_999_999_000],
    ['2026-11-24T12:00:30Z', null],
  ])('%j is %j ms', (value, expected) => {
    expect(parseRetryAfter(value, now)).toBe(expected)
  })
})

test.each([
  [policy, '4 attempts over at most 600 ms, or 900 ms when the receiver asks for longer pauses'],
  [{ max_attempts: 2, first_delay_ms: 5_000, max_delay_ms: 5_000 }, '2 attempts over at most 5 s'],
  [
    { max_attempts: 4, first_delay_ms: 60_000, max_delay_ms: 1_800_000 },
    '4 attempts over at most 7 min, or 1 h 30 min when the receiver asks for longer pauses',
  ],
  [{ max_attempts: 10, first_delay_ms: 3_600_000, max_delay_ms: 3_600_000 }, '10 attempts over at most 9 h'],
])('%j reads "%s"', (given, expected) => {
  expect(describeRetryPolicy(given, null)).toBe(expected)
})

describe('with one time limit for all attempts, no time is longer than that', () => {
  test.each([
    [policy, 15_000, '4 attempts over at most 600 ms, or 900 ms when the receiver asks for longer pauses'],
    [
      { max_attempts: 3, first_delay_ms: 250, max_delay_ms: 20_000 },
      15_000,
      '3 attempts over at most 750 ms; fewer within 15 s when the receiver asks for longer pauses',
    ],
    [
      { max_attempts: 10, first_delay_ms: 1_000, max_delay_ms: 60_000 },
      15_000,
      'Up to 10 attempts within 15 s; 4 when the pauses are the longest',
    ],
    [
      { max_attempts: 2, first_delay_ms: 20_000, max_delay_ms: 20_000 },
      15_000,
      'Up to 2 attempts within 15 s; 1 when the pauses are the longest',
    ],
  ])('%j within %i ms reads "%s"', (given, limitMs, expected) => {
    expect(describeRetryPolicy(given, limitMs)).toBe(expected)
  })
})
