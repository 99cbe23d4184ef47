/** That access ends soon is said once, in good time. */

import { findSetup } from '../apps/app-store.ts'
import { findUsers } from '../apps/people.ts'
import type { Context } from '../context.ts'
import { system } from '../events/event.ts'
import { appendEvents } from '../events/event-store.ts'
import { enqueueNotices } from '../notices/notice-orders.ts'
import { requestEvent } from './request-log.ts'
import { findRequest } from './request-store.ts'
import { noticeAbout } from './work-notices.ts'

const batch = 200
const day = 86_400_000

/** When it is said of access that lasts from `from` to `to` (epoch milliseconds): three days before, or a fifth of a short time. */
export function warnAt(from: number, to: number): Date {
  return new Date(to - Math.min(3 * day, (to - from) / 5))
}

export async function warnOfExpiry(ctx: Context): Promise<void> {
  const due = await ctx.db
    .selectFrom('grants')
    .select(['id', 'request_id', 'permission_id'])
    .where('status', '=', 'active')
    .where('warn_at', '<=', new Date(ctx.clock()))
    .orderBy('warn_at')
    .limit(batch)
    .execute()
  for (const grant of due) {
    if (ctx.shutdown.aborted) return
    await warn(ctx, grant)
  }
}

async function warn(
  ctx: Context,
  grant: { id: string; request_id: string; permission_id: string },
): Promise<void> {
  const now = ctx.clock()
  await ctx.db.transaction().execute(async (tx) => {
    const warned = await tx
      .updateTable('grants')
      .set({ warn_at: null })
      .where('id', '=', grant.id)
      .where('status', '=', 'active')
      .where('warn_at', '<=', new Date(now))
      .returning('expires_at')
      .executeTakeFirst()
    // Another process was faster, or the access was made longer.
    if (!warned?.expires_at || warned.expires_at.getTime() <= now) return
    const request = await findRequest(tx, grant.request_id)
    const setup = request && (await findSetup(tx, request.app_id))
    const target = request && (await findUsers(tx, [request.target_user_id])).get(request.target_user_id)
    if (!setup || !target) return
    await enqueueNotices(tx, now, [
      noticeAbout({ request, setup, target }, 'access_expires_soon', target.id, {
        permissionIds: [grant.permission_id],
        when: warned.expires_at,
        link: '/my-access',
      }),
    ])
    await appendEvents(tx, now, [
      requestEvent({ request, setup, target, actor: system }, 'APP_STORE_ACCESS_EXPIRES_SOON', {
        permissionIds: [grant.permission_id],
        text: `It ends on ${warned.expires_at.toISOString()}.`,
      }),
    ])
  })
}
