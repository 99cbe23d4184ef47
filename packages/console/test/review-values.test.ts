import type { AccessReviewRead } from '@keyhook/contract/api/access-review.ts'
import { expect, test } from 'vitest'
import { offboardingWords } from '../src/components/offboarding-words.ts'
import { amountWords, deciderWords, percentOf } from '../src/components/review-words.ts'
import {
  newReviewValues,
  previewBody,
  reviewBody,
  reviewChangeOf,
  savedReviewValues,
} from '../src/forms/review-values.ts'

const now = new Date('2026-03-01T12:00:00.000Z')

test('A new review asks managers about all access, for two weeks', () => {
  const body = reviewBody({ ...newReviewValues(now), name: 'Spring' })
  expect(body).toMatchObject({
    name: 'Spring',
    description: null,
    default_decision: 'none',
    remind_before_seconds: 259_200,
    scope: { app_ids: [], permission_ids: [], user_ids: [], group_ids: [] },
    reviewers: { type: 'manager', principal_ids: [] },
  })
  const days = (Date.parse(body.deadline ?? '') - now.getTime()) / 86_400_000
  expect(Math.round(days)).toBe(14)
})

test('Users and groups are chosen together and sent apart', () => {
  const values = { ...newReviewValues(now), principal_ids: ['grp_1', 'usr_1'] }
  expect(reviewBody(values).scope).toMatchObject({ user_ids: ['usr_1'], group_ids: ['grp_1'] })
})

test('Reviewers who were named count only as long as reviewers are named', () => {
  const reviewers = { type: 'app_admins' as const, principal_ids: ['usr_1'] }
  expect(reviewBody({ ...newReviewValues(now), reviewers }).reviewers.principal_ids).toEqual([])
})

test('What is not filled in yet does not keep the preview from counting', () => {
  const reviewers = { type: 'named' as const, principal_ids: [] }
  const body = previewBody({ ...newReviewValues(now), deadline: '', reviewers }, now)
  expect(body.name).not.toBe('')
  expect(Date.parse(body.deadline)).toBeGreaterThan(now.getTime())
  expect(body.reviewers.type).not.toBe('named')
})

test('An emptied deadline is left to the server to refuse', () => {
  expect(reviewChangeOf({ ...newReviewValues(now), deadline: '' }).deadline).toBe('')
})

test('An untouched edit of a review sends what is saved, to the minute', () => {
  const review = {
    name: 'Spring',
    description: 'Look twice',
    deadline: '2026-03-20T17:30:00.000Z',
    default_decision: 'remove',
    remind_before_seconds: null,
  } as AccessReviewRead
  expect(reviewChangeOf(savedReviewValues(review, now))).toEqual(review)
})

test('Progress is rounded down, so that 100 percent means all', () => {
  expect([percentOf(0, 3), percentOf(999, 1_000), percentOf(3, 3), percentOf(0, 0)]).toEqual([
    0, 99, 100, 100,
  ])
})

test('How much is reviewed is told with the right number of each', () => {
  expect(amountWords({ grants: 1, users: 1, apps: 1 })).toBe('1 grant of 1 person in 1 app.')
  expect(amountWords({ grants: 1_200, users: 30, apps: 2 })).toBe('1,200 grants of 30 people in 2 apps.')
  expect(amountWords({ grants: 0, users: 0, apps: 0 })).toMatch(/nothing to review/)
})

test('Who decided: a person, the deadline, or nobody', () => {
  expect(deciderWords({ by_default: false, decided_by: 'Ada', decision: 'keep' })).toBe('by Ada')
  expect(deciderWords({ by_default: true, decided_by: null, decision: 'remove' })).toBe('by the deadline')
  expect(deciderWords({ by_default: false, decided_by: null, decision: null })).toBe('')
})

test('An offboarding says what is left', () => {
  const words = (total: number, ended: number, removing: number, by_hand: number) =>
    offboardingWords({ progress: { total, ended, removing, by_hand } })
  expect(words(0, 0, 0, 0)).toBe('There was no access to remove.')
  expect(words(3, 3, 0, 0)).toBe('3 of 3 removed.')
  expect(words(5, 2, 2, 1)).toBe('2 of 5 removed, 2 being removed, 1 to be removed by hand.')
})
