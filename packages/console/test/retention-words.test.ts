import { expect, test } from 'vitest'
import { sizeWords, waitWords } from '../src/components/retention-words.ts'

test.each([
  [0, '0 bytes'],
  [999, '999 bytes'],
  [1_000, '1.0 kB'],
  [3_449_999, '3.4 MB'],
  [120e9, '120 GB'],
  [5e15, '5000 TB'],
])('%s bytes are %s', (bytes, words) => {
  expect(sizeWords(bytes)).toBe(words)
})

test('What keeps a month in the log is said', () => {
  const next = (waits_for: 'hold' | 'stream' | 'problem' | null) => ({
    next: { month: '2026-05', at: '2026-07-01T00:00:00.000Z', waits_for },
    problem: 'Entry 2 is wrong.',
  })
  expect(waitWords(next('hold'))).toContain('legal hold')
  expect(waitWords(next('stream'))).toContain('SIEM')
  expect(waitWords(next('problem'))).toBe('Entry 2 is wrong.')
  expect(waitWords(next(null))).toBeNull()
  expect(waitWords({ next: null, problem: null })).toBeNull()
})
