import {
  accessRequestApprove,
  accessRequestCreate,
  accessRequestDeny,
  accessRequestListQuery,
  accessRequestPage,
  accessRequestRead,
} from '@keyhook/contract/api/access-request.ts'
import { emptyBody } from '@keyhook/contract/api/list.ts'
import type { FastifyReply, FastifyRequest } from 'fastify'
import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod'
import { z } from 'zod'
import { type Caller, callerOf } from '../apps/caller.ts'
import type { Context } from '../context.ts'
import { actorOf } from '../events/event.ts'
import { decodeCursor, toPage } from '../http/cursor.ts'
import { creationHeaders, creationProblems } from '../http/make-once.ts'
import { preferredWait } from '../http/prefer.ts'
import { principalOf } from '../http/principal.ts'
import { problems } from '../http/problem-responses.ts'
import { notFound, ProblemError, validationFailed } from '../lib/problem-error.ts'
import type { Access } from './access.ts'
import { isWithin } from './approval-moves.ts'
import type { RequestFacts } from './request-facts.ts'
import { readRequest, requestInput } from './request-input.ts'
import { listRequests } from './request-list.ts'
import { decides, isOwn, mayCancel, maySee, readSummaries } from './request-read.ts'
import type { RequestEvent } from './request-state.ts'
import { findRequest, type RequestRow } from './request-store.ts'
import { submitOnce } from './submit-once.ts'

const tags = ['Access requests']
const params = z.object({ id: z.string().max(100) })
const headers = z.looseObject({
  prefer: z.string().optional().describe('`wait=n`, in seconds: wait so long until it rests'),
})

