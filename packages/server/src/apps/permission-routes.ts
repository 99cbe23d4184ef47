import {
  archivedRead,
  permissionChange,
  permissionCreate,
  permissionPage,
  permissionRead,
} from '@keyhook/contract/api/app.ts'
import { pageQuery } from '@keyhook/contract/api/list.ts'
import type { FastifyReply, FastifyRequest } from 'fastify'
import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod'
import { z } from 'zod'
import type { Context } from '../context.ts'
import { actorOf } from '../events/event.ts'
import { decodeCursor, toPage } from '../http/cursor.ts'
import { etagOf, requireMatch } from '../http/etag.ts'
import { creationHeaders, creationProblems, makeOnce } from '../http/make-once.ts'
import { problems } from '../http/problem-responses.ts'
import { notFound } from '../lib/problem-error.ts'
import { readPermission } from './app-read.ts'
import type { OnArchived } from './app-routes.ts'
import type { PermissionRow } from './app-store.ts'
import { liveGrants } from './live-grants.ts'
import { archivePermission, changePermission, createPermission, findPermission } from './permission-store.ts'
import { administeredApp } from './seen-app.ts'

const tags = ['Apps']
const appParams = z.object({ id: z.string().max(100) })
const params = z.object({ id: z.string().max(100), permissionId: z.string().max(100) })

/** What of an app can be requested. */
export function permissionRoutes(ctx: Context, onArchived: OnArchived): FastifyPluginAsyncZod {
  async function seen(request: FastifyRequest, ids: z.infer<typeof params>) {
    const { caller, app } = await administeredApp(ctx, request, ids.id)
    const row = await findPermission(ctx.db, app.id, ids.permissionId)
    if (!row) throw notFound('permission')
    return { actor: actorOf(caller.principal), app, row }
  }

  function answer(reply: FastifyReply, row: PermissionRow) {
    reply.header('etag', etagOf(row.version))
    return readPermission(row)
  }

  return async (app) => {
    app.post(
      '/apps/:id/permissions',
      {
        schema: {
          operationId: 'createPermission',
          summary: 'Add a permission to an app',
          tags,
          params: appParams,
          headers: creationHeaders,
          body: permissionCreate,
          response: {
            201: permissionRead,
            ...problems(...creationProblems, 'invalid_json', 'not_found', 'validation_failed'),
          },
        },
      },
      async (request, reply) => {
        const { caller, app: row } = await administeredApp(ctx, request, request.params.id)
        if (row.archived_at) throw notFound('app')
        const made = await makeOnce(ctx, request, reply, {
          again: ({ id }) => findPermission(ctx.db, row.id, id),
          make: (key) => createPermission(ctx, row, request.body, { actor: actorOf(caller.principal), key }),
        })
        reply.code(201).header('location', `/api/v1/apps/${row.id}/permissions/${made.id}`)
        return answer(reply, made)
      },
    )

    app.get(
      '/apps/:id/permissions',
      {
        schema: {
          operationId: 'listPermissions',
          summary: 'List the permissions of an app, the newest first',
          tags,
          params: appParams,
          querystring: z.strictObject(pageQuery),
          response: { 200: permissionPage, ...problems('not_found', 'validation_failed') },
        },
      },
      async (request) => {
        const { app: row } = await administeredApp(ctx, request, request.params.id)
        const { limit, cursor } = request.query
        const after = decodeCursor(cursor)
        let query = ctx.db
          .selectFrom('permissions')
          .selectAll()
          .where('app_id', '=', row.id)
          .where('archived_at', 'is', null)
          .orderBy('id', 'desc')
          .limit(limit + 1)
        if (after !== null) query = query.where('id', '<', after)
        return toPage(await query.execute(), limit, readPermission)
      },
    )

    app.get(
      '/apps/:id/permissions/:permissionId',
      {
        schema: {
          operationId: 'getPermission',
          summary: 'Read a permission',
          tags,
          params,
          response: { 200: permissionRead, ...problems('not_found') },
        },
      },
      async (request, reply) => answer(reply, (await seen(request, request.params)).row),
    )

    app.patch(
      '/apps/:id/permissions/:permissionId',
      {
        schema: {
          operationId: 'changePermission',
          summary: 'Change a permission',
          tags,
          params,
          body: permissionChange,
          response: {
            200: permissionRead,
            ...problems('invalid_json', 'not_found', 'precondition_failed', 'validation_failed'),
          },
        },
      },
      async (request, reply) => {
        const { actor, app: row, row: permission } = await seen(request, request.params)
        requireMatch(request, permission.version)
        return answer(reply, await changePermission(ctx, row, permission, request.body, actor))
      },
    )

    app.delete(
      '/apps/:id/permissions/:permissionId',
      {
        schema: {
          operationId: 'archivePermission',
          summary: 'Archive a permission',
          description:
            'It cannot be requested any more, and requests that wait for it are cancelled. Who has it keeps it as long as it ' +
            'lasts. The answer says how many do.',
          tags,
          params,
          response: { 200: archivedRead, ...problems('not_found', 'precondition_failed') },
        },
      },
      async (request) => {
        const { actor, app: row, row: permission } = await seen(request, request.params)
        requireMatch(request, permission.version)
        await archivePermission(ctx, row, permission, actor)
        const cancelled_requests = await onArchived({ appId: row.id, permissionId: permission.id })
        const held = await liveGrants(ctx.db, { app_id: row.id, permission_id: permission.id })
        return { live_grants: held, cancelled_requests }
      },
    )
  }
}
