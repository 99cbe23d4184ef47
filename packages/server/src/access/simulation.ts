/**
 * A made-up request on its way through the chain. The moves are those of real requests (request-machine.ts); what they ask
 * for is told instead of done. Without I/O of its own: what is asked comes from `world`.
 */
import type { SimulationRead, SimulationStep } from '@keyhook/contract/api/chain.ts'
import { administrators } from '../apps/administrators.ts'
import { step, submit } from './request-machine.ts'
import {
  type Call,
  type CallKind,
  type Draft,
  type Effect,
  IllegalMove,
  type Moved,
  type PlannedRule,
  type PlannedStep,
  type RequestEvent,
  type RequestState,
  type Unit,
  type ValidationCall,
  type Verdict,
} from './request-state.ts'
import * as told from './simulation-words.ts'

export type Asked = { verdict: Verdict; step: SimulationStep }

export type World = {
  validation: readonly ValidationCall[]
  rules: readonly PlannedRule[]
  approval: readonly PlannedStep[]
  units(effect: Extract<Effect, { type: 'plan_units' }>): readonly Unit[]
  /** Asks a webhook, or assumes its answer. */
  ask(kind: CallKind, call: Call): Promise<Asked>
  names: told.Names
}

type Walk = Pick<SimulationRead, 'result' | 'steps'>

export async function walk(draft: Draft, world: World): Promise<Walk> {
  const steps: SimulationStep[] = []
  const waiting: RequestEvent[] = []
  let asked = false
  let preApproved = false

  async function follow(moved: Moved): Promise<RequestState> {
    const calls: { kind: CallKind; call: Call }[] = []
    for (const effect of moved.effects) {
      if (effect.type === 'call') calls.push(effect)
      asked ||= effect.type === 'ask_approval'
      preApproved ||= effect.type === 'pre_approve'
      steps.push(...told.effectSteps(effect, moved.state, world.names))
      waiting.push(...answersTo(effect, world))
    }
    // As for a real request, all of one place are asked at the same time.
    const answers = await Promise.all(calls.map(({ kind, call }) => world.ask(kind, call)))
    for (const [index, { verdict, step: said }] of answers.entries()) {
      const { kind, call } = calls[index] as { kind: CallKind; call: Call }
      steps.push(said)
      waiting.push({ type: answered[kind], key: call.key, verdict })
    }
    return moved.state
  }

  if (world.validation.length === 0) steps.push(told.noValidation)
  let state = await follow(submit(draft, world.validation))
  for (;;) {
    const event = waiting.shift() ?? endOf(state)
    if (!event) break
    try {
      if (event.type === 'removal_started') steps.push(told.activeStep(state))
      state = await follow(step(state, event))
    } catch (error) {
      // The answer of a webhook of a rule that another one has decided already.
      if (!(error instanceof IllegalMove)) throw error
    }
  }
  const result =
    state.status === 'rejected'
      ? 'rejected'
      : preApproved
        ? 'pre_approved'
        : asked
          ? 'needs_approval'
          : 'approved'
  return { result, steps }
}

const answered = {
  request_validation: 'validation_answered',
  pre_approval: 'pre_approval_answered',
  provisioning: 'provisioning_answered',
  deprovisioning: 'deprovisioning_answered',
} as const

/** What people and plans answer; people are taken to do what they are asked for. */
function answersTo(effect: Effect, world: World): RequestEvent[] {
  switch (effect.type) {
    case 'plan':
      return effect.what === 'approval'
        ? [{ type: 'approval_planned', steps: world.approval }]
        : [{ type: 'pre_approval_planned', rules: world.rules }]
    case 'plan_units':
      return [{ type: `${effect.what}_planned`, units: world.units(effect) }]
    case 'ask_approval':
      return [{ type: 'approved', by: administrators, as: [administrators] }]
    case 'ask_person': {
      const { permissionIds } = effect
      return effect.what === 'confirm_provisioning'
        ? [{ type: 'provisioning_confirmed', permissionIds, done: true }]
        : [{ type: 'removal_confirmed', permissionIds, done: true }]
    }
    default:
      return []
  }
}

/** Access that was given comes to its end once; null when the walk is over. */
function endOf({ status, items, accessLengthSeconds }: RequestState): RequestEvent | null {
  if (status !== 'active') return null
  const permissionIds = items.filter(({ phase }) => phase === 'granted').map((item) => item.permissionId)
  return {
    type: 'removal_started',
    permissionIds,
    reason: accessLengthSeconds === null ? 'revoked' : 'expired',
  }
}