/** Ask for access, and decide about it. */
export function requestRoutes(ctx: Context, access: Access): FastifyPluginAsyncZod {
  const { moves, waits, reads, conditions } = access

  async function answer(request: FastifyRequest, reply: FastifyReply, caller: Caller, row: RequestRow) {
    const wait = preferredWait(request)
    if (wait === null) return reads.request({ caller, row })
    reply.header('preference-applied', `wait=${wait}`)
    return reads.request({ caller, row: await waits.untilResting(row, wait * 1000) })
  }

  async function seen(request: FastifyRequest, id: string) {
    const caller = await callerOf(ctx, principalOf(request))
    const row = await findRequest(ctx.db, id)
    if (!row || !(await maySee(ctx, caller, row))) throw notFound('access request')
    return { caller, row }
  }

  /** Decides in the name of the caller. */
  async function decide(
    request: FastifyRequest,
    reply: FastifyReply,
    id: string,
    event: (by: string, as: readonly string[]) => RequestEvent,
    done: { status: 'approved' | 'denied'; comment: string | null },
    length?: number | null,
  ) {
    const { caller, row } = await seen(request, id)
    const { principal } = caller
    if (isOwn(caller, row))
      throw new ProblemError('own_request', 'Somebody else has to decide about a request by or for you.')
    if (row.status === 'awaiting_approval' && !decides(caller, row))
      throw notFound('decision of yours about it')
    if (length !== undefined && !isWithin(length, row.state.accessLengthSeconds))
      throw validationFailed([
        {
          pointer: '/access_length_seconds',
          detail: `At most what was asked for: ${row.state.accessLengthSeconds} seconds.`,
        },
      ])
    const by = caller.userId ?? principal.name
    const moved = await moves.move(row.id, () => event(by, caller.principalIds), {
      actor: actorOf(principal),
      told: { message: done.comment },
      completion: { status: done.status, by, comment: done.comment },
    })
    return answer(request, reply, caller, moved)
  }

  return async (app) => {
    app.post(
      '/access-requests',
      {
        // Every member is named when it is read; checking them again by the schema costs more than the rest of the answer.
        serializerCompiler: () => (made) => JSON.stringify(made),
        schema: {
          operationId: 'createAccessRequest',
          summary: 'Ask for access',
          description:
            'Answers 201 with the request as it stands. With `Prefer: wait=n` it waits up to n seconds (at most 60) until ' +
            'only a person can move it on: a refusal by request validation then reads as status `rejected` with the ' +
            "receiver's message. A program names the requester.\n\n" +
            '`Idempotency-Key`: the same request with the same key gets the request that the first one made.',
          tags,
          headers: creationHeaders.extend(headers.shape),
          body: accessRequestCreate,
          response: {
            201: accessRequestRead,
            ...problems(
              ...creationProblems,
              'invalid_json',
              'not_found',
              'already_requested',
              'validation_failed',
            ),
          },
        },
      },
      async (request, reply) => {
        const caller = await callerOf(ctx, principalOf(request))
        const row = await submitOnce(ctx, request, reply, async (key) => {
          const input = await requestInput(ctx.db, caller, request.body)
          const make = (facts: RequestFacts) => readRequest(conditions, facts, input)
          return moves.submit(input.wanted, make, { actor: actorOf(caller.principal), key })
        })
        return answer(request, reply, caller, row)
      },
    )

    app.get(
      '/access-requests',
      {
        schema: {
          operationId: 'listAccessRequests',
          summary: 'List access requests, the newest first',
          description:
            'Administrators see all, app admins those of their apps, everyone those by or for themself.',
          tags,
          querystring: accessRequestListQuery,
          response: { 200: accessRequestPage, ...problems('validation_failed') },
        },
      },
      async (request) => {
        const caller = await callerOf(ctx, principalOf(request))
        const { limit, cursor, status, app_id, user_id, mine } = request.query
        const rows = await listRequests(ctx, caller, {
          status,
          appId: app_id,
          userId: user_id,
          mine: mine === 'true',
          after: decodeCursor(cursor),
          limit,
        })
        const read = await readSummaries(ctx, rows.slice(0, limit))
        return { ...toPage(rows, limit, () => null), data: read }
      },
    )

    app.get(
      '/access-requests/:id',
      {
        schema: {
          operationId: 'getAccessRequest',
          summary: 'Read an access request with its timeline',
          tags,
          params,
          headers,
          response: { 200: accessRequestRead, ...problems('not_found') },
        },
      },
      async (request, reply) => {
        const { caller, row } = await seen(request, request.params.id)
        return answer(request, reply, caller, row)
      },
    )

    app.post(
      '/access-requests/:id/approve',
      {
        schema: {
          operationId: 'approveAccessRequest',
          summary: 'Approve an access request',
          description: 'With fewer permissions or another length than asked for, if wanted.',
          tags,
          params,
          headers,
          body: accessRequestApprove,
          response: {
            200: accessRequestRead,
            ...problems(
              'invalid_json',
              'not_found',
              'own_request',
              'request_state_conflict',
              'validation_failed',
            ),
          },
        },
      },
      (request, reply) => {
        const { comment = null, permission_ids, access_length_seconds } = request.body ?? {}
        return decide(
          request,
          reply,
          request.params.id,
          (by, as) => ({
            type: 'approved',
            by,
            as,
            permissionIds: permission_ids,
            accessLengthSeconds: access_length_seconds,
          }),
          { status: 'approved', comment },
          access_length_seconds,
        )
      },
    )

    app.post(
      '/access-requests/:id/deny',
      {
        schema: {
          operationId: 'denyAccessRequest',
          summary: 'Deny an access request',
          tags,
          params,
          headers,
          body: accessRequestDeny,
          response: {
            200: accessRequestRead,
            ...problems(
              'invalid_json',
              'not_found',
              'own_request',
              'request_state_conflict',
              'validation_failed',
            ),
          },
        },
      },
      (request, reply) => {
        const { reason } = request.body
        return decide(request, reply, request.params.id, (by, as) => ({ type: 'denied', by, as, reason }), {
          status: 'denied',
          comment: reason,
        })
      },
    )

    app.post(
      '/access-requests/:id/cancel',
      {
        schema: {
          operationId: 'cancelAccessRequest',
          summary: 'Cancel an access request while it waits',
          tags,
          params,
          headers,
          body: emptyBody,
          response: {
            200: accessRequestRead,
            ...problems('invalid_json', 'not_found', 'request_state_conflict', 'validation_failed'),
          },
        },
      },
      async (request, reply) => {
        const { caller, row } = await seen(request, request.params.id)
        if (!mayCancel(caller, row)) throw notFound('request of yours with this id')
        const moved = await moves.move(row.id, () => ({ type: 'cancelled', reason: 'cancelled' }), {
          actor: actorOf(caller.principal),
        })
        return answer(request, reply, caller, moved)
      },
    )
  }
}
