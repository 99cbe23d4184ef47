/** The closed lists of access governance, free of schemas so that the console can use them alone. */

export const requestStatuses = [
  'validating',
  'rejected',
  'pre_approving',
  'awaiting_approval',
  'denied',
  'provisioning',
  'awaiting_confirmation',
  'active',
  'deprovisioning',
  'awaiting_removal',
  'ended',
  'cancelled',
] as const
export type RequestStatus = (typeof requestStatuses)[number]

/** What people read for each status. */
export const requestStatusLabels: Record<RequestStatus, string> = {
  validating: 'Being checked',
  rejected: 'Refused by a check',
  pre_approving: 'Being pre-approved',
  awaiting_approval: 'Waiting for approval',
  denied: 'Denied',
  provisioning: 'Being set up',
  awaiting_confirmation: 'Being set up by hand',
  active: 'Active',
  deprovisioning: 'Being removed',
  awaiting_removal: 'Being removed by hand',
  ended: 'Ended',
  cancelled: 'Cancelled',
}

export const grantStatuses = ['active', 'deprovisioning', 'awaiting_removal', 'ended'] as const
export type GrantStatus = (typeof grantStatuses)[number]

export const grantStatusLabels: Record<GrantStatus, string> = {
  active: 'Active',
  deprovisioning: 'Being removed',
  awaiting_removal: 'Being removed by hand',
  ended: 'Ended',
}

/** Why access ends: `reason` of the deprovisioning payload. */
export const endReasons = [
  'expired',
  'revoked',
  'access_review',
  'inactivity',
  'offboarding',
  'cancelled',
] as const
export type EndReason = (typeof endReasons)[number]

export const endReasonLabels: Record<EndReason, string> = {
  expired: 'It ran out',
  revoked: 'Revoked',
  access_review: 'Removed in an access review',
  inactivity: 'Not used',
  offboarding: 'Offboarding',
  cancelled: 'Cancelled',
}

export const taskKinds = ['approval', 'confirm_provisioning', 'confirm_deprovisioning'] as const
export type TaskKind = (typeof taskKinds)[number]

export const taskKindLabels: Record<TaskKind, string> = {
  approval: 'Approve',
  confirm_provisioning: 'Give access by hand',
  confirm_deprovisioning: 'Remove access by hand',
}

/** `closed`: it is not needed any more, and nobody did it. */
export const taskStatuses = ['open', 'done', 'not_done', 'approved', 'denied', 'closed'] as const
export type TaskStatus = (typeof taskStatuses)[number]

export const intakeFieldTypes = [
  'text',
  'long_text',
  'choice',
  'choices',
  'number',
  'date',
  'checkbox',
] as const
export type IntakeFieldType = (typeof intakeFieldTypes)[number]

export const intakeFieldLabels: Record<IntakeFieldType, string> = {
  text: 'Text',
  long_text: 'Long text',
  choice: 'One of a list',
  choices: 'Several of a list',
  number: 'Number',
  date: 'Date',
  checkbox: 'Yes or no',
}

/** Who decides in a step of an approval chain. */
export const approverTypes = ['manager', 'app_admins', 'named'] as const
export type ApproverType = (typeof approverTypes)[number]

/** What validation does when its webhook failed: refuse the request, or go on as if it had said yes. */
export const validationPolicies = ['refuse', 'continue'] as const
export type ValidationPolicy = (typeof validationPolicies)[number]

/** What a rule does when a webhook of it failed: leave it to the approvers, or refuse the request. */
export const preApprovalPolicies = ['ask_approvers', 'refuse'] as const
export type PreApprovalPolicy = (typeof preApprovalPolicies)[number]

/** Provisioning and deprovisioning always go on by hand. */
export const provisioningPolicies = ['task'] as const

/** Where a permission is kept. */
export const permissionSources = [
  'MICROSOFT_OAUTH',
  'MICROSOFT_GCC',
  'GSUITE_OAUTH',
  'OKTA',
  'MANUAL',
  'ONELOGIN',
  'ATLASSIAN',
  'GOOGLE_CLOUD',
  'LUMOS_INTEGRATION',
  'JUMPCLOUD',
] as const
export type PermissionSource = (typeof permissionSources)[number]

/** `ended`: nothing more can be decided, what is to be removed is being removed, the sign-off is missing. */
export const reviewStatuses = ['preparing', 'open', 'ended', 'signed_off', 'cancelled'] as const
export type ReviewStatus = (typeof reviewStatuses)[number]

export const reviewStatusLabels: Record<ReviewStatus, string> = {
  preparing: 'Being prepared',
  open: 'Open',
  ended: 'Waits for sign-off',
  signed_off: 'Signed off',
  cancelled: 'Cancelled',
}

/** Who reviews: the manager of the person, the app admins of the app, or users and groups by name. */
export const reviewerTypes = ['manager', 'app_admins', 'named'] as const
export type ReviewerType = (typeof reviewerTypes)[number]

export const reviewDecisions = ['keep', 'remove'] as const
export type ReviewDecision = (typeof reviewDecisions)[number]

/** What happens at the deadline to access that nobody decided about; `none`: it stays and counts as undecided. */
export const reviewDefaults = ['keep', 'remove', 'none'] as const
export type ReviewDefault = (typeof reviewDefaults)[number]

/** `ended_before`: the access ended for another reason, there is nothing to decide. */
export const reviewItemStatuses = [
  'undecided',
  'keep',
  'remove',
  'removing',
  'removed',
  'ended_before',
] as const
export type ReviewItemStatus = (typeof reviewItemStatuses)[number]

export const reviewItemStatusLabels: Record<ReviewItemStatus, string> = {
  undecided: 'Not decided',
  keep: 'Keep',
  remove: 'Remove',
  removing: 'Being removed',
  removed: 'Removed',
  ended_before: 'Ended in the meantime',
}

/** `stopped`: the user was activated again; what was removed stays removed. */
export const offboardingStatuses = ['running', 'done', 'stopped'] as const
export type OffboardingStatus = (typeof offboardingStatuses)[number]

export const offboardingStatusLabels: Record<OffboardingStatus, string> = {
  running: 'Under way',
  done: 'Done',
  stopped: 'Stopped',
}

/** What a person must still do, or should look at, when somebody leaves. */
export const offboardingTodoKinds = [
  'remove_by_hand',
  'app_without_owner',
  'app_without_admin',
  'app_admin',
  'approver',
  'managed_person',
  'group',
  'open_request',
] as const
export type OffboardingTodoKind = (typeof offboardingTodoKinds)[number]
