/**
 * Moves of requests as transactions: the state, its log entries, tasks, grants and the webhooks to be asked are committed
 * together, so that a crash at any point leaves either all of a move or nothing.
 */
import type { Transaction } from 'kysely'
import { type AppSetup, findSetup } from '../apps/app-store.ts'
import { findUsers } from '../apps/people.ts'
import type { Conditions } from '../conditions/conditions.ts'
import type { Context } from '../context.ts'
import type { Tables } from '../db/schema.ts'
import { type Actor, system } from '../events/event.ts'
import { appendEvents } from '../events/event-store.ts'
import { newId } from '../lib/ids.ts'
import { notFound, ProblemError } from '../lib/problem-error.ts'
import { enqueueNotices } from '../notices/notice-orders.ts'
import type { Telling } from './request-log.ts'
import { submit } from './request-machine.ts'
import { permissionsOf, planValidation } from './request-plans.ts'
import { type Draft, IllegalMove, type RequestEvent } from './request-state.ts'
import { type CallRow, lockRequest, type RequestRow, requestColumns } from './request-store.ts'
import { carryOut, carryOutMoved } from './request-work.ts'
import type { Completion } from './task-store.ts'
import { tell, type Work, type WorkParts } from './work.ts'

export type NewRequest = {
  setup: AppSetup
  requesterId: string
  targetUserId: string
  draft: Draft
  justification: string
  customFields: RequestRow['custom_fields']
  extendsGrantIds: string[]
}

export type MoveOptions = {
  actor?: Actor
  told?: Telling
  completion?: Completion
  /** The call that this is the answer to: it is done with this move, once. */
  callId?: string
}

export type Moves = {
  /** A new request; its webhooks are asked after the commit. Throws 409 when one of its permissions is asked for already. */
  submit(request: NewRequest, actor: Actor): Promise<RequestRow>
  /**
   * Moves a request by the event that `make` gives for its state now; null: nothing is to be done. Throws 404, and 409
   * with the state and what is allowed when the move is illegal.
   */
  move(
    requestId: string,
    make: (request: RequestRow) => RequestEvent | null,
    options?: MoveOptions,
  ): Promise<RequestRow>
}

export type MoveParts = {
  conditions: Conditions
  /** Keeps a call from being taken for one that nobody carries out. */
  reserve(callIds: readonly string[]): void
  release(callIds: readonly string[]): void
  run(calls: readonly CallRow[]): void
  moved(requestId: string): void
}

export function createMoves(ctx: Context, parts: MoveParts): Moves {
  const workParts: WorkParts = {
    conditions: parts.conditions,
    processId: ctx.lease.id,
    taskUrl: (id) => `${ctx.baseUrl()}/requests/${id}`,
  }

  /** Runs `body` in a transaction and asks the webhooks that it wants asked once that is committed. */
  async function committing(
    body: (tx: Transaction<Tables>) => Promise<Work | RequestRow>,
  ): Promise<RequestRow> {
    let calls: CallRow[] = []
    try {
      const request = await ctx.db.transaction().execute(async (tx) => {
        const done = await body(tx)
        if (!('tx' in done)) return done
        calls = done.calls
        parts.reserve(calls.map(({ id }) => id))
        return done.request
      })
      parts.run(calls)
      parts.moved(request.id)
      return request
    } catch (error) {
      parts.release(calls.map(({ id }) => id))
      throw error
    }
  }

  return {
    submit: (wanted, actor) =>
      committing(async (tx) => {
        const { setup, draft } = wanted
        const now = ctx.clock()
        const target = await targetOf(tx, wanted.targetUserId)
        const moved = submit(draft, draft.extension ? [] : planValidation(setup, draft.permissionIds))
        const request: RequestRow = {
          id: newId('req', now),
          app_id: setup.app.id,
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
          created_at: new Date(now),
          updated_at: new Date(now),
        }
        await tx.insertInto('access_requests').values(requestColumns(request)).execute()
        await open(tx, request, setup)
        const work: Work = {
          tx,
          now,
          setup,
          target,
          actor,
          completion: null,
          request,
          events: [],
          calls: [],
          notices: [],
        }
        tell(work, draft.extension ? 'APP_STORE_REQUEST_EXTENSION' : 'APP_STORE_CREATE_ACCESS_REQUEST')
        await carryOutMoved(workParts, work, moved)
        await store(work, request)
        return work
      }),

    move: (requestId, make, { actor = system, told = {}, completion = null, callId } = {}) =>
      committing(async (tx) => {
        const now = ctx.clock()
        const request = await lockRequest(tx, requestId)
        if (!request) throw notFound('access request')
        if (callId !== undefined && !(await endCall(tx, callId, now))) return request
        const event = make(request)
        if (event === null) return request
        const setup = await findSetup(tx, request.app_id)
        if (!setup) throw new Error(`request ${requestId}: its app is gone`)
        const target = await targetOf(tx, request.target_user_id)
        const work: Work = {
          tx,
          now,
          setup,
          target,
          actor,
          completion,
          request,
          events: [],
          calls: [],
          notices: [],
        }
        try {
          await carryOut(workParts, work, event, told)
        } catch (error) {
          if (!(error instanceof IllegalMove)) throw error
          // An answer that comes when nothing waits for it any more changes nothing.
          if (callId !== undefined) return request
          throw conflict(error)
        }
        await store(work, request)
        return work
      }),
  }
}

