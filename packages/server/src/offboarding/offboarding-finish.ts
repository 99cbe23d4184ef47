import { sql, type Transaction } from 'kysely'
import { administrators } from '../apps/administrators.ts'
import { findUsers, nameOf } from '../apps/people.ts'
import type { Context } from '../context.ts'
import type { Tables } from '../db/schema.ts'
import { type NewEvent, system } from '../events/event.ts'
import { appendEvents } from '../events/event-store.ts'
import { enqueueNotices, type NewNotice } from '../notices/notice-orders.ts'
import type { OffboardingRow } from './offboarding-store.ts'

/**
 * All access has ended, nothing is on its way to the user, and approvals that waited for them have gone to others (see
 * access/approver-changes.ts).
 */
const isOver = sql<boolean>`
  not exists (
    select 1 from grants where grants.user_id = offboardings.user_id and grants.status <> 'ended'
  ) and not exists (
    select 1 from open_requests where open_requests.target_user_id = offboardings.user_id
  ) and not exists (
    select 1 from task_assignees join tasks on tasks.id = task_assignees.task_id
      where task_assignees.principal_id = offboardings.user_id and task_assignees.open
        and tasks.kind = 'approval' and tasks.status = 'open'
  )`

/** Ends those that are over, so many at most, and tells who began them. */
export function finishSome(ctx: Context, most: number): Promise<{ found: number; done: number }> {
  return ctx.db.transaction().execute(async (tx) => {
    const over = await tx
      .selectFrom('offboardings')
      .selectAll()
      .where('status', '=', 'running')
      .where(isOver)
      .limit(most)
      .forUpdate()
      .skipLocked()
      .execute()
    if (over.length > 0) await finish(tx, ctx.clock(), over)
    return { found: over.length, done: over.length }
  })
}

async function finish(tx: Transaction<Tables>, now: number, over: readonly OffboardingRow[]): Promise<void> {
  await tx
    .updateTable('offboardings')
    .set({ status: 'done', finished_at: new Date(now) })
    .where(
      'id',
      'in',
      over.map(({ id }) => id),
    )
    .execute()
  const users = await findUsers(
    tx,
    over.map(({ user_id }) => user_id),
  )
  const events: NewEvent[] = []
  const notices: NewNotice[] = []
  for (const { id, user_id, started_by } of over) {
    const user = users.get(user_id)
    if (!user) continue
    const { email, given_name, family_name } = user
    events.push({
      type: 'OFFBOARDING_FINISHED',
      actor: system,
      targets: [
        { type: 'OFFBOARDING', data: { id } },
        { type: 'USER', data: { id: user_id, email, given_name, family_name } },
      ],
      metadata: { text: `All access of ${nameOf(user)} has ended.` },
    })
    notices.push({
      kind: 'offboarding_finished',
      to: started_by.type === 'USER' ? started_by.id : administrators,
      data: { who: nameOf(user), link: `/offboardings/${id}` },
    })
  }
  await appendEvents(tx, now, events)
  await enqueueNotices(tx, now, notices)
}
