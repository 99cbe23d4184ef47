/** Approvers who take long: they are reminded, and after a while the app admins may decide too. */
import { administrators } from '../apps/administrators.ts'
import { adminsOf, findSetup } from '../apps/app-store.ts'
import { findUsers } from '../apps/people.ts'
import type { Context } from '../context.ts'
import { system } from '../events/event.ts'
import { appendEvents } from '../events/event-store.ts'
import { enqueueNotices } from '../notices/notice-orders.ts'
import { requestEvent } from './request-log.ts'
import type { Moves } from './request-moves.ts'
import { lockRequest } from './request-store.ts'
import { noticeAbout } from './work-notices.ts'

const batch = 200

export async function remindLate(ctx: Context): Promise<void> {
  const late = await ctx.db
    .selectFrom('access_requests')
    .select('id')
    .where('remind_at', '<=', new Date(ctx.clock()))
    .orderBy('remind_at')
    .limit(batch)
    .execute()
  for (const { id } of late) await remind(ctx, id)
}

/** Reminds once, and again after the same time. */
async function remind(ctx: Context, requestId: string): Promise<void> {
  const now = ctx.clock()
  await ctx.db.transaction().execute(async (tx) => {
    const request = await lockRequest(tx, requestId)
    const due = request?.remind_at && request.remind_at.getTime() <= now
    const setup = due ? await findSetup(tx, request.app_id) : null
    if (!due || !setup) return
    const seconds = setup.app.settings.remind_after_seconds
    await tx
      .updateTable('access_requests')
      .set({ remind_at: seconds === null ? null : new Date(now + seconds * 1000) })
      .where('id', '=', requestId)
      .execute()
    const target = (await findUsers(tx, [request.target_user_id])).get(request.target_user_id)
    if (!target) return
    const step = request.state.steps?.[request.state.step]
    const waitedFor = [
      ...(step?.approverIds.filter((id) => !step.approvedBy.includes(id)) ?? []),
      ...(step?.escalatedTo ?? []),
    ]
    await enqueueNotices(
      tx,
      now,
      waitedFor.map((id) => noticeAbout({ request, setup, target }, 'approval_reminder', id)),
    )
    await appendEvents(tx, now, [
      requestEvent({ request, setup, target, actor: system }, 'APP_STORE_REMIND_APPROVERS'),
    ])
  })
}

export async function escalateLate(ctx: Context, moves: Moves): Promise<void> {
  const late = await ctx.db
    .selectFrom('access_requests')
    .select(['id', 'app_id'])
    .where('escalate_at', '<=', new Date(ctx.clock()))
    .orderBy('escalate_at')
    .limit(batch)
    .execute()
  for (const { id, app_id } of late) {
    const admins = await adminsOf(ctx.db, app_id)
    const to = admins.length > 0 ? [app_id] : [administrators]
    await moves.move(id, ({ status, state, escalate_at }) => {
      const waits = status === 'awaiting_approval' && escalate_at !== null
      return waits && state.steps?.[state.step]?.escalatedTo.length === 0 ? { type: 'escalated', to } : null
    })
  }
}
