import { z } from 'zod'
import {
  reviewDecisions,
  reviewDefaults,
  reviewerTypes,
  reviewItemStatuses,
  reviewStatuses,
} from '../access-words.ts'
import { idOf, principalId, principalRef } from './access-parts.ts'
import { grantRead } from './grant.ts'
import { pageOf, pageQuery, timestamp } from './list.ts'
import { line, paragraph } from './text.ts'

const idList = (prefix: string) => z.array(idOf(prefix)).max(200).default([])

/** Which access is reviewed: what all the lists that are not empty agree on. All empty: all access. */
export const reviewScope = z
  .strictObject({
    app_ids: idList('app'),
    permission_ids: idList('perm'),
    user_ids: idList('usr'),
    group_ids: idList('grp').describe('People of these groups; beside `user_ids`, either is enough'),
  })
  .meta({ id: 'ReviewScope' })

export const reviewersSetting = z
  .strictObject({
    type: z.enum(reviewerTypes),
    principal_ids: z.array(principalId).max(50).default([]).describe('For `named`: users and groups'),
  })
  .superRefine((reviewers, issues) => {
    const add = (message: string) => issues.addIssue({ code: 'custom', path: ['principal_ids'], message })
    const named = reviewers.principal_ids.length > 0
    if (reviewers.type === 'named' && !named) add('Name at least one user or group')
    if (reviewers.type !== 'named' && named) add('Only for reviewers of type named')
  })
  .meta({ id: 'Reviewers' })

const fields = {
  name: line(100),
  description: paragraph(2_000).nullable().describe('What reviewers should know'),
  deadline: timestamp.describe('Until when reviewers decide'),
  default_decision: z
    .enum(reviewDefaults)
    .describe('What happens at the deadline to access that nobody decided about'),
  remind_before_seconds: z
    .number()
    .int()
    .min(60)
    .max(90 * 86_400)
    .nullable()
    .describe('Reviewers are reminded this long before the deadline; null: never'),
}

/** What `POST /access-reviews` takes. */
export const accessReviewCreate = z
  .strictObject({
    ...fields,
    description: fields.description.default(null),
    scope: reviewScope.prefault({}),
    reviewers: reviewersSetting,
    default_decision: fields.default_decision.default('none'),
    remind_before_seconds: fields.remind_before_seconds.default(3 * 86_400),
    dry_run: z.boolean().default(false).describe('Only count what would be reviewed'),
  })
  .meta({ id: 'AccessReviewCreate' })

/** Only while the review is open. */
export const accessReviewChange = z.strictObject(fields).partial().meta({ id: 'AccessReviewChange' })

/** What a dry run answers. */
export const accessReviewPreview = z
  .object({
    dry_run: z.literal(true),
    grants: z.number().int().describe('Access that would be reviewed'),
    users: z.number().int(),
    apps: z.number().int(),
    without_reviewer: z
      .number()
      .int()
      .describe('Of these, how many would go to others than the review says, because nobody of them can'),
  })
  .meta({ id: 'AccessReviewPreview' })

const progress = z.object({
  total: z.number().int(),
  decided: z.number().int(),
  keep: z.number().int(),
  remove: z.number().int(),
})

const summary = {
  id: z.string(),
  name: fields.name,
  description: z.string().nullable(),
  status: z.enum(reviewStatuses),
  deadline: timestamp,
  default_decision: fields.default_decision,
  remind_before_seconds: fields.remind_before_seconds,
  progress: progress.describe('Decisions, also those that the deadline made'),
  mine: z
    .object({ total: z.number().int(), undecided: z.number().int() })
    .describe('Of these, what the caller is asked about'),
  created_at: timestamp,
  created_by: z.string().nullable().describe('Name'),
  ended_at: timestamp.nullable(),
  signed_off_at: timestamp.nullable(),
  signed_off_by: z.string().nullable().describe('Name'),
}

export const accessReviewSummary = z.object(summary).meta({ id: 'AccessReviewSummary' })

export const accessReviewRead = z
  .object({
    ...summary,
    scope: z.object({
      apps: z.array(z.object({ id: z.string(), name: z.string() })),
      permissions: z.array(z.object({ id: z.string(), label: z.string() })),
      users: z.array(principalRef),
      groups: z.array(principalRef),
    }),
    reviewers: z.object({
      type: z.enum(reviewerTypes),
      principals: z.array(principalRef).describe('Those who are named'),
    }),
    by_reviewer: z
      .array(
        z.object({
          reviewer: principalRef,
          total: z.number().int(),
          decided: z.number().int(),
        }),
      )
      .describe('Who is asked about how much; for a reviewer, only what they are asked about'),
    outcome: z
      .object({
        removing: z.number().int().describe('Decided to be removed, and under way or in the hands of people'),
        removed: z.number().int(),
        by_default: z.number().int().describe('Decided by the deadline'),
        ended_before: z.number().int().describe('Ended for another reason'),
      })
      .describe('What became of the access'),
    sign_off_comment: z.string().nullable(),
    cancelled_at: timestamp.nullable(),
    cancelled_by: z.string().nullable().describe('Name'),
    allowed: z.array(z.enum(['change', 'decide', 'sign_off', 'cancel'])).describe('What the caller may do'),
  })
  .meta({ id: 'AccessReview' })

