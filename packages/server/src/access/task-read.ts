/** Tasks as the API answers them. */
import type { TaskRead } from '@keyhook/contract/api/task.ts'
import type { Kysely } from 'kysely'
import { type Caller, mayAdminister } from '../apps/caller.ts'
import { findPrincipals, findUsers, nameOf, readPerson } from '../apps/people.ts'
import type { Context } from '../context.ts'
import type { Tables } from '../db/schema.ts'
import { composePayload } from './call-payload.ts'
import { asRequest, type RequestRow, type TaskRow } from './request-store.ts'

export function tasksOf(db: Kysely<Tables>, requestId: string): Promise<TaskRow[]> {
  return db.selectFrom('tasks').selectAll().where('request_id', '=', requestId).orderBy('id').execute()
}

type Db = Pick<Context, 'db'>

/** Tasks in the order of the rows, without their payloads. */
export async function readTasks({ db }: Db, caller: Caller, rows: readonly TaskRow[]): Promise<TaskRead[]> {
  if (rows.length === 0) return []
  const idsOf = (pick: (row: TaskRow) => string) => [...new Set(rows.map(pick))]
  const requests = (
    await db
      .selectFrom('access_requests')
      .selectAll()
      .where(
        'id',
        'in',
        idsOf((row) => row.request_id),
      )
      .execute()
  ).map(asRequest)
  const apps = await db
    .selectFrom('apps')
    .select(['id', 'name', 'icon'])
    .where(
      'id',
      'in',
      idsOf((row) => row.app_id),
    )
    .execute()
  const permissions = await db
    .selectFrom('permissions')
    .select(['id', 'label', 'value'])
    .where('id', 'in', [...new Set(rows.flatMap((row) => row.permission_ids)), ''])
    .execute()
  const assignees = await db
    .selectFrom('task_assignees')
    .selectAll()
    .where(
      'task_id',
      'in',
      idsOf((row) => row.id),
    )
    .execute()
  const deliveries = await db
    .selectFrom('deliveries')
    .select(['id', 'status', 'outcome', 'finished_at'])
    .where('id', 'in', [...new Set(rows.flatMap((row) => row.delivery_id ?? [])), ''])
    .execute()
  const principals = await findPrincipals(
    db,
    assignees.map(({ principal_id }) => principal_id),
  )
  const users = await findUsers(db, [
    ...requests.flatMap((row) => [row.requester_id, row.target_user_id]),
    ...rows.flatMap((row) => row.completed_by ?? []),
  ])
  return rows.map((row) => {
    const request = requests.find(({ id }) => id === row.request_id)
    const delivery = deliveries.find(({ id }) => id === row.delivery_id)
    const to = assignees.filter(({ task_id }) => task_id === row.id)
    const decision = delivery?.outcome?.status === 'succeeded' ? delivery.outcome.decision : null
    const doer = row.completed_by === null ? undefined : users.get(row.completed_by)
    return {
      id: row.id,
      kind: row.kind,
      status: row.status,
      access_request_id: row.request_id,
      grant_id: null,
      app: apps.find(({ id }) => id === row.app_id) ?? { id: row.app_id, name: '', icon: null },
      permissions: row.permission_ids.flatMap((id) => permissions.find((known) => known.id === id) ?? []),
      requester: readPerson(request && users.get(request.requester_id)),
      target_user: readPerson(request && users.get(request.target_user_id)),
      business_justification: request?.business_justification ?? '',
      access_length_seconds: request?.state.accessLengthSeconds ?? null,
      assignees: to.flatMap(({ principal_id }) => principals.get(principal_id) ?? []),
      fallback: row.fallback,
      step: row.step,
      reason: row.reason,
      delivery: delivery
        ? {
            id: delivery.id,
            status: delivery.status,
            decision,
            late_success:
              decision === true && (delivery.finished_at?.getTime() ?? 0) > row.created_at.getTime(),
          }
        : null,
      payload: null,
      allowed: request ? allowedFor(caller, row, request, to) : [],
      created_at: row.created_at.toISOString(),
      completed_at: row.completed_at?.toISOString() ?? null,
      completed_by: doer ? nameOf(doer) : row.completed_by,
      comment: row.comment,
    }
  })
}

/** One task with the payload that was or would have been sent, for those who do it by hand. */
export async function readTask(
  ctx: Pick<Context, 'db' | 'clock' | 'baseUrl'>,
  caller: Caller,
  row: TaskRow,
): Promise<TaskRead> {
  const [task] = await readTasks(ctx, caller, [row])
  if (!task) throw new Error('a task cannot be read')
  if (row.kind === 'approval') return task
  const kind = row.kind === 'confirm_provisioning' ? 'provisioning' : 'deprovisioning'
  const payload = await composePayload(ctx, {
    kind,
    request_id: row.request_id,
    permission_ids: row.permission_ids,
  })
  return { ...task, payload }
}

export function isAssigned(
  caller: Caller,
  assignees: readonly { principal_id: string; open: boolean }[],
): boolean {
  return assignees.some(({ principal_id, open }) => open && caller.principalIds.includes(principal_id))
}

function allowedFor(
  caller: Caller,
  row: TaskRow,
  request: RequestRow,
  assignees: readonly { principal_id: string; open: boolean }[],
): TaskRead['allowed'] {
  if (row.status !== 'open') return []
  if (row.kind === 'approval') {
    const own = [request.requester_id, request.target_user_id].includes(caller.userId ?? '')
    return !own && (caller.admin || isAssigned(caller, assignees)) ? ['approve', 'deny'] : []
  }
  return mayAdminister(caller, row.app_id) || isAssigned(caller, assignees)
    ? ['done', 'not_done', 'send_again']
    : []
}
