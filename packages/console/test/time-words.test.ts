import { describe, expect, test } from 'vitest'
import { endWords, isEndingSoon } from '../src/components/grant-words.ts'
import { countWords } from '../src/components/inbox-words.ts'
import { relativeWords } from '../src/ui/time-words.ts'

const now = new Date(2026, 7, 3, 10, 0).getTime()
const minute = 60_000
const hour = 60 * minute
const day = 24 * hour
const at = (ms: number) => new Date(now + ms).toISOString()

test.each([
  [0, 'just now'],
  [-40_000, 'just now'],
  [-5 * minute, '5 minutes ago'],
  [20 * minute, 'in 20 minutes'],
  [-3 * hour, '3 hours ago'],
  [13 * hour, 'in 13 hours'],
  [20 * hour, 'tomorrow'],
  [-day, 'yesterday'],
  // It counts midnights, as people do: in 2 days and 20 hours it is the day after the day after tomorrow.
  [2 * day + 20 * hour, 'in 3 days'],
  [59 * day, 'in 59 days'],
  [90 * day, 'in 3 months'],
  [-800 * day, '2 years ago'],
])('%d ms from now is %s', (ms, words) => {
  expect(relativeWords(at(ms), now)).toBe(words)
})

describe('How long access lasts', () => {
  const grant = { status: 'active' as const, expires_at: null, ended_at: null, end_reason: null }

  test('Active access says when it ends', () => {
    expect(endWords(grant, now)).toBe('Without an end')
    expect(endWords({ ...grant, expires_at: at(3 * day) }, now)).toBe('Ends in 3 days, on 6 Aug 2026')
    expect(endWords({ ...grant, expires_at: at(-minute) }, now)).toBe('Ends now')
  })

  test('What is being removed, and what has ended, says why', () => {
    const removed = { ...grant, status: 'deprovisioning' as const, end_reason: 'offboarding' as const }
    expect(endWords(removed, now)).toBe('Being removed: offboarding')
    const ended = { ...grant, status: 'ended' as const, ended_at: at(-day), end_reason: 'expired' as const }
    expect(endWords(ended, now)).toBe('Ended yesterday: it ran out')
  })

  test('A week before its end it is worth asking for longer', () => {
    expect(isEndingSoon({ ...grant, expires_at: at(6 * day) }, now)).toBe(true)
    expect(isEndingSoon({ ...grant, expires_at: at(8 * day) }, now)).toBe(false)
    expect(isEndingSoon(grant, now)).toBe(false)
  })
})

test('A badge shows a count, more than can be read as 99+, and nothing for nothing', () => {
  expect(countWords(0)).toBeNull()
  expect(countWords(7)).toBe('7')
  expect(countWords(99, 100)).toBe('99')
  expect(countWords(100, 100)).toBe('99+')
  expect(countWords(240, 300)).toBe('99+')
})
