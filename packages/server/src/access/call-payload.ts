import type { Context } from '../context.ts'
import { callPayload } from './payload-parts.ts'
import { requestFacts } from './request-facts.ts'
import { type CallRow, findRequest, grantIdsFor } from './request-store.ts'

type Asked = Pick<CallRow, 'kind' | 'request_id' | 'permission_ids'>

/** What a webhook is sent about a request at this moment. */
export async function composePayload(
  ctx: Pick<Context, 'db' | 'clock' | 'baseUrl'>,
  call: Asked,
): Promise<Record<string, unknown>> {
  const request = await findRequest(ctx.db, call.request_id)
  if (!request) throw new Error(`the request ${call.request_id} is gone`)
  const { app_id: appId, requester_id, target_user_id } = request
  const wanted = { appId, permissionIds: call.permission_ids, userIds: [requester_id, target_user_id] }
  const { setups, people } = await requestFacts(ctx.db, [wanted])
  const setup = setups.get(appId)
  const target = people.get(request.target_user_id)
  const requester = people.get(request.requester_id)
  if (!setup || !target || !requester)
    throw new Error(`request ${request.id}: its app or a person is not there`)
  const grants =
    call.kind === 'deprovisioning' ? await grantIdsFor(ctx.db, request.id, call.permission_ids) : []
  const moment = { now: ctx.clock(), taskUrl: `${ctx.baseUrl()}/requests/${request.id}` }
  return callPayload({ request, setup, target, requester, grants }, call, moment)
}
