/** Who decides about a request: the rules and the approvers, in the picture of the chain. Pure. */
import type { ApprovalStep } from '@keyhook/contract/api/app.ts'
import type { ChainPart, ChainStep } from '@keyhook/contract/api/chain.ts'
import type { AppSetup, RuleRow } from '../apps/app-store.ts'
import { planApproval } from './approvers.ts'
import type { ChainFacts } from './chain-facts.ts'
import { attachedIn, type Consequences } from './chain-webhooks.ts'
import { lengthText, listed, stepText, timesText } from './chain-words.ts'

export function preApprovalStep(setup: AppSetup, facts: ChainFacts): ChainStep {
  const { rules } = setup
  const enabled = rules.filter((rule) => rule.enabled)
  const text =
    enabled.length > 0
      ? 'The rules are tried in this order. The first that holds pre-approves: nobody is asked. When none holds, people decide.'
      : `${rules.length === 0 ? 'There are no rules' : 'All rules are disabled'}, so people decide.`
  return {
    kind: 'pre_approval',
    title: 'Pre-approval',
    text,
    parts: rules.map((rule) => rulePart(rule, setup, facts)),
  }
}

function rulePart(rule: RuleRow, setup: AppSetup, facts: ChainFacts): ChainPart {
  const { user_ids, group_ids, permission_ids, condition, webhook_ids, access_length_seconds } = rule.settings
  const who = [...user_ids, ...group_ids]
  const names = who.flatMap((id) => facts.principals.get(id)?.name ?? [])
  const covered = livePermissions(setup).filter(({ id }) => permission_ids.includes(id))
  const holds = [
    who.length === 0 ? 'for everyone' : `for ${listed(names, 'or')}`,
    permission_ids.length === 0 ? 'all permissions' : listed(covered.map(({ label }) => label)),
    ...(access_length_seconds === null ? [] : [`up to ${lengthText(access_length_seconds)}`]),
    ...(condition === null ? [] : [`when \`${condition}\``]),
    ...(webhook_ids.length === 0
      ? []
      : [webhook_ids.length === 1 ? 'if the webhook says yes' : 'if all of the webhooks say yes']),
  ]
  const consequences: Consequences =
    rule.settings.failure_policy === 'refuse' ? 'requests are refused' : 'the rule never holds'
  const { webhooks, problem } = attachedIn(webhook_ids, facts, consequences)
  const nobody = who.length > 0 && !who.some((id) => facts.principals.get(id)?.active)
  const nothing = permission_ids.length > 0 && covered.length === 0
  return {
    label: rule.name,
    text: `${rule.enabled ? 'Holds ' : 'Disabled. It would hold '}${holds.join(', ')}.`,
    webhooks,
    problem: nobody
      ? 'Nobody whom it names is active any more.'
      : nothing
        ? 'None of its permissions can be requested any more.'
        : rule.enabled
          ? problem
          : null,
  }
}

export function approvalSteps(setup: AppSetup, facts: ChainFacts): ChainStep {
  const { approvers, remind_after_seconds, escalate_after_seconds } = setup.app.settings
  const own = livePermissions(setup).filter((permission) => permission.approvers !== null)
  const general = approvers.map((step, index) => approverPart(`Step ${index + 1}`, step, facts))
  const special = own.flatMap(({ label, approvers: steps }) =>
    (steps ?? []).length === 0
      ? [nobodyAsked(label)]
      : (steps ?? []).map((step, index) => approverPart(`${label}, step ${index + 1}`, step, facts)),
  )
  const anybody = approvers.length > 0 || own.some((permission) => (permission.approvers ?? []).length > 0)
  const sentences = anybody
    ? [
        'Each step must approve, one after the other.',
        ...(own.length > 0
          ? ['Permissions with steps of their own ask those; the same step is asked once.']
          : []),
        timesText(remind_after_seconds, escalate_after_seconds),
      ]
    : ['Nobody is asked: access is given at once.']
  return {
    kind: 'approval',
    title: 'Approval',
    text: sentences.filter((sentence) => sentence !== '').join(' '),
    parts: [
      ...(general.length === 0 && special.length > 0 ? [nobodyAsked('Other permissions')] : general),
      ...special,
    ],
  }
}

function nobodyAsked(label: string): ChainPart {
  return { label, text: 'Nobody is asked.', webhooks: [], problem: null }
}

function approverPart(label: string, step: ApprovalStep, facts: ChainFacts): ChainPart {
  const ids = step.type === 'app_admins' ? facts.approvers.appAdminIds : step.principal_ids
  const names = ids.flatMap((id) => facts.principals.get(id)?.name ?? [])
  const fallback = planApproval([step], facts.approvers)[0]?.fallback ?? null
  if (step.type === 'manager') {
    const instead = fallback?.endsWith('The app admins decide instead.') ? 'app admins' : 'administrators'
    const text = `${stepText(step, [])} Where there is none who can decide, the ${instead} do.`
    return { label, text, webhooks: [], problem: null }
  }
  return {
    label,
    text: stepText(step, names),
    webhooks: [],
    problem: fallback ?? whoCannot(ids, facts),
  }
}

/** Some of a step cannot decide any more; the others go on without them. */
function whoCannot(ids: readonly string[], { approvers, principals }: ChainFacts): string | null {
  const idle = ids.filter((id) => {
    const alone: ApprovalStep = { type: 'named', principal_ids: [id], mode: 'any' }
    return planApproval([alone], approvers)[0]?.fallback !== null
  })
  if (idle.length === 0) return null
  const names = idle.map((id) => principals.get(id)?.name ?? 'somebody who is gone')
  return `${listed(names)} cannot decide: nobody active is behind ${idle.length === 1 ? 'that name' : 'those names'}.`
}

function livePermissions({ permissions }: AppSetup) {
  return permissions.filter(({ archived_at }) => archived_at === null)
}
