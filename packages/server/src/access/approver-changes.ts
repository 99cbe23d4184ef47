/** Approvers who cannot decide any more: the step that waits for them is planned again, as the app is set up now. */
import { findSetup } from '../apps/app-store.ts'
import type { Context } from '../context.ts'
import { planApproval } from './approvers.ts'
import { approversOf } from './directory-facts.ts'
import type { Moves } from './request-moves.ts'
import { planSteps } from './request-plans.ts'
import { findRequest } from './request-store.ts'

const batch = 200

/** Requests whose approval waits for somebody who was deactivated since the step was asked. */
export async function replanVanished(ctx: Context, moves: Moves): Promise<void> {
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
  for (const { request_id } of waiting) await replan(ctx, moves, request_id)
}

async function replan(ctx: Context, moves: Moves, requestId: string): Promise<void> {
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
    return waits && String(current.approverIds) !== String(next.approverIds)
      ? { type: 'approvers_changed', step: next }
      : null
  })
}