async function targetOf(tx: Transaction<Tables>, id: string) {
  const target = (await findUsers(tx, [id])).get(id)
  if (!target) throw notFound('user')
  return target
}

/** False when the call was done before. */
async function endCall(tx: Transaction<Tables>, callId: string, now: number): Promise<boolean> {
  const { numUpdatedRows } = await tx
    .updateTable('calls')
    .set({ done_at: new Date(now) })
    .where('id', '=', callId)
    .where('done_at', 'is', null)
    .executeTakeFirst()
  return numUpdatedRows > 0n
}

/** Takes the permissions for this request: who asks twice is told of the first. */
async function open(tx: Transaction<Tables>, request: RequestRow, setup: AppSetup): Promise<void> {
  const { permissionIds, extension } = request.state
  for (const permission_id of permissionIds) {
    const taken = await tx
      .insertInto('open_requests')
      .values({ target_user_id: request.target_user_id, permission_id, extension, request_id: request.id })
      .onConflict((conflict) => conflict.doNothing())
      .executeTakeFirst()
    if (taken.numInsertedOrUpdatedRows) continue
    const first = await tx
      .selectFrom('open_requests')
      .select('request_id')
      .where('target_user_id', '=', request.target_user_id)
      .where('permission_id', '=', permission_id)
      .where('extension', '=', extension)
      .executeTakeFirst()
    const [permission] = permissionsOf(setup, [permission_id])
    throw new ProblemError(
      'already_requested',
      `“${permission?.label ?? permission_id}” is requested or held already: see request ${first?.request_id ?? ''}.`,
    )
  }
}

/** Statuses in which nothing happens any more. */
export const restingForGood = ['rejected', 'denied', 'ended', 'cancelled'] as const

/** Permissions that the request still holds for its target user. */
function heldBy({ status, state }: RequestRow): readonly string[] {
  if ((restingForGood as readonly string[]).includes(status)) return []
  if (state.items.length === 0) return state.permissionIds
  return state.items
    .filter(({ phase }) => phase !== 'not_granted' && phase !== 'removed')
    .map((item) => item.permissionId)
}

async function store({ tx, now, events, calls, notices, ...work }: Work, before: RequestRow): Promise<void> {
  let { request } = work
  if (request.status !== 'awaiting_approval') request = { ...request, remind_at: null, escalate_at: null }
  work.request = request
  const { id, app_id, requester_id, target_user_id, created_at, ...columns } = requestColumns(request)
  await tx.updateTable('access_requests').set(columns).where('id', '=', id).execute()
  const held = heldBy(request)
  if (held.length < heldBy(before).length) {
    await tx
      .deleteFrom('open_requests')
      .where('request_id', '=', id)
      .where('permission_id', 'not in', [...held, ''])
      .execute()
  }
  await appendEvents(tx, now, events)
  await enqueueNotices(tx, now, notices)
  if (calls.length > 0) {
    await tx
      .insertInto('calls')
      .values(calls.map((call) => ({ ...call, permission_ids: JSON.stringify(call.permission_ids) })))
      .execute()
  }
}

/** What can be done with a request in each status. */
export const allowedIn: Readonly<Record<RequestRow['status'], readonly string[]>> = {
  validating: ['cancel'],
  rejected: [],
  pre_approving: ['cancel'],
  awaiting_approval: ['approve', 'deny', 'cancel'],
  denied: [],
  provisioning: [],
  awaiting_confirmation: ['complete_task', 'send_again', 'cancel'],
  active: ['revoke', 'extend'],
  deprovisioning: [],
  awaiting_removal: ['complete_task', 'send_again'],
  ended: [],
  cancelled: [],
}

function conflict({ message, status }: IllegalMove): ProblemError {
  const allowed = allowedIn[status]
  const can =
    allowed.length === 0 ? 'Nothing can be done with it any more.' : `Allowed now: ${allowed.join(', ')}.`
  return new ProblemError('request_state_conflict', `${message} The request is ${status}. ${can}`, {
    state: { status, allowed: [...allowed] },
  })
}
