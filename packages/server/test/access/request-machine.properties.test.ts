/**
 * The machine of requests against random sequences of events, legal and illegal. `KEYHOOK_RUNS=10000` (npm run test:long)
 * runs as many sequences; the seed is printed, and a failure names the smallest sequence that shows it.
 */
import { endReasons, requestStatuses } from '@keyhook/contract/access-words.ts'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { tellingOf } from '../../src/access/request-log.ts'
import { step, submit } from '../../src/access/request-machine.ts'
import {
  type Effect,
  IllegalMove,
  type Item,
  type Moved,
  type PlannedRule,
  type PlannedStep,
  type RequestEvent,
  type RequestState,
  type Unit,
  type ValidationCall,
  type Verdict,
} from '../../src/access/request-state.ts'
import { administrators } from '../../src/apps/administrators.ts'

const runs = Number(process.env.KEYHOOK_RUNS ?? 1_500)
const seed = Number(process.env.KEYHOOK_SEED ?? Date.now() % 2 ** 31)

const permissionIds = ['perm_a', 'perm_b', 'perm_c']
const people = ['usr_1', 'usr_2', 'grp_1', administrators]

const verdict = fc.record<Verdict>({
  kind: fc.constantFrom('yes', 'no', 'failed', 'skipped'),
  message: fc.option(fc.string({ maxLength: 5 })),
  failureReason: fc.constant(null),
  deliveryId: fc.constant('dlv_1'),
})
const some = <Value>(values: readonly Value[]) => fc.subarray([...values], { minLength: 1 })
const validation = fc.array(
  fc.record({
    webhookId: fc.constantFrom('wh_1', 'wh_2'),
    failurePolicy: fc.constantFrom('refuse' as const, 'continue' as const),
  }),
  { maxLength: 2 },
)
const plannedSteps = fc.array(
  fc.record<PlannedStep>({
    approverIds: some(people),
    mode: fc.constantFrom('any', 'all'),
    fallback: fc.constant(null),
  }),
  { maxLength: 3 },
)
const plannedRules = fc.array(
  fc.record({
    why: fc.option(fc.constant('no')),
    failurePolicy: fc.constantFrom('ask_approvers' as const, 'refuse' as const),
    webhooks: fc.subarray(['wh_3', 'wh_4']),
  }),
  { maxLength: 3 },
)

/** One thing that happens; what it is about is chosen from the state by the numbers. */
const happening = fc.record({
  what: fc.constantFrom(
    ...([
      'answer',
      'answer',
      'answer',
      'approve',
      'approve',
      'deny',
      'escalate',
      'change',
      'confirm',
      'confirm',
    ] as const),
    ...(['fail', 'again', 'remove', 'cancel', 'stray', 'offboard'] as const),
  ),
  pick: fc.nat(),
  verdict,
  by: some(people),
  reason: fc.constantFrom(...endReasons),
  narrower: fc.boolean(),
})

type Plans = {
  rules: PlannedRule[]
  steps: PlannedStep[]
  webhooks: readonly (string | null)[]
  apart: boolean
}

/** Plays what the server does with plans: they come back as events at once. */
function settle(first: Moved, plans: Plans, seen: Seen): RequestState {
  let state = first.state
  const waiting: Effect[] = [...first.effects]
  for (let effect = waiting.shift(); effect; effect = waiting.shift()) {
    note(effect, state, seen)
    const event = planned(effect, plans)
    if (!event) continue
    const moved = step(state, event)
    state = moved.state
    waiting.push(...moved.effects)
  }
  return state
}

function planned(effect: Effect, { rules, steps, webhooks, apart }: Plans): RequestEvent | null {
  if (effect.type === 'plan')
    return effect.what === 'approval'
      ? { type: 'approval_planned', steps }
      : { type: 'pre_approval_planned', rules }
  if (effect.type !== 'plan_units') return null
  const units = new Map<string, Unit>()
  for (const { permissionId, skipped } of effect.items) {
    const wanted = webhooks[permissionIds.indexOf(permissionId)] ?? null
    const webhookId = wanted === null || skipped.includes(wanted) ? null : wanted
    const key = `${effect.what}:${effect.round}:${webhookId}${apart ? permissionId : ''}`
    units.set(key, {
      key,
      webhookId,
      permissionIds: [...(units.get(key)?.permissionIds ?? []), permissionId],
    })
  }
  return { type: `${effect.what}_planned`, units: [...units.values()] }
}

