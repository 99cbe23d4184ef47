/** What a simulation says of each move. Pure. */
import type { SimulationStep } from '@keyhook/contract/api/chain.ts'
import { accessLengthText, lengthText, listed } from './chain-words.ts'
import type { Effect, PlannedStep, RequestState, TaskReason } from './request-state.ts'

export type Names = {
  /** Of users, groups, or the administrators. */
  principal(id: string): string
  permission(id: string): string
  /** Rules that are there and are not tried. */
  disabledRules: readonly string[]
  /** Who gets the tasks of the app. */
  taskGetters: string
}

type Kind = SimulationStep['kind']

export function told(
  kind: Kind,
  text: string,
  result: SimulationStep['result'] = 'info',
  more: Partial<SimulationStep> = {},
): SimulationStep {
  return { kind, text, result, webhook: null, delivery_id: null, message: null, ...more }
}

export const noValidation = told('validation', 'No webhook checks this request.', 'skipped')

export function activeStep({ accessLengthSeconds }: RequestState): SimulationStep {
  return accessLengthSeconds === null
    ? told('expiry', 'The access has no end: it lasts until it is revoked.')
    : told('expiry', `The access ends after ${lengthText(accessLengthSeconds)}.`)
}

/** What follows from a move that people would see. */
export function effectSteps(effect: Effect, state: RequestState, names: Names): SimulationStep[] {
  switch (effect.type) {
    case 'plan':
      return effect.what === 'pre_approval'
        ? names.disabledRules.map((name) => told('pre_approval', `“${name}” is disabled.`, 'skipped'))
        : []
    case 'rule_failed':
      return [told('pre_approval', `“${effect.rule.name}” does not hold. ${effect.why}`, 'no')]
    case 'pre_approve': {
      const { name, ruleId, justification } = effect.rule
      const rules = state.rules ?? []
      const later = rules.slice(rules.findIndex((rule) => rule.ruleId === ruleId) + 1)
      const log = justification === null ? '' : ` The log says: ${justification}`
      return [
        told('pre_approval', `“${name}” holds: the request is pre-approved.${log}`, 'yes'),
        ...later.map((rule) =>
          told('pre_approval', `“${rule.name}” is not tried: a rule before it holds.`, 'skipped'),
        ),
      ]
    }
    case 'reject': {
      const kind = state.rules === null ? 'validation' : 'pre_approval'
      return [told(kind, 'The request is refused.', 'no')]
    }
    case 'ask_approval':
      return [told('approval', approvalText(effect.step, effect, names))]
    case 'ask_person': {
      const giving = effect.what === 'confirm_provisioning'
      const permissions = listed(effect.permissionIds.map(names.permission))
      const what = giving ? `give ${permissions}` : `remove ${permissions}`
      const text = `${names.taskGetters} get a task to ${what} by hand. ${reasons[effect.reason.kind]}`
      return [told(giving ? 'provisioning' : 'deprovisioning', text)]
    }
    default:
      return []
  }
}

const reasons: Readonly<Record<TaskReason['kind'], string>> = {
  no_webhook: 'No webhook does it.',
  skipped: 'The condition of the webhook does not hold.',
  answered_false: 'The webhook said no.',
  failed: 'The webhook failed.',
  not_confirmed: 'It could not be done by the app admins.',
}

function approvalText(
  { approverIds, mode, fallback }: PlannedStep,
  { number, of }: { number: number; of: number },
  names: Names,
): string {
  const joiner = mode === 'all' ? 'and' : 'or'
  const who = listed(approverIds.map(names.principal), joiner)
  return `Step ${number} of ${of}: ${who} must approve.${fallback === null ? '' : ` ${fallback}`}`
}

/** The first step: what is asked for. */
export function intakeText(facts: {
  requester: string
  target: string | null
  permissions: readonly string[]
  accessLengthSeconds: number | null
}): string {
  const { requester, target, permissions, accessLengthSeconds } = facts
  const whom = target === null ? '' : ` for ${target}`
  return `${requester} asks for ${listed(permissions)}${whom}, ${accessLengthText(accessLengthSeconds)}.`
}
