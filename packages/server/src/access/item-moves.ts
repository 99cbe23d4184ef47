/** Moves of the permissions of a request, from being given to being taken away. Pure. */
import type { RequestStatus } from '@keyhook/contract/access-words.ts'
import {
  type Effect,
  IllegalMove,
  type Item,
  type ItemPhase,
  type Moved,
  type RequestEvent,
  type RequestState,
  type TaskReason,
  type Unit,
  type Verdict,
} from './request-state.ts'

type ItemEvent = Extract<
  RequestEvent,
  {
    type:
      | 'provisioning_planned'
      | 'provisioning_answered'
      | 'provisioning_confirmed'
      | 'sent_again'
      | 'removal_started'
      | 'deprovisioning_planned'
      | 'deprovisioning_answered'
      | 'removal_confirmed'
  }
>

type Direction = 'provisioning' | 'deprovisioning'

/** What each direction calls its phases. */
const phases = {
  provisioning: { planned: 'to_provision', asked: 'provisioning', byHand: 'confirming', done: 'granted' },
  deprovisioning: {
    planned: 'to_deprovision',
    asked: 'deprovisioning',
    byHand: 'removing_by_hand',
    done: 'removed',
  },
} as const satisfies Record<Direction, Record<string, ItemPhase>>

const askedFor = { provisioning: 'confirm_provisioning', deprovisioning: 'confirm_deprovisioning' } as const

/** It is decided that access is given. An extension only makes what is there longer. */
export function startProvisioning(state: RequestState): Moved {
  if (state.extension) return { state: { ...state, status: 'ended' }, effects: [{ type: 'extend_grants' }] }
  const items = state.permissionIds.map(
    (permissionId): Item => ({
      permissionId,
      phase: 'to_provision',
      call: null,
      skipped: [],
      tried: false,
      endReason: null,
    }),
  )
  return plan({ ...state, items }, 'provisioning', [])
}

export function itemMove(state: RequestState, event: ItemEvent): Moved {
  switch (event.type) {
    case 'provisioning_planned':
      return planned(state, 'provisioning', event)
    case 'deprovisioning_planned':
      return planned(state, 'deprovisioning', event)
    case 'provisioning_answered':
      return answered(state, 'provisioning', event)
    case 'deprovisioning_answered':
      return answered(state, 'deprovisioning', event)
    case 'provisioning_confirmed':
    case 'removal_confirmed':
      return confirmed(state, event)
    case 'sent_again':
      return sentAgain(state, event)
    case 'removal_started': {
      const chosen = requireItems(state, event, 'granted')
      const next = change(state, chosen, (item) => ({
        ...item,
        phase: 'to_deprovision',
        skipped: [],
        endReason: event.reason,
      }))
      return plan(next, 'deprovisioning', [
        {
          type: 'grant_status',
          status: 'deprovisioning',
          permissionIds: idsOf(chosen),
          reason: event.reason,
        },
      ])
    }
  }
}

/** Asks what gives or takes the items that are to be, as things are set up now. */
function plan(state: RequestState, what: Direction, before: readonly Effect[]): Moved {
  const items = state.items.filter((item) => item.phase === phases[what].planned)
  const round = state.round + 1
  return settled({ ...state, round }, [
    ...before,
    {
      type: 'plan_units',
      what,
      round,
      items: items.map(({ permissionId, skipped }) => ({ permissionId, skipped })),
    },
  ])
}

function planned(
  state: RequestState,
  what: Direction,
  event: { type: RequestEvent['type']; units: readonly Unit[] },
): Moved {
  let next = state
  const effects: Effect[] = []
  for (const { key, webhookId, permissionIds } of event.units) {
    const chosen = requireItems(next, { type: event.type, permissionIds }, phases[what].planned)
    if (webhookId === null) {
      const skipped = chosen.some((item) => item.skipped.length > 0)
      const reason = { kind: skipped ? 'skipped' : 'no_webhook', failureReason: null, message: null } as const
      next = change(next, chosen, (item) => ({ ...item, phase: phases[what].byHand, call: null }))
      effects.push(...askPerson(what, idsOf(chosen), reason, null))
    } else {
      next = change(next, chosen, (item) => ({
        ...item,
        phase: phases[what].asked,
        call: { key, webhookId },
        tried: true,
      }))
      effects.push({ type: 'call', kind: what, call: { key, webhookId, permissionIds } })
    }
  }
  return settled(next, effects)
}

