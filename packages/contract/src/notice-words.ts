/** What people are told, free of schemas so that the console can use it alone. */

/** What a person chooses a channel for. */
export const noticeGroups = ['approvals', 'tasks', 'own_requests', 'access_expiry', 'reviews'] as const
export type NoticeGroup = (typeof noticeGroups)[number]

export const noticeGroupLabels: Record<NoticeGroup, string> = {
  approvals: 'Requests that wait for my approval',
  tasks: 'Access to give or remove by hand',
  own_requests: 'What becomes of my requests',
  access_expiry: 'My access that ends soon or is not used',
  reviews: 'Access reviews that ask me',
}

/** One table of all kinds. `group` null: about the account or for administrators, always by mail when there is mail. */
export const noticeKindTable = {
  approval_asked: { label: 'Approval asked for', group: 'approvals' },
  approval_reminder: { label: 'Approval still waits', group: 'approvals' },
  approval_escalated: { label: 'Approval escalated to app admins', group: 'approvals' },
  task_confirm_provisioning: { label: 'Give access by hand', group: 'tasks' },
  task_confirm_deprovisioning: { label: 'Remove access by hand', group: 'tasks' },
  request_rejected: { label: 'Request refused by a check', group: 'own_requests' },
  request_denied: { label: 'Request denied', group: 'own_requests' },
  request_cancelled: { label: 'Request cancelled', group: 'own_requests' },
  access_given: { label: 'Access given', group: 'own_requests' },
  access_given_to_other: { label: 'Access given to the colleague it was asked for', group: 'own_requests' },
  access_not_given: { label: 'Access could not be given', group: 'own_requests' },
  access_extended: { label: 'Access made longer', group: 'own_requests' },
  access_ended: { label: 'Access ended', group: 'own_requests' },
  access_expires_soon: { label: 'Access ends soon', group: 'access_expiry' },
  access_inactive: { label: 'Access is not used', group: 'access_expiry' },
  review_opened: { label: 'Access review opened', group: 'reviews' },
  review_reminder: { label: 'Access review still waits', group: 'reviews' },
  review_ended: { label: 'Access review ended', group: 'reviews' },
  offboarding_finished: { label: 'Offboarding finished', group: null },
  stream_behind: { label: 'SIEM stream is behind', group: null },
  stream_caught_up: { label: 'SIEM stream has caught up', group: null },
  invitation: { label: 'Invitation', group: null },
} as const satisfies Record<string, { label: string; group: NoticeGroup | null }>

export type NoticeKind = keyof typeof noticeKindTable
export const noticeKinds = Object.keys(noticeKindTable) as NoticeKind[]

/** What channels of teams can hear of: work of app admins and administrators, nothing that is about the reader. */
export const teamNoticeKinds = [
  'approval_asked',
  'approval_reminder',
  'approval_escalated',
  'task_confirm_provisioning',
  'task_confirm_deprovisioning',
  'review_ended',
  'offboarding_finished',
  'stream_behind',
  'stream_caught_up',
] as const satisfies readonly NoticeKind[]
export type TeamNoticeKind = (typeof teamNoticeKinds)[number]

/** How a person is reached. `chat`: an incoming webhook of their own. */
export const noticeChoices = ['mail', 'chat', 'none'] as const
export type NoticeChoice = (typeof noticeChoices)[number]

export const chatKinds = ['slack', 'teams'] as const
export type ChatKind = (typeof chatKinds)[number]
export const chatKindLabels: Record<ChatKind, string> = {
  slack: 'Slack (or compatible)',
  teams: 'Microsoft Teams',
}

/** `skipped`: nobody needs it any more, for example because the request was decided before it could be sent. */
export const noticeStatuses = ['waiting', 'sent', 'failed', 'skipped'] as const
export type NoticeStatus = (typeof noticeStatuses)[number]

/** What may stand in braces in the words of a template: `{{app}}`. */
export const noticePlaceholders = ['app', 'who', 'what', 'when', 'reason', 'name'] as const
export type NoticePlaceholder = (typeof noticePlaceholders)[number]
