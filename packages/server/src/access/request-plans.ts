/** What comes next for a request, from how its app is set up now. Pure. */
import type { ApprovalStep } from '@keyhook/contract/api/app.ts'
import type { AppSetup, PermissionRow, RuleRow } from '../apps/app-store.ts'
import type { Conditions } from '../conditions/conditions.ts'
import type { Effect, PlannedRule, Unit, ValidationCall } from './request-state.ts'

/** The permissions of these ids, in their order. */
export function permissionsOf(setup: AppSetup, ids: readonly string[]): PermissionRow[] {
  return ids.flatMap((id) => setup.permissions.find((permission) => permission.id === id) ?? [])
}

/** Every validation webhook of the app and of the requested permissions, each once; the stricter policy counts. */
export function planValidation(setup: AppSetup, permissionIds: readonly string[]): ValidationCall[] {
  const permissions = permissionsOf(setup, permissionIds)
  const calls = new Map<string, ValidationCall>()
  for (const { webhooks } of [setup.app.settings, ...permissions]) {
    const attached = webhooks.request_validation
    if (attached === null) continue
    const { webhook_id: webhookId, failure_policy } = attached
    const known = calls.get(webhookId)
    const failurePolicy = known?.failurePolicy === 'refuse' ? 'refuse' : failure_policy
    calls.set(webhookId, { key: `validation:${webhookId}`, webhookId, permissionIds, failurePolicy })
  }
  return [...calls.values()]
}

export type RuleFacts = {
  targetId: string
  targetGroupIds: readonly string[]
  permissionIds: readonly string[]
  accessLengthSeconds: number | null
  /** What an inline webhook would be sent: what conditions are about. */
  payload: unknown
}

/** The enabled rules in order, each with the reason why it does not hold when that can be said without its webhooks. */
export function planRules(setup: AppSetup, facts: RuleFacts, conditions: Conditions): PlannedRule[] {
  return setup.rules
    .filter((rule) => rule.enabled)
    .map((rule) => ({
      ruleId: rule.id,
      name: rule.name,
      why: whyNot(rule, setup, facts, conditions),
      justification: rule.settings.business_justification,
      failurePolicy: rule.settings.failure_policy,
      calls: rule.settings.webhook_ids.map((webhookId) => ({
        key: `pre_approval:${rule.id}:${webhookId}`,
        webhookId,
        permissionIds: facts.permissionIds,
      })),
    }))
}

function whyNot(
  { settings }: RuleRow,
  setup: AppSetup,
  facts: RuleFacts,
  conditions: Conditions,
): string | null {
  const { user_ids, group_ids, permission_ids, access_length_seconds, condition } = settings
  const anyone = user_ids.length === 0 && group_ids.length === 0
  const named = user_ids.includes(facts.targetId) || group_ids.some((id) => facts.targetGroupIds.includes(id))
  if (!anyone && !named) return 'It is for other people.'
  const uncovered = facts.permissionIds.filter(
    (id) => permission_ids.length > 0 && !permission_ids.includes(id),
  )
  if (uncovered.length > 0) {
    const labels = permissionsOf(setup, uncovered).map((permission) => permission.label)
    return `It does not cover ${labels.join(', ')}.`
  }
  const { accessLengthSeconds } = facts
  if (
    access_length_seconds !== null &&
    (accessLengthSeconds ?? Number.POSITIVE_INFINITY) > access_length_seconds
  )
    return 'It gives access for a shorter time only.'
  if (condition === null) return null
  const evaluated = conditions.evaluate(condition, facts.payload)
  if (!evaluated.ok) return `Its condition could not be evaluated: ${evaluated.detail}`
  return evaluated.holds ? null : 'Its condition did not hold.'
}

/** The approval chain: that of the app, and those of permissions that have their own; the same step is asked once. */
export function planSteps(setup: AppSetup, permissionIds: readonly string[]): ApprovalStep[] {
  const chains = permissionsOf(setup, permissionIds).map(
    (permission) => permission.approvers ?? setup.app.settings.approvers,
  )
  const steps = new Map(chains.flat().map((step) => [JSON.stringify(step), step]))
  return [...steps.values()]
}

type PlanUnits = Extract<Effect, { type: 'plan_units' }>

/**
 * What gives or takes each permission: its own webhook, else that of the app, else a person. Those of one webhook are
 * one delivery, unless the webhook wants one for each.
 */
export function planUnits(
  setup: AppSetup,
  { what, round, items }: PlanUnits,
  separately: (webhookId: string) => boolean,
): Unit[] {
  const units = new Map<string, Unit>()
  for (const { permissionId, skipped } of items) {
    const own = permissionsOf(setup, [permissionId])[0]?.webhooks[what]?.webhook_id
    const general = setup.app.settings.webhooks[what]?.webhook_id
    const webhookId = [own, general].find((id) => id !== undefined && !skipped.includes(id)) ?? null
    const apart = webhookId !== null && separately(webhookId)
    const key = `${what}:${round}:${webhookId ?? 'person'}${apart ? `:${permissionId}` : ''}`
    const known = units.get(key)
    units.set(key, { key, webhookId, permissionIds: [...(known?.permissionIds ?? []), permissionId] })
  }
  return [...units.values()]
}
