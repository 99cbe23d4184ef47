import type { TaskKind, TaskStatus } from '@keyhook/contract/access-words.ts'
import type { TaskRead } from '@keyhook/contract/api/task.ts'
import { sql, type Transaction } from 'kysely'
import type { Tables } from '../db/schema.ts'
import { newId } from '../lib/ids.ts'
import type { Closing, MoveWrites } from './move-writes.ts'
import type { RequestRow, TaskRow } from './request-store.ts'

/** Who did a task, and how it ended. */
export type Completion = { status: TaskStatus; by: string | null; comment: string | null }

export type NewTask = {
  kind: TaskKind
  request: RequestRow
  permissionIds: readonly string[]
  reason: TaskRead['reason']
  fallback: string | null
  step: TaskRead['step']
  deliveryId: string | null
}

export function newTask(now: number, task: NewTask): TaskRow {
  return {
    id: newId('tsk', now),
    kind: task.kind,
    status: 'open',
    request_id: task.request.id,
    app_id: task.request.app_id,
    permission_ids: [...task.permissionIds],
    reason: task.reason,
    fallback: task.fallback,
    step: task.step,
    delivery_id: task.deliveryId,
    created_at: new Date(now),
    completed_at: null,
    completed_by: null,
    comment: null,
  }
}

export async function insertTasks(tx: Transaction<Tables>, tasks: MoveWrites['tasks']): Promise<void> {
  if (tasks.length === 0) return
  await tx
    .insertInto('tasks')
    .values(
      tasks.map(({ row }) => ({
        ...row,
        permission_ids: JSON.stringify(row.permission_ids),
        reason: JSON.stringify(row.reason),
        step: JSON.stringify(row.step),
      })),
    )
    .execute()
  const assignees = tasks.flatMap(({ row, assigneeIds }) =>
    [...new Set(assigneeIds)].map((principal_id) => ({ task_id: row.id, principal_id, open: true })),
  )
  await tx.insertInto('task_assignees').values(assignees).execute()
}

/** Closes open tasks, as done by those who did them. */
export async function closeTasks(
  tx: Transaction<Tables>,
  closings: readonly Closing[],
  at: Date,
): Promise<void> {
  if (closings.length === 0) return
  const open = await tx
    .selectFrom('tasks')
    .select(['id', 'request_id', 'permission_ids'])
    .where(
      'request_id',
      'in',
      closings.map(({ requestId }) => requestId),
    )
    .where('status', '=', 'open')
    .execute()
  const ended = open.flatMap((task) => {
    const closing = closings.find(
      ({ requestId, permissionIds }) =>
        requestId === task.request_id &&
        (permissionIds === null || task.permission_ids.some((id) => permissionIds.includes(id))),
    )
    return closing ? [{ id: task.id, completion: closing.completion }] : []
  })
  if (ended.length === 0) return
  const rows = ended.map(
    ({ id, completion }) =>
      sql`(${id}::text, ${completion?.status ?? 'closed'}::text, ${completion?.by ?? null}::text, ${completion?.comment ?? null}::text)`,
  )
  await sql`
    update tasks set status = ended.status, completed_at = ${at}, completed_by = ended.by, comment = ended.comment
    from (values ${sql.join(rows)}) as ended (id, status, by, comment) where tasks.id = ended.id`.execute(tx)
  await tx
    .updateTable('task_assignees')
    .set({ open: false })
    .where(
      'task_id',
      'in',
      ended.map(({ id }) => id),
    )
    .execute()
}

/** These principals have decided: the open approvals of these requests do not wait for them any more. */
export async function markDecided(tx: Transaction<Tables>, decided: MoveWrites['decided']): Promise<void> {
  for (const { requestId, principalId } of decided) {
    await tx
      .updateTable('task_assignees')
      .set({ open: false })
      .where('principal_id', '=', principalId)
      .where('task_id', 'in', (query) =>
        query
          .selectFrom('tasks')
          .select('id')
          .where('request_id', '=', requestId)
          .where('status', '=', 'open'),
      )
      .execute()
  }
}

/** Open approvals of these requests may be decided by these principals too. */
export async function addApprovers(
  tx: Transaction<Tables>,
  escalations: MoveWrites['escalations'],
): Promise<void> {
  for (const { requestId, principalId } of escalations) {
    await tx
      .insertInto('task_assignees')
      .columns(['task_id', 'principal_id', 'open'])
      .expression((query) =>
        query
          .selectFrom('tasks')
          .select((select) => ['id', select.val(principalId).as('principal_id'), select.lit(true).as('open')])
          .where('request_id', '=', requestId)
          .where('kind', '=', 'approval')
          .where('status', '=', 'open'),
      )
      .onConflict((conflict) => conflict.doNothing())
      .execute()
  }
}
