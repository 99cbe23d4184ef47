/** Moves of a request while people decide about it. Pure. */
import { administrators } from '../apps/administrators.ts'
import { startProvisioning } from './item-moves.ts'
import {
  type Effect,
  IllegalMove,
  type Moved,
  type PlannedStep,
  type PrincipalIds,
  type RequestEvent,
  type RequestState,
  type StepProgress,
} from './request-state.ts'

type ApprovalEvent = Extract<
  RequestEvent,
  { type: 'approval_planned' | 'approvers_changed' | 'escalated' | 'approved' | 'denied' }
>
type Approved = Extract<RequestEvent, { type: 'approved' }>

const closeTasks: Effect = { type: 'close_tasks', permissionIds: null }

export function approvalMove(state: RequestState, event: ApprovalEvent): Moved {
  if (state.status !== 'awaiting_approval')
    throw new IllegalMove(state.status, event.type, 'It does not wait for approval.')
  if (event.type === 'approval_planned') {
    if (state.steps !== null)
      throw new IllegalMove(state.status, event.type, 'The approvers are known already.')
    return ask({ ...state, steps: event.steps.map(begun) }, 0)
  }
  const step = state.steps?.[state.step]
  if (!step) throw new IllegalMove(state.status, event.type, 'The approvers are not known yet.')
  switch (event.type) {
    case 'approvers_changed': {
      const gone = event.gone ?? []
      const escalatedTo = step.escalatedTo.filter((id) => !gone.includes(id))
      const changed = { ...begun(event.step), approvedBy: step.approvedBy, escalatedTo }
      // Who is left may all have approved already.
      const asked = ask(withStep(state, changed), state.step + (allApproved(changed) ? 1 : 0))
      return { state: asked.state, effects: [closeTasks, ...asked.effects] }
    }
    case 'escalated':
      if (step.escalatedTo.length > 0)
        throw new IllegalMove(state.status, event.type, 'It was escalated already.')
      return {
        state: withStep(state, { ...step, escalatedTo: event.to }),
        effects: [{ type: 'escalate', to: event.to }],
      }
    case 'approved':
      return approve(state, step, event)
    case 'denied':
      requireApprover(state, step, event)
      return {
        state: { ...state, status: 'denied' },
        effects: [closeTasks, { type: 'deny', by: event.by, reason: event.reason }],
      }
  }
}

function approve(state: RequestState, step: StepProgress, event: Approved): Moved {
  requireApprover(state, step, event)
  const next = narrowed(state, event)
  const counted = step.approverIds.filter((id) => event.as.includes(id))
  const approvedBy = [...new Set([...step.approvedBy, ...counted])]
  const enough =
    step.mode === 'any' ||
    event.as.includes(administrators) ||
    step.escalatedTo.some((id) => event.as.includes(id)) ||
    allApproved({ ...step, approvedBy })
  const approved = withStep(next, { ...step, approvedBy })
  if (!enough) return { state: approved, effects: [{ type: 'approver_done', by: event.by }] }
  const moved = ask(approved, state.step + 1)
  return { state: moved.state, effects: [closeTasks, ...moved.effects] }
}

function allApproved({ mode, approverIds, approvedBy }: StepProgress): boolean {
  return mode === 'all' && approverIds.every((id) => approvedBy.includes(id))
}

function requireApprover(
  state: RequestState,
  step: StepProgress,
  event: { type: 'approved' | 'denied'; as: PrincipalIds },
) {
  // An administrator may decide in the place of anybody.
  const open = [
    administrators,
    ...step.approverIds.filter((id) => !step.approvedBy.includes(id)),
    ...step.escalatedTo,
  ]
  if (!open.some((id) => event.as.includes(id)))
    throw new IllegalMove(state.status, event.type, 'It does not wait for this person.')
}

/** Whether a length is not longer than another; null: without an end. */
export function isWithin(seconds: number | null, asked: number | null): boolean {
  return asked === null || (seconds !== null && seconds <= asked)
}

/** An approver may give less than was asked for, never more. */
function narrowed(state: RequestState, { type, permissionIds, accessLengthSeconds }: Approved): RequestState {
  const wanted = permissionIds ?? state.permissionIds
  if (wanted.length === 0 || wanted.some((id) => !state.permissionIds.includes(id)))
    throw new IllegalMove(state.status, type, 'Only permissions that were requested can be approved.')
  const length = accessLengthSeconds === undefined ? state.accessLengthSeconds : accessLengthSeconds
  if (!isWithin(length, state.accessLengthSeconds))
    throw new IllegalMove(state.status, type, 'Access cannot be given for longer than was asked for.')
  return {
    ...state,
    permissionIds: state.permissionIds.filter((id) => wanted.includes(id)),
    accessLengthSeconds: length,
  }
}

/** Asks the approvers of a step; when there is none left, access is given. */
function ask(state: RequestState, index: number): Moved {
  const steps = state.steps ?? []
  const step = steps[index]
  if (!step) return startProvisioning(state)
  return {
    state: { ...state, step: index },
    effects: [{ type: 'ask_approval', step, number: index + 1, of: steps.length }],
  }
}

function begun(step: PlannedStep): StepProgress {
  return { ...step, approvedBy: [], escalatedTo: [] }
}

function withStep(state: RequestState, step: StepProgress): RequestState {
  return { ...state, steps: (state.steps ?? []).map((other, index) => (index === state.step ? step : other)) }
}
