/** Entries of the activity log about access reviews. Pure. */
import type { Actor, NewEvent } from '../events/event.ts'
import type { EventType } from '../events/event-types.ts'
import type { ReviewItemRow, ReviewRow } from './review-store.ts'

type Named = Pick<ReviewRow, 'id' | 'name'>

export function reviewEvent(
  type: EventType,
  actor: Actor,
  { id, name }: Named,
  metadata: Record<string, unknown> = {},
): NewEvent {
  return { type, actor, targets: [{ type: 'ACCESS_REVIEW', data: { id, name } }], metadata }
}

export type Decided = Pick<ReviewItemRow, 'id' | 'grant_id' | 'user_id' | 'app_id'> & {
  request_id: string
  decision: 'keep' | 'remove'
  reason: string | null
}

/** A decision is told at the access request too: it belongs to the history of the access. */
export function decisionEvent(
  actor: Actor,
  review: Named,
  item: Decided,
  before: ReviewItemRow['decision'],
): NewEvent {
  const event = reviewEvent('ACCESS_REVIEW_DECIDED', actor, review, {
    decision: item.decision,
    decision_before: before,
    reason: item.reason,
    text: `“${review.name}”: ${item.decision}.`,
    success_message: item.reason,
  })
  return {
    ...event,
    targets: [
      ...(event.targets ?? []),
      { type: 'GRANT', data: { id: item.grant_id } },
      { type: 'USER', data: { id: item.user_id } },
      { type: 'APP', data: { id: item.app_id } },
    ],
    requestId: item.request_id,
    appId: item.app_id,
  }
}
