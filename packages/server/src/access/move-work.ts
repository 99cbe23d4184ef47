/** Works out one move, without writing anything. */
import { type Actor, system } from '../events/event.ts'
import { newId } from '../lib/ids.ts'
import { notFound } from '../lib/problem-error.ts'
import type { MoveFacts } from './move-facts.ts'
import type { MoveJob, SubmitJob } from './move-job.ts'
import { noWrites } from './move-writes.ts'
import { illegal } from './request-conflicts.ts'
import { submit } from './request-machine.ts'
import { planValidation } from './request-plans.ts'
import { IllegalMove } from './request-state.ts'
import type { RequestRow } from './request-store.ts'
import { carryOut, carryOutMoved } from './request-work.ts'
import type { Completion } from './task-store.ts'
import { tell, type Work, type WorkParts } from './work.ts'

export type MoveParts = WorkParts & { now: number }

/** Throws what is wrong with the request. */
export async function submitWork(parts: MoveParts, facts: MoveFacts, job: SubmitJob): Promise<Work> {
  const { actor } = job.options
  const wanted = job.make(facts)
  const { draft } = wanted
  const setup = facts.setupOf({ app_id: wanted.appId })
  if (setup.app.archived_at) throw notFound('app')
  const moved = submit(draft, draft.extension ? [] : planValidation(setup, draft.permissionIds))
  const at = new Date(parts.now)
  const request: RequestRow = {
    id: newId('req', parts.now),
    app_id: wanted.appId,
    requester_id: wanted.requesterId,
    target_user_id: wanted.targetUserId,
    status: 'validating',
    state: moved.state,
    business_justification: wanted.justification,
    custom_fields: wanted.customFields,
    rejection: null,
    denial: null,
    pre_approved_by: null,
    extends_grant_ids: wanted.extendsGrantIds,
    remind_at: null,
    escalate_at: null,
    created_at: at,
    updated_at: at,
  }
  const work = workOn(parts, facts, request, actor, null)
  tell(work, draft.extension ? 'APP_STORE_REQUEST_EXTENSION' : 'APP_STORE_CREATE_ACCESS_REQUEST')
  await carryOutMoved(parts, work, moved)
  return settled(work)
}

/** null: nothing is to be done. Throws 409 when the move is not possible. */
export async function moveWork(
  parts: MoveParts,
  facts: MoveFacts,
  request: RequestRow,
  { make, options }: MoveJob,
): Promise<Work | null> {
  const { actor = system, told = {}, completion = null, callId } = options
  const event = make(request, facts.grantsOf(request))
  if (event === null) return null
  const work = workOn(parts, facts, request, actor, completion)
  try {
    await carryOut(parts, work, event, told)
  } catch (error) {
    if (!(error instanceof IllegalMove)) throw error
    // An answer that comes when nothing waits for it any more changes nothing.
    if (callId !== undefined) return null
    throw illegal(error)
  }
  return settled(work)
}

function workOn(
  { now }: MoveParts,
  facts: MoveFacts,
  request: RequestRow,
  actor: Actor,
  completion: Completion | null,
): Work {
  const people = facts.peopleOf(request)
  return {
    reads: facts.reads,
    now,
    setup: facts.setupOf(request),
    target: people.target.user,
    people,
    grants: facts.grantsOf(request),
    actor,
    completion,
    request,
    writes: noWrites(),
  }
}

/** Nobody is reminded of what does not wait for them. */
function settled(work: Work): Work {
  if (work.request.status !== 'awaiting_approval')
    work.request = { ...work.request, remind_at: null, escalate_at: null }
  return work
}
