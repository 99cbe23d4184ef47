import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import {
  describeDuration,
  describeRetryPolicy,
  nextDelay,
  parseRetryAfter,
  type RetryPolicy,
} from '../src/retry-policy.ts'

const now = Date.UTC(2026, 10, 24)
const policies: fc.Arbitrary<RetryPolicy> = fc
  .tuple(fc.integer({ min: 2, max: 10 }), fc.integer({ min: 50, max: 60_000 }), fc.nat(60_000))
  .map(([max_attempts, first_delay_ms, more]) => ({
    max_attempts,
    first_delay_ms,
    max_delay_ms: first_delay_ms + more,
  }))
const share = fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true })
const asked = fc.option(fc.oneof(fc.nat(), fc.constant(Number.POSITIVE_INFINITY)))
const always = (value: number) => () => value

describe('nextDelay', () => {
  test('is at least what the receiver asks for, and never longer than the longest pause of the policy', () => {
    fc.assert(
      fc.property(
        policies,
        fc.integer({ min: 1, max: 9 }),
        share,
        asked,
        (any, made, random, retryAfterMs) => {
          const delay = nextDelay(any, made, { random: always(random), retryAfterMs })
          if (made >= any.max_attempts) {
            expect(delay).toBeNull()
            return
          }
          expect(delay).toBeGreaterThanOrEqual(Math.min(retryAfterMs ?? 0, any.max_delay_ms))
          expect(delay).toBeLessThanOrEqual(any.max_delay_ms)
        },
      ),
    )
  })
})

describe('parseRetryAfter', () => {
  test.each([
    ['9'.repeat(400), Number.POSITIVE_INFINITY],
    [new Date(now + 90_000).toUTCString(), 90_000],
    ['Tue Nov 24 00:01:30 2026', 90_000],
    [new Date(now - 1_000).toUTCString(), 0],
  ])('reads %j', (value, milliseconds) => {
    expect(parseRetryAfter(value, now)).toBe(milliseconds)
  })

  test.each(['', '-1', '1.5', '1e3', '0x10', 'soon', 'Monkey 5', 'Mon'])('finds nothing in %j', (value) => {
    expect(parseRetryAfter(value, now)).toBeNull()
  })

  test('takes any text without throwing and never gives less than 0', () => {
    fc.assert(
      fc.property(fc.string(), (value) => {
        expect(parseRetryAfter(value, now) ?? 0).toBeGreaterThanOrEqual(0)
      }),
    )
  })
})

describe('describeRetryPolicy', () => {
  test('no row of pauses is longer than the last time it names', () => {
    fc.assert(
      fc.property(policies, share, asked, (any, random, retryAfterMs) => {
        let total = 0
        for (let made = 1; made < any.max_attempts; made++) {
          total += nextDelay(any, made, { random: always(random), retryAfterMs }) ?? 0
        }
        const longest =
          describeRetryPolicy(any, null)
            .split(/ over at most |, or /)
            .at(-1) ?? ''
        expect(millisecondsOf(longest)).toBeGreaterThanOrEqual(total)
      }),
    )
  })
})

describe('describeDuration', () => {
  test.each([
    [0, '0 ms'],
    [0.2, '1 ms'],
    [999, '999 ms'],
    [999.7, '1 s'],
    [1_000, '1 s'],
    [1_234, '1.3 s'],
    [59_900, '59.9 s'],
    [59_990, '1 min'],
    [84_000, '1 min 24 s'],
    [600_000, '10 min'],
    [1_860_000, '31 min'],
    [3_599_999, '1 h'],
    [7_500_000, '2 h 5 min'],
  ])('%d ms: %s', (milliseconds, text) => {
    expect(describeDuration(milliseconds)).toBe(text)
  })

  test('never names less than there is', () => {
    fc.assert(
      fc.property(fc.double({ min: 0, max: 1e9, noNaN: true }), (milliseconds) => {
        // The text holds tenths, which floating point does not give back to the last digit.
        expect(millisecondsOf(describeDuration(milliseconds))).toBeGreaterThan(milliseconds - 1e-6)
      }),
    )
  })
})

/** Reads "1 min 24 s" back. */
function millisecondsOf(text: string): number {
  const units: Record<string, number> = { ms: 1, s: 1_000, min: 60_000, h: 3_600_000 }
  return [...text.matchAll(/([\d.]+) ([a-z]+)/g)].reduce(
    (sum, [, count, unit]) => sum + Number(count) * (units[unit ?? ''] ?? Number.NaN),
    0,
  )
}
