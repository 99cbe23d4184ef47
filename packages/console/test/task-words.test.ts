import type { TaskRead } from '@keyhook/contract/api/task.ts'
import type { FailureReason } from '@keyhook/contract/outcome.ts'
import { describe, expect, test } from 'vitest'
import { mayHappenTwice, reasonSentence, taskSentence, taskTitle } from '../src/components/task-words.ts'
import { approvalOf, approvalStart, shorterLengths } from '../src/forms/approve-values.ts'

const day = 86_400
const delivery = { id: 'dlv_1', status: 'failed', decision: null, late_success: false }
const failed = (failure_reason: FailureReason) => ({
  reason: { kind: 'failed' as const, failure_reason, message: null },
  delivery,
})

describe('Sending again', () => {
  test('It is asked about where the receiver may have acted without being heard', () => {
    for (const reason of ['timeout', 'connection', 'http_status', 'interrupted', 'invalid_json'] as const)
      expect(mayHappenTwice(failed(reason)), reason).toBe(true)
  })

  test('It is not asked about where nothing was sent, or where the receiver said no', () => {
    for (const reason of ['webhook_disabled', 'circuit_open', 'address_blocked', 'auth_failed'] as const)
      expect(mayHappenTwice(failed(reason)), reason).toBe(false)
    const saidNo = { kind: 'answered_false' as const, failure_reason: null, message: 'no' }
    expect(mayHappenTwice({ reason: saidNo, delivery })).toBe(false)
    const none = { kind: 'no_webhook' as const, failure_reason: null, message: null }
    expect(mayHappenTwice({ reason: none, delivery: null })).toBe(false)
  })
})

test('A task says what to do, for whom, and why a person has to', () => {
  const task = {
    kind: 'confirm_deprovisioning',
    app: { id: 'app_1', name: 'Demo', icon: null },
    permissions: [{ id: 'perm_1', label: 'Admin', value: 'admin' }],
    target_user: { id: 'usr_1', name: 'Ada Lovelace', email: 'ada@example.com' },
    ...failed('timeout'),
  } as unknown as TaskRead
  expect(taskTitle(task)).toBe('Remove access by hand: Demo')
  expect(taskSentence(task)).toBe('Take “Admin” in Demo away from Ada Lovelace.')
  expect(reasonSentence(task)).toBe('The webhook failed: No answer in time.')
  expect(reasonSentence({ reason: null })).toBeNull()
})

describe('An approval', () => {
  const asked = {
    permissions: [
      { id: 'perm_1', label: 'Read', value: 'r' },
      { id: 'perm_2', label: 'Write', value: 'w' },
    ],
    access_length_seconds: 7 * day,
  }

  test('As it was asked for, it says nothing more', () => {
    expect(approvalOf(asked, approvalStart(asked))).toEqual({})
  })

  test('It may give fewer permissions and a shorter time, with a comment', () => {
    const less = { permission_ids: ['perm_1'], length: String(day), comment: ' Only to look ' }
    expect(approvalOf(asked, less)).toEqual({
      permission_ids: ['perm_1'],
      access_length_seconds: day,
      comment: 'Only to look',
    })
  })

  test('Only shorter times are offered, and every time for access without an end', () => {
    expect(shorterLengths(7 * day).map(({ label }) => label)).toEqual([
      'As asked: 7 days',
      '1 day',
      '8 hours',
      '1 hour',
    ])
    expect(shorterLengths(null)[0]?.label).toBe('As asked: without an end')
    expect(shorterLengths(null)).toHaveLength(9)
  })
})
