import { failedOutcome } from '@keyhook/contract/failure.ts'
import { expect, test } from 'vitest'
import { pauseAfter, verdictOf } from '../../src/streams/stream-verdict.ts'

const policy = { first_delay_ms: 250 }
const longest = (failingMs: number, retryAfterMs: number | null = null) =>
  pauseAfter(policy, failingMs, { random: () => 1, retryAfterMs })

test.each([
  ['some got through', 0, 250],
  ['a second without a success', 1_000, 250],
  ['ten seconds', 10_000, 2_500],
  ['four minutes', 240_000, 60_000],
  ['a week', 604_800_000, 60_000],
])('%s: the pause', (_name, failingMs, pause) => {
  expect(longest(failingMs)).toBe(pause)
  expect(pauseAfter(policy, failingMs, { random: () => 0, retryAfterMs: null })).toBe(pause / 2)
})

test('what the receiver asks for is the least, up to an hour', () => {
  expect(longest(0, 5_000)).toBe(5_000)
  expect(longest(240_000, 5_000)).toBe(60_000)
  expect(longest(0, 86_400_000)).toBe(3_600_000)
})

test('a receiver that refuses every second POST is not left for long, however unlucky the series', () => {
  // Twelve refusals in a row, each after the pause before it.
  let failingMs = 0
  for (let refusals = 0; refusals < 12; refusals++) failingMs += longest(failingMs)
  expect(failingMs).toBeLessThan(10_000)
})

const rules = { maxAttempts: 2, strictOrder: false, refusedInARow: 0 }
const answered = (httpStatus: number, refusals: number, count = 1) =>
  verdictOf({ outcome: failedOutcome('http_status', ''), httpStatus, count, refusals, suspect: false }, rules)

test.each([401, 403, 404, 410, 429, 500, 503])(
  '%i speaks of the endpoint: the events wait, however often it comes',
  (status) => {
    expect(answered(status, 2)).toBe('later')
    expect(answered(status, 100, 50)).toBe('later')
  },
)

test.each([400, 409, 415, 422])('%i speaks of the event: after its tries it is set aside', (status) => {
  expect(answered(status, 1)).toBe('again')
  expect(answered(status, 2)).toBe('set_aside')
  expect(answered(status, 2, 50)).toBe('split')
})