export const accessReviewPage = pageOf(accessReviewSummary)
export const accessReviewListQuery = z.strictObject({
  ...pageQuery,
  status: z.enum(reviewStatuses).optional(),
  assigned: z
    .enum(['me', 'any'])
    .default('any')
    .describe('`me`: with access that the caller is asked about; `any`: all that the caller may see'),
})

export const reviewItemRead = z
  .object({
    id: z.string(),
    access_review_id: z.string(),
    status: z.enum(reviewItemStatuses),
    grant: grantRead,
    business_justification: z.string().describe('Of the request that gave the access'),
    reviewers: z.array(principalRef),
    fallback: z
      .string()
      .nullable()
      .describe('Why somebody else decides than the review says, in a sentence; null when they do not'),
    decision: z.enum(reviewDecisions).nullable(),
    reason: z.string().nullable(),
    by_default: z.boolean().describe('The deadline decided'),
    decided_by: z.string().nullable().describe('Name'),
    decided_at: timestamp.nullable(),
    allowed: z.array(z.enum(reviewDecisions)).describe('What the caller may decide'),
  })
  .meta({ id: 'ReviewItem' })

export const reviewItemPage = pageOf(reviewItemRead)
export const reviewItemListQuery = z.strictObject({
  ...pageQuery,
  assigned: z
    .enum(['me', 'any'])
    .default('any')
    .describe('`me`: what the caller is asked about; `any`: all that the caller may see'),
  status: z.enum(reviewItemStatuses).optional(),
  app_id: z.string().max(100).optional(),
  user_id: z.string().max(100).optional(),
  reviewer_id: z.string().max(100).optional().describe('Asked of this user, group, app or `administrators`'),
})

const decided = {
  decision: z.enum(reviewDecisions),
  reason: paragraph(2_000).nullable().default(null).describe('Needed to remove'),
}

function requireReason(
  { decision, reason }: { decision: string; reason: string | null },
  issues: z.core.$RefinementCtx,
): void {
  if (decision === 'remove' && !reason?.trim())
    issues.addIssue({ code: 'custom', path: ['reason'], message: 'Say why it is to be removed' })
}

export const reviewDecide = z.strictObject(decided).superRefine(requireReason).meta({ id: 'ReviewDecide' })

/** Several at once: all or none. */
export const reviewDecideMany = z
  .strictObject({
    decisions: z
      .array(z.strictObject({ item_id: idOf('rvi'), ...decided }).superRefine(requireReason))
      .min(1)
      .max(200)
      .refine((all) => new Set(all.map(({ item_id }) => item_id)).size === all.length, 'Each item once'),
  })
  .meta({ id: 'ReviewDecideMany' })

export const reviewItemList = z.object({ data: z.array(reviewItemRead) })

/** Signing off freezes the review. */
export const reviewSignOff = z
  .strictObject({
    comment: paragraph(2_000).nullable().default(null),
    apply_default: z
      .boolean()
      .default(false)
      .describe('End the review before its deadline although something is undecided, as the deadline would'),
  })
  .nullish()
  .meta({ id: 'ReviewSignOff' })

export const reviewCancel = z
  .strictObject({ reason: paragraph(2_000).nullable().default(null) })
  .nullish()
  .meta({ id: 'ReviewCancel' })

/** `GET /inbox`: how much waits for the caller. */
export const inboxRead = z
  .object({
    approvals: z.number().int(),
    confirmations: z.number().int().describe('Access to give or remove by hand'),
    reviews: z.number().int().describe('Access to keep or remove'),
    counted_to: z.number().int().describe('No number is counted beyond this one'),
  })
  .meta({ id: 'Inbox' })

export type ReviewScope = z.infer<typeof reviewScope>
export type ReviewersSetting = z.infer<typeof reviewersSetting>
export type AccessReviewCreate = z.infer<typeof accessReviewCreate>
export type AccessReviewChange = z.infer<typeof accessReviewChange>
export type AccessReviewPreview = z.infer<typeof accessReviewPreview>
export type AccessReviewSummary = z.infer<typeof accessReviewSummary>
export type AccessReviewRead = z.infer<typeof accessReviewRead>
export type ReviewItemRead = z.infer<typeof reviewItemRead>
export type ReviewDecideMany = z.infer<typeof reviewDecideMany>
export type InboxRead = z.infer<typeof inboxRead>
