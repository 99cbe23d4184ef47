/** Access reviews. */
import { z } from 'zod'
import type { EventType } from '../event-types.ts'
import { changed, describer, type EventDescription, facts, people, things } from './describe.ts'

const review = {
  target_type: 'ACCESS_REVIEW',
  target_data: { id: 'rvw_0199a1b2c3d47e5f8a9b0c1d2e3f4a11', name: 'Quarterly review' },
}
const describe = describer('reviews', [review])
const { system } = people

export const reviewEvents = {
  ACCESS_REVIEW_CREATED: describe({
    when: 'An administrator makes an access review.',
    metadata: facts,
    example: {
      metadata: {
        name: 'Quarterly review',
        description: null,
        deadline: '2026-08-01T00:00:00.000Z',
        scope: { app_ids: [things.app.target_data.id] },
        reviewers: { type: 'managers' },
        default_decision: 'none',
        remind_before_seconds: 259_200,
        dry_run: false,
      },
    },
  }),
  ACCESS_REVIEW_OPENED: describe({
    when: 'All access of the review was found, and its reviewers are asked.',
    metadata: z.strictObject({ items: z.number().int() }),
    example: { actor: system, metadata: { items: 128 } },
  }),
  ACCESS_REVIEW_UPDATED: describe({
    when: 'An administrator changes an open review.',
    metadata: changed,
    example: {
      metadata: {
        before: { name: 'Quarterly review', deadline: '2026-08-01T00:00:00.000Z' },
        after: { name: 'Quarterly review', deadline: '2026-08-08T00:00:00.000Z' },
      },
    },
  }),
  ACCESS_REVIEW_DECIDED: describe({
    when: 'A reviewer, or the default at the end, decides about one access.',
    metadata: z.strictObject({
      decision: z.enum(['keep', 'remove']),
      decision_before: z.enum(['keep', 'remove']).nullable(),
      reason: z.string().nullable(),
      text: z.string(),
      success_message: z.string().nullable(),
    }),
    example: {
      targets: [review, things.grant, things.ada, things.app],
      metadata: {
        decision: 'remove',
        decision_before: null,
        reason: 'Has another job now',
        text: '“Quarterly review”: remove.',
        success_message: 'Has another job now',
      },
    },
  }),
  ACCESS_REVIEW_REMINDED: describe({
    when: 'Reviewers who have not decided everything are reminded.',
    metadata: z.strictObject({ undecided: z.number().int() }),
    example: { actor: system, metadata: { undecided: 12 } },
  }),
  ACCESS_REVIEW_REASSIGNED: describe({
    when: 'A reviewer left, and others are asked.',
    metadata: z.strictObject({ from: z.string(), to: z.array(z.string()), items: z.number().int() }),
    example: {
      actor: system,
      metadata: { from: things.ada.target_data.id, to: [things.grace.target_data.id], items: 4 },
    },
  }),
  ACCESS_REVIEW_ENDED: describe({
    when: 'The review is over by its deadline or by sign-off; what is to be removed begins to end.',
    metadata: z.strictObject({
      default_decision: z.string(),
      decided_by_default: z.number().int(),
      removed: z.number().int(),
    }),
    example: { actor: system, metadata: { default_decision: 'none', decided_by_default: 3, removed: 9 } },
  }),
  ACCESS_REVIEW_SIGNED_OFF: describe({
    when: 'An administrator signs the review off.',
    metadata: z.strictObject({ comment: z.string().nullable() }),
    example: { metadata: { comment: 'Checked with finance' } },
  }),
  ACCESS_REVIEW_CANCELLED: describe({
    when: 'An administrator cancels the review; nothing that was decided is carried out.',
    metadata: z.strictObject({ reason: z.string().nullable() }),
    example: { metadata: { reason: 'Wrong apps' } },
  }),
} as const satisfies Partial<Record<EventType, EventDescription>>
