/** Tasks as the API answers them. */
import type { PrincipalRef } from '@keyhook/contract/api/access-parts.ts'
import type { TaskRead } from '@keyhook/contract/api/task.ts'
import type { Kysely } from 'kysely'
import { type Caller, mayAdminister } from '../apps/caller.ts'
import { findPrincipals } from '../apps/people.ts'
import type { Context } from '../context.ts'
import type { Tables } from '../db/schema.ts'
import type { DeliveryRow } from '../deliveries/delivery-store.ts'
import { composePayload } from './call-payload.ts'
import { findNames, type Names } from './names.ts'
import { findRequests, type RequestRow, type TaskRow } from './request-store.ts'

type Assignee = { task_id: string; principal_id: string; open: boolean }

/** Tasks with what is read together with them. */
export type TaskFacts = {
  requests: ReadonlyMap<string, RequestRow>
  assignees: ReadonlyMap<string, Assignee[]>
  principals: ReadonlyMap<string, PrincipalRef>
  deliveries: ReadonlyMap<string, Pick<DeliveryRow, 'id' | 'status' | 'outcome' | 'finished_at'>>
}

type Db = Pick<Context, 'db'>

/** Tasks in the order of the rows, without their payloads. */
export async function readTasks({ db }: Db, caller: Caller, rows: readonly TaskRow[]): Promise<TaskRead[]> {
  if (rows.length === 0) return []
  const requests = await findRequests(
    db,
    rows.map((row) => row.request_id),
  )
  const facts = await taskFacts(db, requests, rows)
  const names = await findNames(db, {
    appIds: rows.map((row) => row.app_id),
    permissionIds: rows.flatMap((row) => row.permission_ids),
    userIds: [
      ...requests.flatMap((row) => [row.requester_id, row.target_user_id]),
      ...rows.flatMap((row) => row.completed_by ?? []),
    ],
  })
  return rows.map((row) => readOneTask(caller, row, facts, names))
}

export async function taskFacts(
  db: Kysely<Tables>,
  requests: readonly RequestRow[],
  rows: readonly TaskRow[],
): Promise<TaskFacts> {
  const known = new Map(requests.map((request) => [request.id, request]))
  if (rows.length === 0)
    return { requests: known, assignees: new Map(), principals: new Map(), deliveries: new Map() }
  const assignees = await db
    .selectFrom('task_assignees')
    .selectAll()
    .where(
      'task_id',
      'in',
      rows.map(({ id }) => id),
    )
    .execute()
  const deliveries = await db
    .selectFrom('deliveries')
    .select(['id', 'status', 'outcome', 'finished_at'])
    .where('id', 'in', [...new Set(rows.flatMap((row) => row.delivery_id ?? [])), ''])
    .execute()
  return {
    requests: known,
    assignees: Map.groupBy(assignees, ({ task_id }) => task_id),
    principals: await findPrincipals(
      db,
      assignees.map(({ principal_id }) => principal_id),
    ),
    deliveries: new Map(deliveries.map((delivery) => [delivery.id, delivery])),
  }
}

export function readOneTask(caller: Caller, row: TaskRow, facts: TaskFacts, names: Names): TaskRead {
  const request = facts.requests.get(row.request_id)
  const delivery = facts.deliveries.get(row.delivery_id ?? '')
  const to = facts.assignees.get(row.id) ?? []
  const decision = delivery?.outcome?.status === 'succeeded' ? delivery.outcome.decision : null
  const late = (delivery?.finished_at?.getTime() ?? 0) > row.created_at.getTime()
  return {
    id: row.id,
    kind: row.kind,
    status: row.status,
    access_request_id: row.request_id,
    grant_id: null,
    app: names.app(row.app_id),
    permissions: names.permissions(row.permission_ids),
    requester: names.person(request?.requester_id),
    target_user: names.person(request?.target_user_id),
    business_justification: request?.business_justification ?? '',
    access_length_seconds: request?.state.accessLengthSeconds ?? null,
    assignees: to.flatMap(({ principal_id }) => facts.principals.get(principal_id) ?? []),
    fallback: row.fallback,
    step: row.step,
    reason: row.reason,
    delivery: delivery
      ? { id: delivery.id, status: delivery.status, decision, late_success: decision === true && late }
      : null,
    payload: null,
    allowed: request ? allowedFor(caller, row, request, to) : [],
    created_at: row.created_at.toISOString(),
    completed_at: row.completed_at?.toISOString() ?? null,
    completed_by: row.completed_by && names.nameOf(row.completed_by),
    comment: row.comment,
  }
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
