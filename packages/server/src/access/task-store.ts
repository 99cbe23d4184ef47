import type { TaskKind, TaskStatus } from '@keyhook/contract/access-words.ts'
import type { TaskRead } from '@keyhook/contract/api/task.ts'
import type { Transaction } from 'kysely'
import type { Tables } from '../db/schema.ts'
import { newId } from '../lib/ids.ts'
import type { RequestRow } from './request-store.ts'

/** Who did a task, and how it ended. */
export type Completion = { status: TaskStatus; by: string | null; comment: string | null }

export type NewTask = {
  kind: TaskKind
  request: RequestRow
  permissionIds: readonly string[]
  assigneeIds: readonly string[]
  reason: TaskRead['reason']
  fallback: string | null
  step: TaskRead['step']
  deliveryId: string | null
}

export async function insertTask(tx: Transaction<Tables>, now: number, task: NewTask): Promise<void> {
  const id = newId('tsk', now)
  await tx
    .insertInto('tasks')
    .values({
      id,
      kind: task.kind,
      status: 'open',
      request_id: task.request.id,
      app_id: task.request.app_id,
      permission_ids: JSON.stringify(task.permissionIds),
      reason: JSON.stringify(task.reason),
      fallback: task.fallback,
      step: JSON.stringify(task.step),
      delivery_id: task.deliveryId,
      created_at: new Date(now),
      completed_at: null,
      completed_by: null,
      comment: null,
    })
    .execute()
  const assignees = [...new Set(task.assigneeIds)].map((principal_id) => ({
    task_id: id,
    principal_id,
    open: true,
  }))
  await tx.insertInto('task_assignees').values(assignees).execute()
}

/** Closes the open tasks of a request about these permissions; null: all of them. */
export async function closeTasks(
  tx: Transaction<Tables>,
  requestId: string,
  permissionIds: readonly string[] | null,
  at: Date,
  completion: Completion | null,
): Promise<void> {
  const open = await tx
    .selectFrom('tasks')
    .select(['id', 'permission_ids'])
    .where('request_id', '=', requestId)
    .where('status', '=', 'open')
    .execute()
  const ids = open
    .filter((task) => permissionIds === null || task.permission_ids.some((id) => permissionIds.includes(id)))
    .map(({ id }) => id)
  if (ids.length === 0) return
  await tx
    .updateTable('tasks')
    .set({
      status: completion?.status ?? 'closed',
      completed_at: at,
      completed_by: completion?.by ?? null,
      comment: completion?.comment ?? null,
    })
    .where('id', 'in', ids)
    .execute()
  await tx.updateTable('task_assignees').set({ open: false }).where('task_id', 'in', ids).execute()
}
