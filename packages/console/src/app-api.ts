import type { AppRead, PermissionRead } from '@keyhook/contract/api/app.ts'
import type { ChainRead, SimulationRead } from '@keyhook/contract/api/chain.ts'
import type { Page } from '@keyhook/contract/api/list.ts'
import type { PreApprovalRuleChange, PreApprovalRuleRead } from '@keyhook/contract/api/pre-approval-rule.ts'
import { base, post, read } from './api.ts'
import { patch, remove } from './api-calls.ts'
import type { Search } from './http.ts'

const at = (id: string, ...rest: string[]) => ['/apps', ...[id, ...rest].map(encodeURIComponent)].join('/')

/** Apps as app admins and administrators see them. */
export const appApi = {
  appList: (search: Search = {}) => read<Page<AppRead>>('/apps', search),
  appView: (id: string) => read<AppRead>(at(id)),
  appChain: (id: string) => read<ChainRead>(at(id, 'chain')),
  permissionList: (id: string) => read<Page<PermissionRead>>(at(id, 'permissions'), { limit: 200 }),
  permissionView: (id: string, permissionId: string) =>
    read<PermissionRead>(at(id, 'permissions', permissionId)),
  ruleList: (id: string) => read<Page<PreApprovalRuleRead>>(at(id, 'pre-approval-rules')),
  ruleView: (id: string, ruleId: string) => read<PreApprovalRuleRead>(at(id, 'pre-approval-rules', ruleId)),
}

export type SimulateBody = {
  permission_ids: string[]
  requester_id?: string
  target_user_id?: string
  business_justification?: string
  access_length_seconds: number | null
  custom_fields: Record<string, unknown>
  webhooks: 'ask' | 'assume_yes' | 'assume_no'
}

export const appActions = {
  appCreate: (app: object) => post<AppRead>(`${base}/apps`, app),
  appChange: (id: string, change: object, etag?: string | null) => patch<AppRead>(at(id), change, etag),
  appArchive: (id: string) => remove(at(id)),

  permissionCreate: (id: string, permission: object) =>
    post<PermissionRead>(base + at(id, 'permissions'), permission),
  permissionChange: (id: string, permissionId: string, change: object, etag?: string | null) =>
    patch<PermissionRead>(at(id, 'permissions', permissionId), change, etag),
  permissionArchive: (id: string, permissionId: string) => remove(at(id, 'permissions', permissionId)),

  ruleCreate: (id: string, rule: object) =>
    post<PreApprovalRuleRead>(base + at(id, 'pre-approval-rules'), rule),
  ruleChange: (id: string, ruleId: string, change: PreApprovalRuleChange, etag?: string | null) =>
    patch<PreApprovalRuleRead>(at(id, 'pre-approval-rules', ruleId), change, etag),
  ruleDelete: (id: string, ruleId: string) => remove(at(id, 'pre-approval-rules', ruleId)),

  simulate: (id: string, request: SimulateBody, signal?: AbortSignal) =>
    post<SimulationRead>(base + at(id, 'simulate'), request, signal),
}
