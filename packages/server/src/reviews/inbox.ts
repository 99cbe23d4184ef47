/** What waits for a person, counted by looks into indexes that hold open work only. */
import type { InboxRead } from '@keyhook/contract/api/access-review.ts'
import { type RawBuilder, sql } from 'kysely'
import type { Caller } from '../apps/caller.ts'
import type { Context } from '../context.ts'

const countedTo = 100

export async function countInbox(
  { db }: Pick<Context, 'db'>,
  { principalIds, userId }: Caller,
): Promise<InboxRead> {
  const self = userId ?? ''
  const open = sql`assignee.principal_id = mine.principal_id and assignee.open`
  /** So many of each principal at most are looked at, however many there are. */
  const count = async (found: RawBuilder<unknown>) => {
    const { rows } = await sql<{ count: string }>`
      select count(distinct found.id) as count
        from unnest(${[...principalIds]}::text[]) as mine (principal_id)
        cross join lateral (${found} limit ${countedTo}) as found`.execute(db)
    return Math.min(Number(rows[0]?.count ?? 0), countedTo)
  }
  return {
    approvals: await count(sql`
      select task.id from task_assignees as assignee
        join tasks as task on task.id = assignee.task_id
        join access_requests as request on request.id = task.request_id
        where ${open} and task.kind = 'approval'
          and request.requester_id <> ${self} and request.target_user_id <> ${self}`),
    confirmations: await count(sql`
      select task.id from task_assignees as assignee join tasks as task on task.id = assignee.task_id
        where ${open} and task.kind <> 'approval'`),
    reviews: await count(sql`
      select item.id from access_review_assignees as assignee
        join access_review_items as item on item.id = assignee.item_id
        join grants on grants.id = item.grant_id
        where ${open} and assignee.user_id <> ${self} and grants.status = 'active'`),
    counted_to: countedTo,
  }
}
