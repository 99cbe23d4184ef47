/** Row types of access reviews. Times are `Date`. */
import type { ReviewDecision, ReviewDefault, ReviewStatus } from '@keyhook/contract/access-words.ts'
import type { ReviewersSetting, ReviewScope } from '@keyhook/contract/api/access-review.ts'
import type { Generated } from 'kysely'
import type { Json } from './json-column.ts'

export type LifecycleTables = {
  access_reviews: AccessReviewTable
  access_review_items: AccessReviewItemTable
  access_review_assignees: AccessReviewAssigneeTable
}

export type AccessReviewTable = {
  id: string
  name: string
  description: string | null
  scope: Json<ReviewScope>
  reviewers: Json<ReviewersSetting>
  default_decision: ReviewDefault
  deadline: Date
  remind_before_seconds: number | null
  /** When reviewers are reminded; null: not any more. */
  remind_at: Date | null
  status: ReviewStatus
  /** Grants up to this id have been looked at. */
  prepared_to: string
  items: Generated<number>
  /** Decisions so far, also those that the deadline made. */
  kept: Generated<number>
  removed: Generated<number>
  /** It is over and something that it decided to remove is not being removed yet. */
  removals_due: Generated<boolean>
  /** Here and below: id of a user, or name of an API key. */
  created_by: string
  created_at: Date
  ended_at: Date | null
  signed_off_at: Date | null
  signed_off_by: string | null
  sign_off_comment: string | null
  cancelled_at: Date | null
  cancelled_by: string | null
  version: Generated<number>
}

export type AccessReviewItemTable = {
  id: string
  review_id: string
  grant_id: string
  /** Whose access it is, and to which app. */
  user_id: string
  app_id: string
  decision: ReviewDecision | null
  reason: string | null
  by_default: Generated<boolean>
  decided_by: string | null
  decided_at: Date | null
  fallback: string | null
  /** When the removal that was decided was handed to deprovisioning. */
  removal_started_at: Date | null
}

/** Ids of users, groups, apps (their app admins), or `administrators`. */
export type AccessReviewAssigneeTable = {
  principal_id: string
  item_id: string
  review_id: string
  user_id: string
  /** It waits for a decision. */
  open: boolean
}
