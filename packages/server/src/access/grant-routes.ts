import { accessRequestRead } from '@keyhook/contract/api/access-request.ts'
import {
  grantExtend,
  grantListQuery,
  grantPage,
  grantRead,
  grantRevoke,
} from '@keyhook/contract/api/grant.ts'
import type { FastifyRequest } from 'fastify'
import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod'
import { z } from 'zod'
import { findSetup } from '../apps/app-store.ts'
import { type Caller, callerOf, mayAdminister } from '../apps/caller.ts'
import type { Context } from '../context.ts'
import { actorOf } from '../events/event.ts'
import { decodeCursor, toPage } from '../http/cursor.ts'
import { creationHeaders, creationProblems } from '../http/make-once.ts'
import { principalOf } from '../http/principal.ts'
import { problems } from '../http/problem-responses.ts'
import { notFound, ProblemError, validationFailed } from '../lib/problem-error.ts'
import type { Access } from './access.ts'
import { listGrants } from './grant-list.ts'
import { readGrants } from './grant-read.ts'
import { removeGrants } from './grant-removal.ts'
import type { GrantRow } from './request-store.ts'
import { findRequest } from './request-store.ts'
import { submitOnce } from './submit-once.ts'

const tags = ['Grants']
const params = z.object({ id: z.string().max(100) })

/** Access that people have: see it, take it away, make it longer. */
export function grantRoutes(ctx: Context, { moves, reads }: Access): FastifyPluginAsyncZod {
  async function seen(request: FastifyRequest, id: string): Promise<{ caller: Caller; row: GrantRow }> {
    const caller = await callerOf(ctx, principalOf(request))
    const row = await ctx.db.selectFrom('grants').selectAll().where('id', '=', id).executeTakeFirst()
    if (!row || (row.user_id !== caller.userId && !mayAdminister(caller, row.app_id))) throw notFound('grant')
    return { caller, row }
  }

  function requireActive({ status }: GrantRow): void {
    if (status === 'active') return
    throw new ProblemError('request_state_conflict', `The access is ${status} already.`, {
      state: { status, allowed: [] },
    })
  }

  async function read(id: string) {
    const row = await ctx.db.selectFrom('grants').selectAll().where('id', '=', id).executeTakeFirstOrThrow()
    const [grant] = await readGrants(ctx, [row])
    if (!grant) throw notFound('grant')
    return grant
  }

  return async (app) => {
    app.get(
      '/grants',
      {
        schema: {
          operationId: 'listGrants',
          summary: 'List access that people have, the newest first',
          tags,
          querystring: grantListQuery,
          response: { 200: grantPage, ...problems('validation_failed') },
        },
      },
      async (request) => {
        const caller = await callerOf(ctx, principalOf(request))
        const { limit, cursor, user_id, app_id, permission_id, status, mine } = request.query
        const rows = await listGrants(ctx, caller, {
          userId: user_id,
          appId: app_id,
          permissionId: permission_id,
          status,
          mine: mine === 'true',
          after: decodeCursor(cursor),
          limit,
        })
        return { ...toPage(rows, limit, () => null), data: await readGrants(ctx, rows.slice(0, limit)) }
      },
    )

    app.get(
      '/grants/:id',
      {
        schema: {
          operationId: 'getGrant',
          summary: 'Read a grant',
          tags,
          params,
          response: { 200: grantRead, ...problems('not_found') },
        },
      },
      async (request) => read((await seen(request, request.params.id)).row.id),
    )

    app.post(
      '/grants/:id/revoke',
      {
        schema: {
          operationId: 'revokeGrant',
          summary: 'Take access away',
          description: 'Runs the deprovisioning of the app. For app admins and administrators.',
          tags,
          params,
          body: grantRevoke,
          response: {
            200: grantRead,
            ...problems('invalid_json', 'not_found', 'request_state_conflict', 'validation_failed'),
          },
        },
      },
      async (request) => {
        const { caller, row } = await seen(request, request.params.id)
        if (!mayAdminister(caller, row.app_id)) throw notFound('grant')
        requireActive(row)
        await removeGrants(
          moves,
          { requestId: row.request_id, permissionIds: [row.permission_id], reason: 'revoked' },
          { actor: actorOf(caller.principal), told: { message: request.body.reason } },
        )
        return read(row.id)
      },
    )

    app.post(
      '/grants/:id/extend',
      {
        schema: {
          operationId: 'extendGrant',
          summary: 'Ask for longer access',
          description:
            'A request of its own, decided as the first one was; while it waits the access goes on.',
          tags,
          params,
          headers: creationHeaders,
          body: grantExtend,
          response: {
            201: accessRequestRead,
            ...problems(
              ...creationProblems,
              'invalid_json',
              'not_found',
              'already_requested',
              'request_state_conflict',
              'validation_failed',
            ),
          },
        },
      },
      async (request, reply) => {
        const { caller, row } = await seen(request, request.params.id)
        requireActive(row)
        const setup = await findSetup(ctx.db, row.app_id)
        if (!setup) throw notFound('app')
        const { access_length_seconds, business_justification } = request.body
        const allowed = setup.app.settings.access_lengths_seconds
        if (allowed.length > 0 && !allowed.includes(access_length_seconds))
          throw validationFailed([
            {
              pointer: '/access_length_seconds',
              detail: `This app allows: ${allowed.map((seconds) => seconds ?? 'null').join(', ')}.`,
            },
          ])
        // What was answered when it was asked for holds for more time too: receivers get it again.
        const first = await findRequest(ctx.db, row.request_id)
        const requesterId = caller.userId ?? row.user_id
        const extending = {
          appId: row.app_id,
          requesterId,
          targetUserId: row.user_id,
          draft: {
            permissionIds: [row.permission_id],
            accessLengthSeconds: access_length_seconds,
            extension: true,
          },
          justification: business_justification,
          customFields: first?.custom_fields ?? null,
          extendsGrantIds: [row.id],
        }
        const wanted = {
          appId: row.app_id,
          permissionIds: [row.permission_id],
          userIds: [requesterId, row.user_id],
        }
        const extension = await submitOnce(ctx, request, reply, (key) =>
          moves.submit(wanted, () => extending, { actor: actorOf(caller.principal), key }),
        )
        return reads.request({ caller, row: extension })
      },
    )
  }
}