function answered(
  state: RequestState,
  what: Direction,
  event: { type: RequestEvent['type']; key: string; verdict: Verdict },
): Moved {
  const { key, verdict } = event
  const chosen = state.items.filter((item) => item.phase === phases[what].asked && item.call?.key === key)
  if (chosen.length === 0) throw new IllegalMove(state.status, event.type, 'Nothing waits for this answer.')
  const permissionIds = idsOf(chosen)
  if (verdict.kind === 'skipped') {
    const next = change(state, chosen, (item) => ({
      ...item,
      phase: phases[what].planned,
      call: null,
      skipped: item.call ? [...item.skipped, item.call.webhookId] : item.skipped,
    }))
    return plan(next, what, [])
  }
  const phase = verdict.kind === 'yes' ? phases[what].done : phases[what].byHand
  const next = change(state, chosen, (item) => ({ ...item, phase, call: null }))
  if (verdict.kind === 'yes') return settled(next, done(what, permissionIds, chosen))
  const { failureReason, message } = verdict
  const kind = verdict.kind === 'no' ? 'answered_false' : 'failed'
  return settled(next, askPerson(what, permissionIds, { kind, failureReason, message }, verdict.deliveryId))
}

function confirmed(
  state: RequestState,
  event: Extract<ItemEvent, { type: 'provisioning_confirmed' | 'removal_confirmed' }>,
): Moved {
  const what = event.type === 'provisioning_confirmed' ? 'provisioning' : 'deprovisioning'
  const chosen = requireItems(state, event, phases[what].byHand)
  const permissionIds = idsOf(chosen)
  const closed: Effect = { type: 'close_tasks', permissionIds }
  if (event.done) {
    const next = change(state, chosen, (item) => ({ ...item, phase: phases[what].done }))
    return settled(next, [closed, ...done(what, permissionIds, chosen)])
  }
  if (what === 'provisioning')
    return settled(
      change(state, chosen, (item) => ({ ...item, phase: 'not_granted' })),
      [closed],
    )
  // Access that could not be removed stays somebody's work.
  const [, ...tasks] = askPerson(what, permissionIds, notConfirmed, null, 'administrators')
  return settled(state, [closed, ...tasks])
}

const notConfirmed: TaskReason = { kind: 'not_confirmed', failureReason: null, message: null }

function sentAgain(state: RequestState, event: Extract<ItemEvent, { type: 'sent_again' }>): Moved {
  const what = state.items.some(
    (item) => event.permissionIds.includes(item.permissionId) && item.phase === 'confirming',
  )
    ? 'provisioning'
    : 'deprovisioning'
  const chosen = requireItems(state, event, phases[what].byHand)
  const next = change(state, chosen, (item) => ({ ...item, phase: phases[what].planned, skipped: [] }))
  return plan(next, what, [{ type: 'close_tasks', permissionIds: idsOf(chosen) }])
}

function done(what: Direction, permissionIds: readonly string[], items: readonly Item[]): Effect[] {
  if (what === 'provisioning') return [{ type: 'grant', permissionIds }]
  return [{ type: 'grant_status', status: 'ended', permissionIds, reason: items[0]?.endReason ?? null }]
}

function askPerson(
  what: Direction,
  permissionIds: readonly string[],
  reason: TaskReason,
  deliveryId: string | null,
  assignees: 'app_admins' | 'administrators' = 'app_admins',
): Effect[] {
  // Each permission has its own task, so that one can be done while another cannot.
  const tasks = permissionIds.map(
    (id): Effect => ({
      type: 'ask_person',
      what: askedFor[what],
      permissionIds: [id],
      reason,
      deliveryId,
      assignees,
    }),
  )
  if (what === 'provisioning') return tasks
  return [{ type: 'grant_status', status: 'awaiting_removal', permissionIds, reason: null }, ...tasks]
}

/** The items of these permissions, all in this phase; otherwise the move is illegal. */
function requireItems(
  state: RequestState,
  event: { type: RequestEvent['type']; permissionIds: readonly string[] },
  phase: ItemPhase,
): Item[] {
  const chosen = state.items.filter((item) => event.permissionIds.includes(item.permissionId))
  const fits = chosen.length > 0 && chosen.length === new Set(event.permissionIds).size
  if (!fits || chosen.some((item) => item.phase !== phase))
    throw new IllegalMove(state.status, event.type, 'These permissions are in another state.')
  return chosen
}

function change(state: RequestState, chosen: readonly Item[], to: (item: Item) => Item): RequestState {
  return { ...state, items: state.items.map((item) => (chosen.includes(item) ? to(item) : item)) }
}

function idsOf(items: readonly Item[]): string[] {
  return items.map((item) => item.permissionId)
}

/** The state with the status that follows from its permissions. */
export function settled(state: RequestState, effects: readonly Effect[]): Moved {
  return { state: { ...state, status: statusOf(state) }, effects }
}

/** What has to happen still decides; of several the one that is furthest behind. */
const precedence: readonly (readonly [RequestStatus, readonly ItemPhase[]])[] = [
  ['provisioning', ['to_provision', 'provisioning']],
  ['awaiting_confirmation', ['confirming']],
  ['active', ['granted']],
  ['deprovisioning', ['to_deprovision', 'deprovisioning']],
  ['awaiting_removal', ['removing_by_hand']],
]

function statusOf({ items, cancelled }: RequestState): RequestStatus {
  const found = precedence.find(([, phases]) => items.some((item) => phases.includes(item.phase)))
  return found?.[0] ?? (cancelled ? 'cancelled' : 'ended')
}
