/**
 * The life of an access request: a pure function from a state and an event to the next state and what has to be done.
 * What cannot happen in a state is an IllegalMove, and the state stays as it was. Source: design, where webhooks are used.
 */
import { approvalMove } from './approval-moves.ts'
import { afterValidation, preApprovalMove, validationMove } from './intake-moves.ts'
import { itemMove, settled } from './item-moves.ts'
import {
  type Draft,
  IllegalMove,
  type Item,
  type Moved,
  type RequestEvent,
  type RequestState,
  type ValidationCall,
} from './request-state.ts'

/** A new request, its validation webhooks asked at the same time. */
export function submit(draft: Draft, calls: readonly ValidationCall[]): Moved {
  const state: RequestState = {
    ...draft,
    status: 'validating',
    validation: { waiting: calls, refusals: [] },
    rules: null,
    rule: 0,
    steps: null,
    step: 0,
    items: [],
    round: 0,
    cancelled: false,
  }
  if (calls.length === 0) return afterValidation(state)
  return {
    state,
    effects: calls.map((call) => ({ type: 'call' as const, kind: 'request_validation' as const, call })),
  }
}

/** The next state. Throws IllegalMove. */
export function step(state: RequestState, event: RequestEvent): Moved {
  switch (event.type) {
    case 'validation_answered':
      return validationMove(state, event)
    case 'pre_approval_planned':
    case 'pre_approval_answered':
      return preApprovalMove(state, event)
    case 'approval_planned':
    case 'approvers_changed':
    case 'escalated':
    case 'approved':
    case 'denied':
      return approvalMove(state, event)
    case 'cancelled':
      return cancel(state, event)
    default:
      return itemMove(state, event)
  }
}

function cancel(state: RequestState, event: RequestEvent & { type: 'cancelled' }): Moved {
  const waits = ['validating', 'pre_approving', 'awaiting_approval'].includes(state.status)
  if (waits) {
    return {
      state: { ...state, status: 'cancelled', cancelled: true },
      effects: [{ type: 'close_tasks', permissionIds: null }],
    }
  }
  if (state.status !== 'awaiting_confirmation')
    throw new IllegalMove(state.status, event.type, 'It can be cancelled only while it waits.')
  return cancelItems(state, event.reason)
}

/** What a receiver may have given, or what was given already, is taken back; the rest is over. */
function cancelItems(state: RequestState, reason: 'cancelled' | 'offboarding'): Moved {
  const given = (item: Item) => item.phase === 'granted' || (item.phase === 'confirming' && item.tried)
  const items = state.items.map((item): Item => {
    if (given(item)) return { ...item, phase: 'granted' }
    return item.phase === 'confirming' ? { ...item, phase: 'not_granted' } : item
  })
  const permissionIds = items.flatMap((item) => (item.phase === 'granted' ? [item.permissionId] : []))
  // Work of removing what ended before goes on.
  const waited = state.items.flatMap((item) => (item.phase === 'confirming' ? [item.permissionId] : []))
  const closed = { type: 'close_tasks' as const, permissionIds: waited }
  const cancelled: RequestState = { ...state, items, cancelled: true }
  if (permissionIds.length === 0) return settled(cancelled, [closed])
  const moved = itemMove(
    { ...cancelled, status: 'active' },
    { type: 'removal_started', permissionIds, reason },
  )
  return { state: moved.state, effects: [closed, ...moved.effects] }
}
