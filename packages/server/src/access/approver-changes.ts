/** Approvers who cannot decide any more: the step that waits for them is planned again, as the app is set up now. */
import { sql } from 'kysely'
import { findSetup } from '../apps/app-store.ts'
import type { Context } from '../context.ts'
import { planApproval } from './approvers.ts'
import { approversOf } from './directory-facts.ts'
import type { Moves } from './request-moves.ts'
import { planSteps } from './request-plans.ts'
import { findRequest } from './request-store.ts'

const batch = 200

/** Requests whose approval waits for somebody who was deactivated since the step was asked, or for a group without anybody. */
export async function replanVanished(ctx: Context, moves: Moves): Promise<void> {
  for (const id of await waitingForUsers(ctx)) await replan(ctx, moves, id)
  for (const id of await waitingForGroups(ctx)) await replan(ctx, moves, id)
}

/** Requests of an app that wait for somebody who is no app admin of it any more. */
export async function replanAdmins(
  ctx: Context,
  moves: Moves,
  appId: string,
  removed: readonly string[],
): Promise<void> {
  if (removed.length === 0) return
  const waiting = await ctx.db
    .selectFrom('tasks')
    .innerJoin('task_assignees', 'task_assignees.task_id', 'tasks.id')
    .select('tasks.request_id')
    .distinct()
    .where('tasks.app_id', '=', appId)
    .where('tasks.kind', '=', 'approval')
    .where('tasks.status', '=', 'open')
    .where('task_assignees.principal_id', 'in', removed)
    .execute()
  for (const { request_id } of waiting) await replan(ctx, moves, request_id, removed)
}

async function waitingForUsers(ctx: Context): Promise<string[]> {
  const waiting = await ctx.db
    .selectFrom('offboardings')
    .innerJoin('task_assignees', 'task_assignees.principal_id', 'offboardings.user_id')
    .innerJoin('tasks', 'tasks.id', 'task_assignees.task_id')
    .select('tasks.request_id')
    .distinct()
    .where('offboardings.status', '=', 'running')
    .where('task_assignees.open', '=', true)
    .where('tasks.kind', '=', 'approval')
    .where('tasks.status', '=', 'open')
    .limit(batch)
    .execute()
  return waiting.map(({ request_id }) => request_id)
}

/** One step into the index for each group that is asked, however much it is asked about. */
async function waitingForGroups({ db }: Context): Promise<string[]> {
  const { rows } = await sql<{ request_id: string }>`
    with recursive asked (id) as (
      (select min(principal_id) from task_assignees where open and principal_id >= 'grp_' and principal_id < 'grp~')
      union all
      select (select min(principal_id) from task_assignees
        where open and principal_id > asked.id and principal_id < 'grp~') from asked where asked.id is not null
    )
    select distinct tasks.request_id from asked
      join task_assignees on task_assignees.principal_id = asked.id and task_assignees.open
      join tasks on tasks.id = task_assignees.task_id and tasks.kind = 'approval' and tasks.status = 'open'
      where not exists (
        select from group_members join users on users.id = group_members.user_id
        where group_members.group_id = asked.id and users.status = 'active'
      )
      limit ${batch}`.execute(db)
  return rows.map(({ request_id }) => request_id)
}

async function replan(
  ctx: Context,
  moves: Moves,
  requestId: string,
  gone: readonly string[] = [],
): Promise<void> {
  const request = await findRequest(ctx.db, requestId)
  const setup = request && (await findSetup(ctx.db, request.app_id))
  if (!setup || request.state.steps === null) return
  const { requester_id: requesterId, target_user_id: targetId, state } = request
  const known = await approversOf(ctx.db, setup, { requesterId, targetId })
  const planned = planApproval(planSteps(setup, state.permissionIds), known)
  const [step] = planned.length === state.steps?.length ? planned.slice(state.step) : []
  // The app was set up anew meanwhile: its app admins decide, or the administrators.
  const [instead] = planApproval([{ type: 'app_admins', principal_ids: [], mode: 'any' }], known)
  const next = step ?? instead
  if (!next) return
  await moves.move(requestId, (now) => {
    const current = now.state.steps?.[now.state.step]
    const waits = now.status === 'awaiting_approval' && now.state.step === state.step && current
    const differs =
      waits &&
      (String(current.approverIds) !== String(next.approverIds) ||
        current.escalatedTo.some((id) => gone.includes(id)))
    return differs ? { type: 'approvers_changed', step: next, gone } : null
  })
}
