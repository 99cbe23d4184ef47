/** Row types of apps, access requests, grants and tasks. Times are `Date`. */
import type {
  EndReason,
  GrantStatus,
  PermissionSource,
  RequestStatus,
  TaskKind,
  TaskStatus,
} from '@keyhook/contract/access-words.ts'
import type { AccessRequestRead } from '@keyhook/contract/api/access-request.ts'
import type { AppRead, ApprovalStep, AttachedWebhooks } from '@keyhook/contract/api/app.ts'
import type { PreApprovalRuleCreate } from '@keyhook/contract/api/pre-approval-rule.ts'
import type { TaskRead } from '@keyhook/contract/api/task.ts'
import type { Generated } from 'kysely'
import type { Json } from './json-column.ts'

export type AccessTables = {
  apps: AppTable
  app_admins: { app_id: string; principal_id: string }
  permissions: PermissionTable
  pre_approval_rules: PreApprovalRuleTable
  access_requests: AccessRequestTable
  open_requests: OpenRequestTable
  grants: GrantTable
  tasks: TaskTable
  task_assignees: TaskAssigneeTable
  calls: CallTable
}

/** What of an app is only read together. */
export type AppSettings = Pick<
  AppRead,
  | 'visible_to'
  | 'request_for_others'
  | 'access_lengths_seconds'
  | 'approvers'
  | 'remind_after_seconds'
  | 'escalate_after_seconds'
  | 'inactivity'
  | 'webhooks'
  | 'intake_fields'
>

export type AppTable = {
  id: string
  slug: string
  instance_id: string
  name: string
  description: string | null
  icon: string | null
  category: string | null
  owner_id: string | null
  settings: Json<AppSettings>
  version: Generated<number>
  created_at: Date
  updated_at: Date
  archived_at: Date | null
}

export type PermissionTable = {
  id: string
  app_id: string
  label: string
  value: string
  source: PermissionSource
  description: string | null
  approvers: Json<ApprovalStep[] | null>
  webhooks: Json<AttachedWebhooks>
  version: Generated<number>
  created_at: Date
  updated_at: Date
  archived_at: Date | null
}

export type RuleSettings = Omit<PreApprovalRuleCreate, 'name' | 'enabled' | 'position'>

export type PreApprovalRuleTable = {
  id: string
  app_id: string
  position: number
  name: string
  enabled: boolean
  settings: Json<RuleSettings>
  version: Generated<number>
  created_at: Date
  updated_at: Date
}

export type AccessRequestTable = {
  id: string
  app_id: string
  requester_id: string
  target_user_id: string
  status: RequestStatus
  /** See access/request-state.ts. */
  state: Json<unknown>
  business_justification: string
  custom_fields: Json<AccessRequestRead['custom_fields']>
  rejection: Json<AccessRequestRead['rejection']>
  denial: Json<AccessRequestRead['denial']>
  pre_approved_by: Json<AccessRequestRead['pre_approved_by']>
  extends_grant_ids: Json<string[]>
  /** When approvers are reminded and others may decide too; null: not any more. */
  remind_at: Date | null
  escalate_at: Date | null
  created_at: Date
  updated_at: Date
}

/** A person asks for a permission once at a time. */
export type OpenRequestTable = {
  target_user_id: string
  permission_id: string
  extension: boolean
  request_id: string
}

export type GrantTable = {
  id: string
  request_id: string
  app_id: string
  permission_id: string
  user_id: string
  status: GrantStatus
  granted_at: Date
  expires_at: Date | null
  ended_at: Date | null
  end_reason: EndReason | null
  last_used_at: Date | null
  /** When it is said that its end is near; null: it was, or there is no end. */
  warn_at: Date | null
  /** That it is not used was said, and when it is removed for it. */
  inactivity_notice_at: Date | null
  inactivity_removal_at: Date | null
}

export type TaskTable = {
  id: string
  kind: TaskKind
  status: TaskStatus
  request_id: string
  app_id: string
  permission_ids: Json<string[]>
  reason: Json<TaskRead['reason']>
  fallback: string | null
  step: Json<TaskRead['step']>
  delivery_id: string | null
  created_at: Date
  completed_at: Date | null
  completed_by: string | null
  comment: string | null
}

/** Ids of users, groups, apps (their app admins), or `administrators`. */
export type TaskAssigneeTable = { task_id: string; principal_id: string; open: boolean }

/** A webhook that is to be asked: written with the move that asks for it, done with the move that its answer makes. */
export type CallTable = {
  /** Of the delivery too. */
  id: string
  request_id: string
  key: string
  kind: 'request_validation' | 'pre_approval' | 'provisioning' | 'deprovisioning'
  webhook_id: string
  permission_ids: Json<string[]>
  process_id: string
  created_at: Date
  done_at: Date | null
}
