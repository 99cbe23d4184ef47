import { findSetup } from '../apps/app-store.ts'
import type { Context } from '../context.ts'
import { payloadPeople } from './directory-facts.ts'
import { callPayload } from './payload-parts.ts'
import { type CallRow, findRequest, grantIdsFor } from './request-store.ts'

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
  const grants =
    call.kind === 'deprovisioning' ? await grantIdsFor(ctx.db, request.id, call.permission_ids) : []
  const moment = { now: ctx.clock(), taskUrl: `${ctx.baseUrl()}/requests/${request.id}` }
  return callPayload({ request, setup, target, requester, grants }, call, moment)
}
