/** A pre-approval rule as the form holds it, and the body that the API takes. Pure. */
import type { PreApprovalPolicy } from '@keyhook/contract/access-words.ts'
import type { PreApprovalRuleChange, PreApprovalRuleRead } from '@keyhook/contract/api/pre-approval-rule.ts'
import { type OptionalDuration, optionalDuration, optionalSeconds } from './duration-values.ts'

export type RuleValues = {
  name: string
  enabled: boolean
  who: 'everyone' | 'some'
  /** Users and groups together: the form does not tell them apart, their ids do. */
  principal_ids: string[]
  what: 'all' | 'some'
  permission_ids: string[]
  condition: string
  webhook_ids: string[]
  failure_policy: PreApprovalPolicy
  longest: OptionalDuration
  business_justification: string
}

export type RuleBody = Required<Omit<PreApprovalRuleChange, 'position'>>

export const ruleFields = [
  ...['name', 'principal_ids', 'permission_ids', 'condition', 'webhook_ids', 'failure_policy'],
  ...['longest', 'business_justification'],
]
export const ruleAliases = {
  user_ids: 'principal_ids',
  group_ids: 'principal_ids',
  access_length_seconds: 'longest',
}

const month = 30 * 86_400

export function ruleValuesOf(rule: PreApprovalRuleRead | null): RuleValues {
  const principal_ids = rule ? [...rule.user_ids, ...rule.group_ids] : []
  return {
    name: rule?.name ?? '',
    enabled: rule?.enabled ?? true,
    who: principal_ids.length > 0 ? 'some' : 'everyone',
    principal_ids,
    what: (rule?.permission_ids.length ?? 0) > 0 ? 'some' : 'all',
    permission_ids: rule?.permission_ids ?? [],
    condition: rule?.condition ?? '',
    webhook_ids: rule?.webhook_ids ?? [],
    failure_policy: rule?.failure_policy ?? 'ask_approvers',
    longest: optionalDuration(rule?.access_length_seconds ?? null, month),
    business_justification: rule?.business_justification ?? '',
  }
}

/**
 * What is wrong before the server is asked. An empty list means "everyone" or "all" to the API, so that choosing "some"
 * and then nobody must not be sent as it is.
 */
export function ruleProblems({
  who,
  principal_ids,
  what,
  permission_ids,
}: RuleValues): Record<string, string> {
  return {
    ...(who === 'some' && principal_ids.length === 0
      ? { principal_ids: 'Choose at least one user or group, or “Everyone”.' }
      : {}),
    ...(what === 'some' && permission_ids.length === 0
      ? { permission_ids: 'Choose at least one permission, or “All permissions”.' }
      : {}),
  }
}

export function ruleMembers(values: RuleValues): RuleBody {
  const ids = values.who === 'some' ? values.principal_ids : []
  return {
    name: values.name,
    enabled: values.enabled,
    user_ids: ids.filter((id) => id.startsWith('usr_')),
    group_ids: ids.filter((id) => id.startsWith('grp_')),
    permission_ids: values.what === 'some' ? values.permission_ids : [],
    condition: values.condition.trim() === '' ? null : values.condition,
    webhook_ids: values.webhook_ids,
    failure_policy: values.failure_policy,
    access_length_seconds: optionalSeconds(values.longest),
    business_justification:
      values.business_justification.trim() === '' ? null : values.business_justification,
  }
}