/** What was asked of the world, counted. */
type Seen = {
  asked: Set<string>
  allowed: boolean
  granted: Map<string, number>
  removalTried: Set<string>
  ended: Set<string>
  /** Permissions that somebody has a task about. */
  tasks: Set<string>
}

function note(effect: Effect, state: RequestState, seen: Seen): void {
  switch (effect.type) {
    case 'call':
      // A key names one delivery: asking it twice would provision twice.
      expect(seen.asked).not.toContain(effect.call.key)
      seen.asked.add(effect.call.key)
      if (effect.kind === 'provisioning') expect(seen.allowed, 'provisioned without approval').toBe(true)
      if (effect.kind === 'deprovisioning')
        for (const id of effect.call.permissionIds) seen.removalTried.add(id)
      return
    case 'ask_person':
      for (const id of effect.permissionIds) seen.tasks.add(id)
      if (effect.what === 'confirm_provisioning') expect(seen.allowed).toBe(true)
      else for (const id of effect.permissionIds) seen.removalTried.add(id)
      return
    case 'close_tasks':
      if (effect.permissionIds === null) seen.tasks.clear()
      for (const id of effect.permissionIds ?? []) seen.tasks.delete(id)
      return
    case 'pre_approve':
      seen.allowed = true
      return
    case 'plan_units':
      // All steps that were planned are done, or there were none, or a rule held.
      if (effect.what === 'provisioning' && (state.steps?.length ?? 0) === state.step + 1) seen.allowed = true
      if (state.steps?.length === 0) seen.allowed = true
      return
    case 'grant':
      expect(seen.allowed, 'granted without approval').toBe(true)
      for (const id of effect.permissionIds) {
        expect(seen.granted.get(id) ?? 0, `${id} granted twice`).toBe(0)
        seen.granted.set(id, 1)
      }
      return
    case 'grant_status':
      if (effect.status !== 'ended') return
      for (const id of effect.permissionIds) {
        expect(seen.removalTried, `${id} ended without deprovisioning`).toContain(id)
        seen.ended.add(id)
      }
      return
    default:
  }
}

/** The event that a happening means in this state; it may be illegal. */
function eventOf(
  state: RequestState,
  { what, pick, verdict, by, reason, narrower }: Happening,
): RequestEvent {
  const choose = <Value>(values: readonly Value[]) => values[pick % Math.max(1, values.length)]
  const inPhase = (...phases: Item['phase'][]) => state.items.filter(({ phase }) => phases.includes(phase))
  const keyIn = (phase: Item['phase']) => choose(inPhase(phase).flatMap(({ call }) => call?.key ?? []))
  switch (what) {
    case 'answer': {
      const waiting = state.validation.waiting
      if (state.status === 'validating')
        return { type: 'validation_answered', key: choose(waiting)?.key ?? '', verdict }
      if (state.status === 'pre_approving')
        return {
          type: 'pre_approval_answered',
          key: choose(state.rules?.[state.rule]?.waiting ?? []) ?? '',
          verdict,
        }
      const provisioning = keyIn('provisioning')
      if (provisioning !== undefined) return { type: 'provisioning_answered', key: provisioning, verdict }
      return { type: 'deprovisioning_answered', key: keyIn('deprovisioning') ?? '', verdict }
    }
    case 'approve': {
      const fewer = narrower && state.permissionIds.length > 1 ? state.permissionIds.slice(1) : undefined
      return { type: 'approved', by: by[0] ?? '', as: by, permissionIds: fewer }
    }
    case 'deny':
      return { type: 'denied', by: by[0] ?? '', as: by, reason: 'no' }
    case 'escalate':
      return { type: 'escalated', to: by }
    case 'change':
      return { type: 'approvers_changed', step: { approverIds: by, mode: 'any', fallback: 'gone' } }
    case 'confirm':
    case 'fail': {
      const chosen = choose(inPhase('confirming', 'removing_by_hand'))
      return {
        type: chosen?.phase === 'removing_by_hand' ? 'removal_confirmed' : 'provisioning_confirmed',
        permissionIds: [chosen?.permissionId ?? permissionIds[pick % 3] ?? ''],
        done: what === 'confirm',
      }
    }
    case 'again': {
      const chosen = choose(inPhase('confirming', 'removing_by_hand'))
      return { type: 'sent_again', permissionIds: [chosen?.permissionId ?? 'perm_a'] }
    }
    case 'remove':
      return {
        type: 'removal_started',
        permissionIds: [choose(state.items)?.permissionId ?? 'perm_a'],
        reason,
      }
    case 'cancel':
      return { type: 'cancelled', reason: 'cancelled' }
    case 'offboard':
      return { type: 'cancelled', reason: 'offboarding' }
    case 'stray':
      return { type: 'provisioning_answered', key: `stray:${pick}`, verdict }
  }
}
type Happening = typeof happening extends fc.Arbitrary<infer Value> ? Value : never

