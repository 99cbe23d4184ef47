/** What webhooks are sent about a request. Pure. Source: design, what is sent. */
import type { EndReason, PermissionSource } from '@keyhook/contract/access-words.ts'
import type { UserRow } from '../apps/people.ts'

export type PayloadPerson = {
  user: Pick<UserRow, 'id' | 'email' | 'given_name' | 'family_name' | 'status'>
  managerEmail: string | null
  groups: readonly { id: string; name: string }[]
}

export type PayloadParts = {
  app: { slug: string; instance_id: string; name: string }
  hasIntakeFields: boolean
  permissions: readonly { label: string; value: string; source: PermissionSource }[]
  target: PayloadPerson
  requester: PayloadPerson
  accessLengthSeconds: number | null
  comment: string
  taskUrl: string | null
  customFields: Record<string, unknown> | null
  /** null: a simulation. */
  request: { id: string; requestedAt: Date } | null
}

export type PayloadGrant = { id: string; permission_value: string; granted_at: Date; expires_at: Date | null }

/** The payload of an inline webhook, without the members of the envelope. */
export function inlinePayload(parts: PayloadParts): Record<string, unknown> {
  return {
    application: {
      app_id: parts.app.slug,
      instance_id: parts.app.instance_id,
      user_friendly_label: parts.app.name,
    },
    permissions: parts.permissions.map(({ label, value, source }) => ({
      label,
      value,
      type: 'PERMISSION',
      source,
    })),
    target_user: person(parts.target),
    access_length: parts.accessLengthSeconds,
    request_comment: parts.comment === '' ? null : parts.comment,
    request_task_url: parts.taskUrl,
    custom_fields: parts.hasIntakeFields ? (parts.customFields ?? {}) : null,
    ...(parts.request && {
      access_request: { id: parts.request.id, requested_at: parts.request.requestedAt.toISOString() },
    }),
    requester: person(parts.requester),
  }
}

/** With what a deprovisioning webhook is told in addition. */
export function deprovisioningPayload(
  parts: PayloadParts,
  grants: readonly PayloadGrant[],
  reason: EndReason | null,
): Record<string, unknown> {
  return {
    ...inlinePayload(parts),
    grants: grants.map(({ id, permission_value, granted_at, expires_at }) => ({
      id,
      permission_value,
      granted_at: granted_at.toISOString(),
      expires_at: expires_at?.toISOString() ?? null,
    })),
    ...(reason && { reason }),
  }
}

function person({ user, managerEmail, groups }: PayloadPerson) {
  const { id, email, given_name, family_name } = user
  return { id, email, given_name, family_name, manager_email: managerEmail, groups }
}
