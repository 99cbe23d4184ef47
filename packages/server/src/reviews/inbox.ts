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
  const mine = sql`assignee.principal_id = any(${[...principalIds]}::text[]) and assignee.open`
  const self = userId ?? ''
  const count = async (found: RawBuilder<{ id: string }>) => {
    const { rows } = await sql<{ count: string }>`
      select count(*) as count from (select distinct id from (${found}) as found limit ${countedTo}) as counted`.execute(
      db,
    )
    return Number(rows[0]?.count ?? 0)
  }
  return {
    approvals: await count(sql`
      select task.id from task_assignees as assignee
        join tasks as task on task.id = assignee.task_id
        join access_requests as request on request.id = task.request_id
        where ${mine} and task.kind = 'approval'
          and request.requester_id <> ${self} and request.target_user_id <> ${self}`),
    confirmations: await count(sql`
      select task.id from task_assignees as assignee join tasks as task on task.id = assignee.task_id
        where ${mine} and task.kind <> 'approval'`),
    reviews: await count(sql`
      select item.id from access_review_assignees as assignee
        join access_review_items as item on item.id = assignee.item_id
        join grants on grants.id = item.grant_id
        where ${mine} and assignee.user_id <> ${self} and grants.status = 'active'`),
    counted_to: countedTo,
  }
}