const scenario = fc.record({
  count: fc.integer({ min: 1, max: 3 }),
  extension: fc.boolean(),
  validation,
  rules: plannedRules,
  steps: plannedSteps,
  webhooks: fc.array(fc.constantFrom('wh_5', 'wh_6', null), { minLength: 3, maxLength: 3 }),
  apart: fc.boolean(),
  happenings: fc.array(happening, { maxLength: 40 }),
})

test(`any sequence of events keeps the promises (seed ${seed}, ${runs} runs)`, () => {
  console.log(`request machine: seed ${seed}, ${runs} sequences`)
  fc.assert(
    fc.property(scenario, ({ count, extension, validation, rules, steps, webhooks, apart, happenings }) => {
      const draft = { permissionIds: permissionIds.slice(0, count), accessLengthSeconds: null, extension }
      const calls = validation.map(
        ({ webhookId, failurePolicy }, index): ValidationCall => ({
          key: `validation:${index}`,
          webhookId,
          permissionIds: draft.permissionIds,
          failurePolicy,
        }),
      )
      const plans: Plans = {
        steps,
        webhooks,
        apart,
        rules: rules.map(({ why, failurePolicy, webhooks: ids }, index) => ({
          ruleId: `par_${index}`,
          name: `Rule ${index}`,
          why,
          failurePolicy,
          justification: null,
          calls: ids.map((webhookId) => ({
            key: `pre_approval:${index}:${webhookId}`,
            webhookId,
            permissionIds: draft.permissionIds,
          })),
        })),
      }
      const seen: Seen = {
        asked: new Set(),
        allowed: false,
        granted: new Map(),
        removalTried: new Set(),
        ended: new Set(),
        tasks: new Set(),
      }
      let state = settle(submit(draft, extension ? [] : calls), plans, seen)
      for (const happened of happenings) {
        const event = eventOf(state, happened)
        const frozen = JSON.stringify(state)
        let moved: Moved
        try {
          moved = step(state, event)
        } catch (error) {
          expect(error).toBeInstanceOf(IllegalMove)
          expect(error).toMatchObject({ status: state.status, event: event.type })
          expect(JSON.stringify(state)).toBe(frozen)
          continue
        }
        expect(JSON.stringify(state), 'a move changed the state that it began with').toBe(frozen)
        // Whatever moves a request is told in the log, by itself or by what follows from it.
        const follows = moved.effects.some(({ type }) =>
          ['ask_approval', 'rule_failed', 'reject'].includes(type),
        )
        expect(tellingOf(event) !== null || follows, `${event.type} is not told`).toBe(true)
        if (event.type === 'approved' && moved.effects.some(({ type }) => type === 'plan_units'))
          seen.allowed = true
        state = settle(moved, plans, seen)
        check(state, seen)
      }
      check(state, seen)
    }),
    { numRuns: runs, seed },
  )
})

function check(state: RequestState, seen: Seen): void {
  expect(requestStatuses).toContain(state.status)
  const phases = new Set(state.items.map(({ phase }) => phase))
  if (state.status === 'active') expect(phases).toContain('granted')
  if (['ended', 'cancelled', 'denied', 'rejected'].includes(state.status))
    for (const phase of phases) expect(['removed', 'not_granted']).toContain(phase)
  for (const { permissionId, phase, call } of state.items) {
    const byHand = phase === 'confirming' || phase === 'removing_by_hand'
    expect(seen.tasks.has(permissionId), `a task about ${permissionId}, which is ${phase}`).toBe(byHand)
    expect(call !== null).toBe(phase === 'provisioning' || phase === 'deprovisioning')
    if (phase === 'granted' && !state.cancelled) expect(seen.granted.get(permissionId)).toBe(1)
    if (phase === 'removed' && seen.granted.has(permissionId)) expect(seen.ended).toContain(permissionId)
  }
  if (state.extension) expect(state.items).toEqual([])
}
