/** Who may read a delivery: administrators any, app admins those of their apps' requests. */
import { callerOf, mayAdminister } from '../apps/caller.ts'
import type { Context } from '../context.ts'
import type { DeliveryReader } from '../deliveries/delivery-routes.ts'

/** A delivery that a request asked for has the id of its call. */
export function deliveryReader(ctx: Context): DeliveryReader {
  return async (principal, deliveryId) => {
    const request = await ctx.db
      .selectFrom('calls')
      .innerJoin('access_requests', 'access_requests.id', 'calls.request_id')
      .select(['access_requests.id', 'access_requests.app_id'])
      .where('calls.id', '=', deliveryId)
      .executeTakeFirst()
    const caller = await callerOf(ctx, principal)
    if (!caller.admin && !(request && mayAdminister(caller, request.app_id))) return null
    return { accessRequestId: request?.id ?? null, seesAddress: caller.admin }
  }
}
