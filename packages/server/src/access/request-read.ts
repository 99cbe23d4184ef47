/** Access requests as the API answers them. */

import type { PrincipalRef } from '@keyhook/contract/api/access-parts.ts'
import type {
  AccessRequestRead,
  AccessRequestSummary,
  TimelineEntry,
} from '@keyhook/contract/api/access-request.ts'
import { type Caller, mayAdminister } from '../apps/caller.ts'
import { findPrincipals } from '../apps/people.ts'
import type { Context } from '../context.ts'
import { readPublished } from '../events/event-store.ts'
import { labelOfEventType } from '../events/event-types.ts'
import { namedInGrants, readGrant } from './grant-read.ts'
import { findNames, type NamedIds, type Names } from './names.ts'
import { allowedIn } from './request-conflicts.ts'
import { requestHistory } from './request-history.ts'
import type { RequestRow } from './request-store.ts'
import { readOneTask, taskFacts } from './task-read.ts'

type Db = Pick<Context, 'db'>

/** Requests in short, in the order of the rows. */
export async function readSummaries(
  { db }: Db,
  rows: readonly RequestRow[],
): Promise<AccessRequestSummary[]> {
  const names = await findNames(db, namedInRequests(rows))
  const principals = await approversIn(db, rows)
  return rows.map((row) => readSummary(row, names, principals))
}

function namedInRequests(rows: readonly RequestRow[]): NamedIds {
  return {
    appIds: rows.map((row) => row.app_id),
    permissionIds: rows.flatMap((row) => row.state.permissionIds),
    userIds: rows.flatMap((row) => [row.requester_id, row.target_user_id]),
  }
}

/** Who is waited for. */
async function approversIn(db: Db['db'], rows: readonly RequestRow[]): Promise<Map<string, PrincipalRef>> {
  const ids = rows.flatMap((row) => (row.status === 'awaiting_approval' ? currentApprovers(row) : []))
  return ids.length === 0 ? new Map() : findPrincipals(db, ids)
}

function readSummary(
  row: RequestRow,
  names: Names,
  principals: ReadonlyMap<string, PrincipalRef>,
): AccessRequestSummary {
  return {
    id: row.id,
    status: row.status,
    app: names.app(row.app_id),
    permissions: names.permissions(row.state.permissionIds),
    requester: names.person(row.requester_id),
    target_user: names.person(row.target_user_id),
    extension: row.state.extension,
    access_length_seconds: row.state.accessLengthSeconds,
    waiting_for: waitingFor(row, (id) => principals.get(id)?.name ?? 'somebody who is gone'),
    created_at: row.created_at.toISOString(),
    updated_at: row.updated_at.toISOString(),
  }
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

export type Viewed = { caller: Caller; row: RequestRow }

/** Requests whole, each as its caller may see it. */
export async function readRequests({ db }: Db, viewed: readonly Viewed[]): Promise<AccessRequestRead[]> {
  const rows = viewed.map(({ row }) => row)
  const ids = [...new Set(rows.map(({ id }) => id))]
  const { grants, tasks, events } = await requestHistory(db, ids)
  const principals = await approversIn(db, rows)
  const facts = await taskFacts(db, rows, tasks)
  const inRequests = namedInRequests(rows)
  const inGrants = namedInGrants(grants)
  const names = await findNames(db, {
    appIds: inRequests.appIds,
    permissionIds: [
      ...inRequests.permissionIds,
      ...inGrants.permissionIds,
      ...tasks.flatMap((task) => task.permission_ids),
    ],
    userIds: [
      ...inRequests.userIds,
      ...rows.flatMap(({ denial }) => denial?.by ?? []),
      ...tasks.flatMap((task) => task.completed_by ?? []),
    ],
  })
  const told = Map.groupBy(events, ({ request_id }) => request_id)
  return viewed.map(({ caller, row }) => {
    const own = grants.filter(({ request_id }) => request_id === row.id)
    const ends = own.flatMap(({ expires_at }) => expires_at?.getTime() ?? [])
    return {
      ...readSummary(row, names, principals),
      business_justification: row.business_justification,
      custom_fields: row.custom_fields,
      rejection: row.rejection,
      denial: row.denial && { ...row.denial, by: names.nameOf(row.denial.by) },
      pre_approved_by: row.pre_approved_by,
      extends_grant_ids: row.extends_grant_ids,
      expires_at: ends.length === 0 ? null : new Date(Math.min(...ends)).toISOString(),
      timeline: (told.get(row.id) ?? []).map((event) => readTimelineEntry(event, caller, row)),
      grants: own.map((grant) => readGrant(grant, names)),
      tasks: tasks
        .filter(({ request_id }) => request_id === row.id)
        .map((task) => readOneTask(caller, task, facts, names)),
      allowed: allowedFor(caller, row),
    }
  })
}

type ToldEvent = Parameters<typeof readPublished>[0]

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
    delivery_id: mayAdminister(caller, app_id) ? told('delivery_id') : null,
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
