import { findSetup } from '../apps/app-store.ts'
import type { Context } from '../context.ts'
import { payloadPeople } from './directory-facts.ts'
import { deprovisioningPayload, inlinePayload, type PayloadParts } from './inline-payload.ts'
import { permissionsOf } from './request-plans.ts'
import { type CallRow, findRequest, type GrantRow, grantIdsFor, type RequestRow } from './request-store.ts'

type Asked = Pick<CallRow, 'kind' | 'request_id' | 'permission_ids'>

/** What a webhook is sent about a request at this moment. */
export async function composePayload(
  ctx: Pick<Context, 'db' | 'clock' | 'baseUrl'>,
  call: Asked,
): Promise<Record<string, unknown>> {
  const request = await findRequest(ctx.db, call.request_id)
  const setup = request && (await findSetup(ctx.db, request.app_id))
  if (!setup) throw new Error(`the request ${call.request_id} is gone`)
  const people = await payloadPeople(ctx.db, [request.requester_id, request.target_user_id])
  const target = people.get(request.target_user_id)
  const requester = people.get(request.requester_id)
  if (!target || !requester) throw new Error(`request ${request.id}: a person is not in the directory`)
  const permissions = permissionsOf(setup, call.permission_ids)
  const grants =
    call.kind === 'deprovisioning' ? await grantIdsFor(ctx.db, request.id, call.permission_ids) : []
  const parts: PayloadParts = {
    app: setup.app,
    hasIntakeFields: setup.app.settings.intake_fields.length > 0,
    permissions,
    target,
    requester,
    accessLengthSeconds:
      call.kind === 'deprovisioning' ? secondsLeft(grants, ctx.clock()) : request.state.accessLengthSeconds,
    comment: request.business_justification,
    taskUrl: `${ctx.baseUrl()}/requests/${request.id}`,
    customFields: request.custom_fields,
    request: { id: request.id, requestedAt: request.created_at },
  }
  if (call.kind !== 'deprovisioning') return inlinePayload(parts)
  const values = new Map(permissions.map(({ id, value }) => [id, value]))
  const told = grants.map((grant) => ({ ...grant, permission_value: values.get(grant.permission_id) ?? '' }))
  return deprovisioningPayload(parts, told, endReasonOf(request, call.permission_ids))
}

function endReasonOf({ state }: RequestRow, permissionIds: readonly string[]) {
  return state.items.find((item) => permissionIds.includes(item.permissionId))?.endReason ?? null
}

/** Until the first of them ends; null: without an end. */
function secondsLeft(grants: readonly GrantRow[], now: number): number | null {
  const ends = grants.flatMap(({ expires_at }) => (expires_at ? [expires_at.getTime()] : []))
  return ends.length === 0 ? null : Math.max(0, Math.floor((Math.min(...ends) - now) / 1000))
}
