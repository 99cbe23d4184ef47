import { describe, expect, test } from 'vitest'
import { failedOutcome, failureAdvice, failureLabels } from '../src/failure.ts'
import { failureReasons } from '../src/outcome.ts'

describe('each failure reason', () => {
  test.each(failureReasons)('%s has a label of its own and advice in whole sentences', (reason) => {
    expect(failureLabels[reason]).toMatch(/^[A-Z].{3,30}[^.]$/)
    expect(Object.values(failureLabels).filter((label) => label === failureLabels[reason])).toHaveLength(1)
    expect(failureAdvice[reason]).toMatch(/^[A-Z].{20,200}\.$/)
  })

  test('there are no others', () => {
    expect(Object.keys(failureLabels)).toEqual([...failureReasons])
    expect(Object.keys(failureAdvice)).toEqual([...failureReasons])
  })
})

describe('failedOutcome', () => {
  test('explains with the finding and the usual advice, or the advice that is given', () => {
    expect(failedOutcome('timeout', 'No answer within 15 s.')).toEqual({
      status: 'failed',
      failure_reason: 'timeout',
      explanation: `No answer within 15 s. ${failureAdvice.timeout}`,
    })
    expect(failedOutcome('tls', 'The certificate expired.', 'Renew it.').explanation).toBe(
      'The certificate expired. Renew it.',
    )
  })
})
