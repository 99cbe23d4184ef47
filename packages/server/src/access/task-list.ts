import type { TaskKind, TaskStatus } from '@keyhook/contract/access-words.ts'
import type { Caller } from '../apps/caller.ts'
import { newestOf } from '../apps/merged-lists.ts'
import type { Context } from '../context.ts'
import type { TaskRow } from './request-store.ts'

export type TaskFilter = {
  assigned: 'me' | 'any'
  status: TaskStatus
  kind: TaskKind | undefined
  appId: string | undefined
  after: string | null
  limit: number
}

/** Tasks that the caller may see, the newest first; one more than `limit` when there are more. */
export async function listTasks(
  { db }: Pick<Context, 'db'>,
  caller: Caller,
  { assigned, status, kind, appId, after, limit }: TaskFilter,
): Promise<TaskRow[]> {
  let all = db
    .selectFrom('tasks')
    .select('tasks.id')
    .where('tasks.status', '=', status)
    .orderBy('tasks.id', 'desc')
    .limit(limit + 1)
  if (kind !== undefined) all = all.where('tasks.kind', '=', kind)
  if (appId !== undefined) all = all.where('tasks.app_id', '=', appId)
  if (after !== null) all = all.where('tasks.id', '<', after)

  const assignedTo = (principalId: string) => {
    const mine = all
      .innerJoin('task_assignees', 'task_assignees.task_id', 'tasks.id')
      .where('task_assignees.principal_id', '=', principalId)
    return (status === 'open' ? mine.where('task_assignees.open', '=', true) : mine).execute()
  }
  const looks = () => {
    if (assigned === 'any' && caller.admin) return [all.execute()]
    const mine = caller.principalIds.map(assignedTo)
    if (assigned === 'me') return mine
    return [...mine, ...caller.adminOf.map((id) => all.where('tasks.app_id', '=', id).execute())]
  }
  const ids = await newestOf(looks(), limit)
  if (ids.length === 0) return []
  return db.selectFrom('tasks').selectAll().where('id', 'in', ids).orderBy('id', 'desc').execute()
}
