import { requestStatuses } from '@keyhook/contract/access-words.ts'
import type { AccessRequestRead } from '@keyhook/contract/api/access-request.ts'
import type { GrantRead } from '@keyhook/contract/api/grant.ts'
import { describe, expect, test } from 'vitest'
import { answerWords } from '../src/components/request-answers.ts'
import { isBusy, isOver, listWords, statusSentence, statusWords } from '../src/components/request-words.ts'

function request(status: AccessRequestRead['status'], more: Partial<AccessRequestRead> = {}) {
  return {
    ...{ status, extension: false, waiting_for: null, expires_at: null, denial: null },
    ...{ grants: [], allowed: [], ...more },
  } as unknown as AccessRequestRead
}
const ended = (end_reason: GrantRead['end_reason']) => [{ end_reason }] as unknown as GrantRead[]

describe('Where a request stands', () => {
  test('Each status has a sentence', () => {
    const sentences = requestStatuses.map((status) => statusSentence(request(status)))
    expect(new Set(sentences).size).toBe(requestStatuses.length)
  })

  test('It says who has to act, and to the one who has to it says so', () => {
    const waiting = { waiting_for: 'Grace Hopper or Administrators' }
    expect(statusSentence(request('awaiting_approval', waiting))).toBe(
      'It waits for a decision of Grace Hopper or Administrators.',
    )
    expect(statusSentence(request('awaiting_approval', { ...waiting, allowed: ['approve', 'deny'] }))).toBe(
      'It waits for your decision.',
    )
  })

  test('Access has an end, or none', () => {
    expect(statusSentence(request('active'))).toBe('The access is there, without an end.')
    expect(statusSentence(request('active', { expires_at: '2027-03-01T12:00:00.000Z' }))).toBe(
      'The access is there until 1 Mar 2027.',
    )
  })

  test('What has ended says why, and what was never given does not say that it ended', () => {
    expect(statusSentence(request('ended', { grants: ended('revoked') }))).toBe(
      'The access has ended: revoked.',
    )
    expect(statusSentence(request('ended', { grants: [...ended('revoked'), ...ended('expired')] }))).toBe(
      'The access has ended.',
    )
    expect(statusSentence(request('ended'))).toBe(
      'The access could not be given. What happened is told below.',
    )
  })

  test('A request for longer access that is done is a success', () => {
    expect(statusWords(request('ended', { extension: true }))).toEqual({ tone: 'good', label: 'Made longer' })
    expect(statusWords(request('ended'))).toEqual({ tone: 'quiet', label: 'Ended' })
  })

  test('It is looked at again soon while only the server moves it, and not at all when it is over', () => {
    expect(requestStatuses.filter(isBusy)).toEqual([
      ...['validating', 'pre_approving', 'provisioning', 'deprovisioning'],
    ])
    expect(requestStatuses.filter(isOver)).toEqual(['rejected', 'denied', 'ended', 'cancelled'])
  })
})

test('Several things are told in a sentence', () => {
  expect(listWords([])).toBe('')
  expect(listWords(['A'])).toBe('A')
  expect(listWords(['A', 'B', 'C'])).toBe('A, B and C')
})

test('Answers are told as people read them', () => {
  expect(answerWords(null)).toBe('')
  expect(answerWords(true)).toBe('Yes')
  expect(answerWords(12_000)).toBe('12,000')
  expect(answerWords(['eu', 'us'])).toBe('eu, us')
  expect(answerWords('2026-12-31')).toBe('31 Dec 2026')
  expect(answerWords('OPS-1')).toBe('OPS-1')
})
