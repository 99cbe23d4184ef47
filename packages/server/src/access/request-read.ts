/** Access requests as the API answers them. */
import type {
  AccessRequestRead,
  AccessRequestSummary,
  TimelineEntry,
} from '@keyhook/contract/api/access-request.ts'
import { type Caller, mayAdminister } from '../apps/caller.ts'
import { findPrincipals, findUsers, nameOf, readPerson } from '../apps/people.ts'
import type { Context } from '../context.ts'
import { eventsOfRequest, readPublished } from '../events/event-store.ts'
import { labelOfEventType } from '../events/event-types.ts'
import { readGrants } from './grant-read.ts'
import { allowedIn } from './request-conflicts.ts'
import { grantsOf, type RequestRow } from './request-store.ts'
import { readTasks, tasksOf } from './task-read.ts'

type Db = Pick<Context, 'db'>

/** Requests in short, in the order of the rows. */
export async function readSummaries(
  { db }: Db,
  rows: readonly RequestRow[],
): Promise<AccessRequestSummary[]> {
  if (rows.length === 0) return []
  const users = await findUsers(
    db,
    rows.flatMap((row) => [row.requester_id, row.target_user_id]),
  )
  const apps = await db
    .selectFrom('apps')
    .select(['id', 'name', 'icon'])
    .where('id', 'in', [...new Set(rows.map((row) => row.app_id))])
    .execute()
  const permissions = await db
    .selectFrom('permissions')
    .select(['id', 'label', 'value'])
    .where('id', 'in', [...new Set(rows.flatMap((row) => row.state.permissionIds)), ''])
    .execute()
  const names = await findPrincipals(
    db,
    rows.flatMap((row) => (row.status === 'awaiting_approval' ? currentApprovers(row) : [])),
  )
  return rows.map((row) => ({
    id: row.id,
    status: row.status,
    app: apps.find(({ id }) => id === row.app_id) ?? { id: row.app_id, name: '', icon: null },
    permissions: row.state.permissionIds.flatMap((id) => permissions.find((known) => known.id === id) ?? []),
    requester: readPerson(users.get(row.requester_id)),
    target_user: readPerson(users.get(row.target_user_id)),
    extension: row.state.extension,
    access_length_seconds: row.state.accessLengthSeconds,
    waiting_for: waitingFor(row, (id) => names.get(id)?.name ?? 'somebody who is gone'),
    created_at: row.created_at.toISOString(),
    updated_at: row.updated_at.toISOString(),
  }))
}

function currentApprovers({ state }: RequestRow): readonly string[] {
  const step = state.steps?.[state.step]
  if (!step) return []
  return [...step.approverIds.filter((id) => !step.approvedBy.includes(id)), ...step.escalatedTo]
}

/** Who has to act, in words. */
function waitingFor(row: RequestRow, nameOf: (id: string) => string): string | null {
  switch (row.status) {
    case 'validating':
      return 'The checks of the app'
    case 'pre_approving':
      return 'The pre-approval rules of the app'
    case 'awaiting_approval': {
      const names = [...new Set(currentApprovers(row).map(nameOf))]
      const last = names.pop()
      const joiner = row.state.steps?.[row.state.step]?.mode === 'all' ? 'and' : 'or'
      if (last === undefined) return null
      return names.length === 0 ? last : `${names.join(', ')} ${joiner} ${last}`
    }
    case 'provisioning':
      return 'The system that gives the access'
    case 'deprovisioning':
      return 'The system that removes the access'
    case 'awaiting_confirmation':
    case 'awaiting_removal':
      return 'The app admins'
    default:
      return null
  }
}

