/** From rows to what webhooks are sent about a request. Pure. */
import type { AppSetup } from '../apps/app-store.ts'
import {
  deprovisioningPayload,
  inlinePayload,
  type PayloadParts,
  type PayloadPerson,
} from './inline-payload.ts'
import { permissionsOf } from './request-plans.ts'
import type { CallRow, GrantRow, RequestRow } from './request-store.ts'

export type AskedAbout = {
  request: RequestRow
  setup: AppSetup
  target: PayloadPerson
  requester: PayloadPerson
}

export function payloadParts(
  { request, setup, target, requester }: AskedAbout,
  permissionIds: readonly string[],
  taskUrl: string,
): PayloadParts {
  return {
    app: setup.app,
    hasIntakeFields: setup.app.settings.intake_fields.length > 0,
    permissions: permissionsOf(setup, permissionIds),
    target,
    requester,
    accessLengthSeconds: request.state.accessLengthSeconds,
    comment: request.business_justification,
    taskUrl,
    customFields: request.custom_fields,
    request: { id: request.id, requestedAt: request.created_at },
  }
}

/** The payload of one call, as things are at `now`. */
export function callPayload(
  about: AskedAbout & { grants: readonly GrantRow[] },
  { kind, permission_ids }: Pick<CallRow, 'kind' | 'permission_ids'>,
  { now, taskUrl }: { now: number; taskUrl: string },
): Record<string, unknown> {
  const parts = payloadParts(about, permission_ids, taskUrl)
  if (kind !== 'deprovisioning') return inlinePayload(parts)
  const grants = about.grants.filter((grant) => permission_ids.includes(grant.permission_id))
  const values = new Map(permissionsOf(about.setup, permission_ids).map(({ id, value }) => [id, value]))
  const told = grants.map((grant) => ({ ...grant, permission_value: values.get(grant.permission_id) ?? '' }))
  const accessLengthSeconds = secondsLeft(grants, now)
  return deprovisioningPayload(
    { ...parts, accessLengthSeconds },
    told,
    endReasonOf(about.request, permission_ids),
  )
}

function endReasonOf({ state }: RequestRow, permissionIds: readonly string[]) {
  return state.items.find((item) => permissionIds.includes(item.permissionId))?.endReason ?? null
}

/** Until the first of them ends; null: without an end. */
function secondsLeft(grants: readonly GrantRow[], now: number): number | null {
  const ends = grants.flatMap(({ expires_at }) => (expires_at ? [expires_at.getTime()] : []))
  return ends.length === 0 ? null : Math.max(0, Math.floor((Math.min(...ends) - now) / 1000))
}
