/** An access review as the form holds it, and the bodies that the API takes. Pure. */
import type { ReviewDefault, ReviewerType } from '@keyhook/contract/access-words.ts'
import type { AccessReviewChange, AccessReviewRead } from '@keyhook/contract/api/access-review.ts'
import { fromLocalInput, toLocalInput } from '../components/local-time.ts'
import { type OptionalDuration, optionalDuration, optionalSeconds } from './duration-values.ts'

export type ReviewValues = {
  name: string
  description: string
  app_ids: string[]
  principal_ids: string[]
  reviewers: { type: ReviewerType; principal_ids: string[] }
  /** As `<input type="datetime-local">` takes it. */
  deadline: string
  default_decision: ReviewDefault
  remind_before: OptionalDuration
}

export const reviewFields = [
  ...['name', 'description', 'app_ids', 'principal_ids', 'reviewers.type', 'reviewers.principal_ids'],
  ...['deadline', 'default_decision', 'remind_before'],
]
export const reviewAliases = {
  'scope.app_ids': 'app_ids',
  'scope.user_ids': 'principal_ids',
  'scope.group_ids': 'principal_ids',
  remind_before_seconds: 'remind_before',
}

const day = 86_400

/** Two weeks, until the end of a working day. */
export function newReviewValues(now: Date): ReviewValues {
  const deadline = new Date(now.getFullYear(), now.getMonth(), now.getDate() + 14, 18)
  return {
    name: '',
    description: '',
    app_ids: [],
    principal_ids: [],
    reviewers: { type: 'manager', principal_ids: [] },
    deadline: toLocalInput(deadline.toISOString()),
    default_decision: 'none',
    remind_before: optionalDuration(3 * day, 3 * day),
  }
}

export function savedReviewValues(review: AccessReviewRead, now: Date): ReviewValues {
  return {
    ...newReviewValues(now),
    name: review.name,
    description: review.description ?? '',
    deadline: toLocalInput(review.deadline),
    default_decision: review.default_decision,
    remind_before: optionalDuration(review.remind_before_seconds, 3 * day),
  }
}

/** What may be changed once a review is under way. */
export function reviewChangeOf(values: ReviewValues): AccessReviewChange {
  return {
    name: values.name,
    description: values.description.trim() === '' ? null : values.description,
    // An empty one is sent as it is, so that the server says what it must be.
    deadline: fromLocalInput(values.deadline) ?? '',
    default_decision: values.default_decision,
    remind_before_seconds: optionalSeconds(values.remind_before),
  }
}

/** What is reviewed, and who is asked. */
export function reviewScopeOf({ app_ids, principal_ids, reviewers }: ReviewValues) {
  return {
    scope: {
      app_ids,
      permission_ids: [],
      user_ids: principal_ids.filter((id) => id.startsWith('usr_')),
      group_ids: principal_ids.filter((id) => id.startsWith('grp_')),
    },
    reviewers: {
      type: reviewers.type,
      principal_ids: reviewers.type === 'named' ? reviewers.principal_ids : [],
    },
  }
}

export function reviewBody(values: ReviewValues) {
  return { ...reviewChangeOf(values), ...reviewScopeOf(values) }
}

/** For counting only: what is not counted by need not be right yet. */
export function previewBody(values: ReviewValues, now: Date) {
  const { scope, reviewers } = reviewScopeOf(values)
  const undecided = reviewers.type === 'named' && reviewers.principal_ids.length === 0
  return {
    name: 'Preview',
    deadline: new Date(now.getTime() + 7 * day * 1_000).toISOString(),
    remind_before_seconds: null,
    scope,
    reviewers: undecided ? { type: 'app_admins', principal_ids: [] } : reviewers,
  }
}