/** One request whole, as this caller may see it. */
export async function readRequest(ctx: Db, caller: Caller, row: RequestRow): Promise<AccessRequestRead> {
  const [summary] = await readSummaries(ctx, [row])
  if (!summary) throw new Error('a request has no summary')
  const grants = await grantsOf(ctx.db, [row.id])
  const tasks = await tasksOf(ctx.db, row.id)
  const events = await eventsOfRequest(ctx, row.id)
  const denier = row.denial && (await findUsers(ctx.db, [row.denial.by])).get(row.denial.by)
  const ends = grants.flatMap(({ expires_at }) => expires_at ?? [])
  return {
    ...summary,
    business_justification: row.business_justification,
    custom_fields: row.custom_fields,
    rejection: row.rejection,
    denial: row.denial && { ...row.denial, by: denier ? nameOf(denier) : row.denial.by },
    pre_approved_by: row.pre_approved_by,
    extends_grant_ids: row.extends_grant_ids,
    expires_at: ends.sort((left, right) => left.getTime() - right.getTime())[0]?.toISOString() ?? null,
    timeline: events.map((event) => readTimelineEntry(event, caller, row)),
    grants: await readGrants(ctx, grants),
    tasks: await readTasks(ctx, caller, tasks),
    allowed: allowedFor(caller, row),
  }
}

type ToldEvent = Awaited<ReturnType<typeof eventsOfRequest>>[number]

/** What a failed webhook is explained with, and its delivery, are for those who run it. */
function readTimelineEntry(event: ToldEvent, caller: Caller, { app_id }: RequestRow): TimelineEntry {
  const { event_metadata: metadata, actor } = readPublished(event)
  const told = (member: string) =>
    typeof metadata[member] === 'string' ? (metadata[member] as string) : null
  const text = told('text')
  const technical = text?.startsWith('The webhook failed') === true && !mayAdminister(caller, app_id)
  const { given_name, family_name, email } = actor.actor_data as Record<string, string | undefined>
  return {
    at: event.began_at.toISOString(),
    event_id: event.id,
    event_type: event.type,
    text: [labelOfEventType(event.type), text].flatMap((part) => part ?? []).join('. '),
    message: technical ? null : (told('success_message') ?? told('error_message')),
    outcome: event.outcome,
    actor: `${given_name ?? ''} ${family_name ?? ''}`.trim() || email || 'Keyhook',
    delivery_id: caller.admin ? told('delivery_id') : null,
  }
}

/** Whether the request is there for this caller: it is by or for them, about their app, or theirs to decide. */
export async function maySee({ db }: Db, caller: Caller, row: RequestRow): Promise<boolean> {
  if (mayAdminister(caller, row.app_id)) return true
  if (caller.userId === row.requester_id || caller.userId === row.target_user_id) return true
  if (caller.principalIds.length === 0) return false
  const assigned = await db
    .selectFrom('tasks')
    .innerJoin('task_assignees', 'task_assignees.task_id', 'tasks.id')
    .select('tasks.id')
    .where('tasks.request_id', '=', row.id)
    .where('task_assignees.principal_id', 'in', [...caller.principalIds])
    .executeTakeFirst()
  return assigned !== undefined
}

export function isOwn(caller: Caller, row: RequestRow): boolean {
  return caller.userId !== null && [row.requester_id, row.target_user_id].includes(caller.userId)
}

/** Whether the caller can decide in the step that waits. */
export function decides(caller: Caller, row: RequestRow): boolean {
  if (isOwn(caller, row)) return false
  return caller.admin || currentApprovers(row).some((id) => caller.principalIds.includes(id))
}

function allowedFor(caller: Caller, row: RequestRow): AccessRequestRead['allowed'] {
  const possible = allowedIn[row.status]
  const allowed: AccessRequestRead['allowed'] = []
  if (possible.includes('approve') && decides(caller, row)) allowed.push('approve', 'deny')
  if (possible.includes('cancel') && mayCancel(caller, row)) allowed.push('cancel')
  if (['rejected', 'denied', 'cancelled', 'ended'].includes(row.status) && isOwn(caller, row))
    allowed.push('request_again')
  return allowed
}

export function mayCancel(caller: Caller, row: RequestRow): boolean {
  return isOwn(caller, row) || mayAdminister(caller, row.app_id)
}
