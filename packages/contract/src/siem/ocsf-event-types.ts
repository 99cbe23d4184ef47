/**
 * Which OCSF class and activity each event type is: the table of the mapping. Each type of the catalogue has its line; a new
 * one needs one more. Of low severity, even when they succeed, are changes of who may do what, and what takes the log away.
 */
import type { EventType } from '../event-types.ts'
import { kind, type OcsfKind } from './ocsf-classes.ts'

const created = kind('entityManagement', 'Create')
const updated = kind('entityManagement', 'Update')
const deleted = kind('entityManagement', 'Delete')
const ended = kind('entityManagement', 'Disable')
const told = kind('entityManagement', 'Other')
const rightsCreated = kind('entityManagement', 'Create', 'low')
const rightsUpdated = kind('entityManagement', 'Update', 'low')
const rightsDeleted = kind('entityManagement', 'Delete', 'low')
const given = kind('userAccess', 'Assign Privileges')
const removed = kind('userAccess', 'Revoke Privileges')
const accessTold = kind('userAccess', 'Other')

/** `APP_STORE_…`: the life of an access request is that of an entity, what it gives and takes are privileges. */
export const ocsfKinds = {
  APP_STORE_CREATE_ACCESS_REQUEST: created,
  APP_STORE_INLINE_WEBHOOK_REQUEST_VALIDATION_FOR_ACCESS_REQUEST: updated,
  APP_STORE_INLINE_WEBHOOK_PRE_APPROVAL_FOR_ACCESS_REQUEST: updated,
  APP_STORE_PRE_APPROVE_ACCESS_REQUEST: updated,
  APP_STORE_PRE_APPROVAL_RULE_DID_NOT_HOLD: updated,
  APP_STORE_EXTEND_ACCESS: accessTold,
  APP_STORE_REQUEST_EXTENSION: updated,
  APP_STORE_ACCESS_EXPIRES_SOON: accessTold,
  APP_STORE_REPLAN_APPROVERS: updated,
  APP_STORE_REMIND_APPROVERS: told,
  APP_STORE_ASK_FOR_APPROVAL: told,
  APP_STORE_APPROVE_ACCESS_REQUEST: updated,
  APP_STORE_DENY_ACCESS_REQUEST: updated,
  APP_STORE_REJECT_ACCESS_REQUEST: updated,
  APP_STORE_CANCEL_ACCESS_REQUEST: updated,
  APP_STORE_ESCALATE_APPROVAL: updated,
  APP_STORE_AUTOMATIC_PROVISIONING_FOR_ACCESS_REQUEST: given,
  APP_STORE_INLINE_WEBHOOK_PROVISIONING_FOR_ACCESS_REQUEST: given,
  APP_STORE_ASK_FOR_MANUAL_PROVISIONING: told,
  APP_STORE_MANUAL_CONFIRM_PROVISIONING_FOR_ACCESS_REQUEST: given,
  APP_STORE_MANUAL_DENY_PROVISIONING_FOR_ACCESS_REQUEST: given,
  APP_STORE_START_DEPROVISIONING: accessTold,
  APP_STORE_INLINE_WEBHOOK_DEPROVISIONING_FOR_ACCESS_REQUEST: removed,
  APP_STORE_ASK_FOR_MANUAL_DEPROVISIONING: told,
  APP_STORE_MANUAL_CONFIRM_DEPROVISIONING_FOR_ACCESS_REQUEST: removed,
  APP_STORE_MANUAL_DENY_DEPROVISIONING_FOR_ACCESS_REQUEST: removed,
  APP_STORE_SEND_AGAIN: told,
  APP_STORE_EDIT_PERMISSIONS_ON_REQUEST: updated,
  APP_STORE_EDIT_ACCESS_LENGTH_ON_REQUEST: updated,
  APP_STORE_TOLD_OF_INACTIVITY: accessTold,
  APP_STORE_CANCEL_INACTIVITY_NOTICE: accessTold,
  ADMIN_IMPORTED_LAST_USE: kind('apiActivity', 'Update'),
  ACCESS_REVIEW_CREATED: created,
  ACCESS_REVIEW_OPENED: kind('entityManagement', 'Enable'),
  ACCESS_REVIEW_UPDATED: updated,
  ACCESS_REVIEW_DECIDED: updated,
  ACCESS_REVIEW_REMINDED: told,
  ACCESS_REVIEW_REASSIGNED: updated,
  ACCESS_REVIEW_ENDED: ended,
  ACCESS_REVIEW_SIGNED_OFF: updated,
  ACCESS_REVIEW_CANCELLED: ended,
  OFFBOARDING_FINISHED: updated,
  ADMIN_UPDATED_APP_ADMINS: rightsUpdated,
  ADMIN_CREATED_APP: created,
  ADMIN_UPDATED_APP: updated,
  ADMIN_ARCHIVED_APP: ended,
  ADMIN_CREATED_PERMISSION: created,
  ADMIN_UPDATED_PERMISSION: updated,
  ADMIN_ARCHIVED_PERMISSION: ended,
  ADMIN_CREATED_PRE_APPROVAL_RULE: rightsCreated,
  ADMIN_UPDATED_PRE_APPROVAL_RULE: rightsUpdated,
  ADMIN_DELETED_PRE_APPROVAL_RULE: rightsDeleted,
  DIRECTORY_CREATED_USER: kind('accountChange', 'Create'),
  DIRECTORY_UPDATED_USER: updated,
  DIRECTORY_DEACTIVATED_USER: kind('accountChange', 'Disable'),
  DIRECTORY_REACTIVATED_USER: kind('accountChange', 'Enable'),
  DIRECTORY_INVITED_USER: kind('accountChange', 'Other'),
  DIRECTORY_ACCEPTED_INVITATION: kind('accountChange', 'Other'),
  DIRECTORY_CHANGED_PASSWORD: kind('accountChange', 'Password Change'),
  DIRECTORY_IMPORTED_USERS: kind('apiActivity', 'Create'),
  DIRECTORY_CREATED_GROUP: created,
  DIRECTORY_UPDATED_GROUP: updated,
  DIRECTORY_DELETED_GROUP: deleted,
  DIRECTORY_CREATED_SCIM_TOKEN: rightsCreated,
  DIRECTORY_REVOKED_SCIM_TOKEN: rightsDeleted,
  AUTH_CREATED_FIRST_ADMINISTRATOR: kind('accountChange', 'Create', 'low'),
  AUTH_SIGNED_IN: kind('authentication', 'Logon'),
  AUTH_SIGN_IN_FAILED: kind('authentication', 'Logon'),
  AUTH_SIGNED_OUT: kind('authentication', 'Logoff'),
  AUTH_ENDED_SESSIONS: kind('authentication', 'Other'),
  AUTH_REFUSED_ACCESS: kind('apiActivity', 'Other'),
  ADMIN_CREATED_API_KEY: rightsCreated,
  ADMIN_REVOKED_API_KEY: rightsDeleted,
  ADMIN_RESTORED_API_KEY: rightsCreated,
  ADMIN_CREATED_WEBHOOK: created,
  ADMIN_UPDATED_WEBHOOK: updated,
  ADMIN_ENABLED_WEBHOOK: kind('entityManagement', 'Enable'),
  ADMIN_DISABLED_WEBHOOK: ended,
  ADMIN_DELETED_WEBHOOK: deleted,
  ADMIN_ROTATED_SIGNING_SECRET: updated,
  ADMIN_TESTED_WEBHOOK: kind('apiActivity', 'Other'),
  ADMIN_RETRIED_DELIVERIES: kind('apiActivity', 'Other'),
  WEBHOOK_DELIVERY_ENDED: kind('apiActivity', 'Other'),
  WEBHOOK_CIRCUIT_OPENED: kind('entityManagement', 'Suspend'),
  WEBHOOK_CIRCUIT_CLOSED: kind('entityManagement', 'Resume'),
  ADMIN_ROTATED_SECRETS: rightsUpdated,
  ADMIN_EXPORTED_EVENTS: kind('apiActivity', 'Read', 'low'),
  ADMIN_READ_LOG_KEY: kind('apiActivity', 'Read', 'medium'),
  ADMIN_PLACED_LEGAL_HOLD: kind('apiActivity', 'Create', 'low'),
  ADMIN_LIFTED_LEGAL_HOLD: kind('apiActivity', 'Delete', 'low'),
  ADMIN_CREATED_NOTICE_CHANNEL: created,
  ADMIN_UPDATED_NOTICE_CHANNEL: updated,
  ADMIN_DELETED_NOTICE_CHANNEL: deleted,
  ADMIN_UPDATED_NOTICE_TEMPLATE: updated,
  ADMIN_SENT_NOTICE_AGAIN: told,
  DIRECTORY_UPDATED_NOTICE_PREFERENCES: updated,
  KEYHOOK_STREAM_FELL_BEHIND: kind('apiActivity', 'Other'),
  KEYHOOK_STREAM_CAUGHT_UP: kind('apiActivity', 'Other'),
  KEYHOOK_HEARTBEAT: kind('apiActivity', 'Other'),
  KEYHOOK_LOG_CHECKPOINT: kind('apiActivity', 'Create'),
  KEYHOOK_DROPPED_LOG_MONTH: kind('apiActivity', 'Delete', 'low'),
} as const satisfies Record<EventType, OcsfKind>

/** `CUSTOM_` events of other systems, of which nothing is known but their members. */
const custom = kind('apiActivity', 'Other')

export function ocsfKindOf(eventType: string): OcsfKind {
  return Object.hasOwn(ocsfKinds, eventType) ? ocsfKinds[eventType as EventType] : custom
}
