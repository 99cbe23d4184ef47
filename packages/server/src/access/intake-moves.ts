/** Moves of a request before anybody is asked to approve it: validation and pre-approval. Pure. */
import { startProvisioning } from './item-moves.ts'
import {
  type Effect,
  IllegalMove,
  type Moved,
  type RequestEvent,
  type RequestState,
  type RuleProgress,
  type Verdict,
} from './request-state.ts'

type Answered = Extract<RequestEvent, { type: 'validation_answered' }>
type PreApproval = Extract<RequestEvent, { type: 'pre_approval_planned' | 'pre_approval_answered' }>

/** All webhooks are waited for, so that the requester reads all messages at once; one refusal is enough. */
export function validationMove(state: RequestState, { type, key, verdict }: Answered): Moved {
  const { waiting, refusals } = state.validation
  const call = waiting.find((other) => other.key === key)
  if (state.status !== 'validating' || !call) throw notWaiting(state, type)
  const refuses = verdict.kind === 'no' || (verdict.kind === 'failed' && call.failurePolicy === 'refuse')
  const { failureReason } = verdict
  // What a failure is explained with is for those who run the webhook, not for the requester.
  const message = verdict.kind === 'no' ? verdict.message : null
  const validation = {
    waiting: waiting.filter((other) => other !== call),
    refusals: refuses ? [...refusals, { message, failureReason }] : refusals,
  }
  const next = { ...state, validation }
  if (validation.waiting.length > 0) return { state: next, effects: [] }
  const [first] = validation.refusals
  if (!first) return afterValidation(next)
  const messages = validation.refusals.flatMap((refusal) => refusal.message ?? [])
  return rejected(next, messages.join('\n\n'), messages.length > 0 ? null : first.failureReason)
}

export function afterValidation(state: RequestState): Moved {
  return { state: { ...state, status: 'pre_approving' }, effects: [{ type: 'plan', what: 'pre_approval' }] }
}

export function preApprovalMove(state: RequestState, event: PreApproval): Moved {
  if (state.status !== 'pre_approving') throw notWaiting(state, event.type)
  if (event.type === 'pre_approval_planned') {
    if (state.rules !== null) throw notWaiting(state, event.type)
    const rules = event.rules.map((rule) => ({ ...rule, waiting: rule.calls.map((call) => call.key) }))
    return tryRules({ ...state, rules }, 0)
  }
  const rule = state.rules?.[state.rule]
  if (!rule?.waiting.includes(event.key)) throw notWaiting(state, event.type)
  const { verdict } = event
  if (verdict.kind === 'yes') {
    const answered = { ...rule, waiting: rule.waiting.filter((key) => key !== event.key) }
    const next = withRule(state, answered)
    return answered.waiting.length > 0 ? { state: next, effects: [] } : preApproved(next, answered)
  }
  if (verdict.kind === 'failed' && rule.failurePolicy === 'refuse')
    return rejected(state, '', verdict.failureReason)
  const failed: Effect = { type: 'rule_failed', rule, why: whyNot(verdict) }
  const moved = tryRules(withRule(state, { ...rule, waiting: [] }), state.rule + 1)
  return { state: moved.state, effects: [failed, ...moved.effects] }
}

/** The rules from one on: the first that holds pre-approves, one with webhooks asks them first. */
function tryRules(state: RequestState, from: number): Moved {
  const effects: Effect[] = []
  for (const [index, rule] of (state.rules ?? []).entries()) {
    if (index < from) continue
    const next = { ...state, rule: index }
    if (rule.why !== null) {
      effects.push({ type: 'rule_failed', rule, why: rule.why })
      continue
    }
    if (rule.calls.length === 0) {
      const moved = preApproved(next, rule)
      return { state: moved.state, effects: [...effects, ...moved.effects] }
    }
    return {
      state: next,
      effects: [
        ...effects,
        ...rule.calls.map((call) => ({ type: 'call' as const, kind: 'pre_approval' as const, call })),
      ],
    }
  }
  return {
    state: { ...state, status: 'awaiting_approval' },
    effects: [...effects, { type: 'plan', what: 'approval' }],
  }
}

function preApproved(state: RequestState, rule: RuleProgress): Moved {
  const { ruleId, name, justification } = rule
  const moved = startProvisioning(state)
  return {
    state: moved.state,
    effects: [{ type: 'pre_approve', rule: { ruleId, name, justification } }, ...moved.effects],
  }
}

function whyNot({ kind, message, failureReason }: Verdict): string {
  if (kind === 'failed') return `Its webhook failed (${failureReason ?? 'interrupted'}).`
  if (kind === 'skipped') return 'The condition of its webhook did not hold.'
  return message === null ? 'Its webhook said no.' : `Its webhook said no: ${message}`
}

function rejected(state: RequestState, message: string, failureReason: Verdict['failureReason']): Moved {
  return { state: { ...state, status: 'rejected' }, effects: [{ type: 'reject', message, failureReason }] }
}

function withRule(state: RequestState, rule: RuleProgress): RequestState {
  return { ...state, rules: (state.rules ?? []).map((other, index) => (index === state.rule ? rule : other)) }
}

function notWaiting(state: RequestState, event: RequestEvent['type']): IllegalMove {
  return new IllegalMove(state.status, event, 'Nothing waits for this answer.')
}
