import {
  type AppChange,
  appChange,
  appCreate,
  appListQuery,
  appPage,
  appRead,
  archivedRead,
} from '@keyhook/contract/api/app.ts'
import type { FastifyReply } from 'fastify'
import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod'
import { z } from 'zod'
import type { Context } from '../context.ts'
import { actorOf } from '../events/event.ts'
import { decodeCursor, toPage } from '../http/cursor.ts'
import { etagOf, requireMatch } from '../http/etag.ts'
import { creationHeaders, creationProblems, makeOnce } from '../http/make-once.ts'
import { principalOf } from '../http/principal.ts'
import { problems } from '../http/problem-responses.ts'
import { notFound, validationFailed } from '../lib/problem-error.ts'
import { archiveApp, changeApp, createApp } from './app-changes.ts'
import { readApps } from './app-read.ts'
import { type AppRow, adminsOf, findApp, listApps } from './app-store.ts'
import { callerOf } from './caller.ts'
import { liveGrants } from './live-grants.ts'
import { administeredApp } from './seen-app.ts'

const tags = ['Apps']
const params = z.object({ id: z.string().max(100) })

/** Called once an app or a permission was archived: requests that wait for it are over. Returns how many waited. */
export type OnArchived = (what: { appId: string; permissionId: string | null }) => Promise<number>

/** Called once app admins were taken off an app: what waits for them waits for others. */
export type OnAdminsRemoved = (appId: string, removed: readonly string[]) => Promise<void>

/** What can be requested and how it is decided. */
export function appRoutes(
  ctx: Context,
  { onArchived, onAdminsRemoved }: { onArchived: OnArchived; onAdminsRemoved: OnAdminsRemoved },
): FastifyPluginAsyncZod {
  async function answer(reply: FastifyReply, row: AppRow) {
    const [app] = await readApps(ctx.db, [row])
    if (!app) throw notFound('app')
    reply.header('etag', etagOf(row.version))
    return app
  }

  /** Throws 422 when it changes whose the app is. What stays as it is may be sent along. */
  async function requireOpenMembers(row: AppRow, { admins, owner_id }: AppChange): Promise<void> {
    const reserved: string[] = []
    const before = await adminsOf(ctx.db, row.id)
    if (admins && [...new Set(admins)].sort().join() !== before.toSorted().join()) reserved.push('/admins')
    if (owner_id !== undefined && owner_id !== row.owner_id) reserved.push('/owner_id')
    const errors = reserved.map((pointer) => ({ pointer, detail: 'Only administrators change this.' }))
    if (errors.length > 0) throw validationFailed(errors)
  }

  return async (app) => {
    app.post(
      '/apps',
      {
        schema: {
          operationId: 'createApp',
          summary: 'Create an app',
          tags,
          headers: creationHeaders,
          body: appCreate,
          response: { 201: appRead, ...problems(...creationProblems, 'invalid_json', 'validation_failed') },
        },
      },
      async (request, reply) => {
        const actor = actorOf(principalOf(request))
        const row = await makeOnce(ctx, request, reply, {
          again: ({ id }) => findApp(ctx.db, id),
          make: (key) => createApp(ctx, request.body, actor, key),
        })
        reply.code(201).header('location', `/api/v1/apps/${row.id}`)
        return answer(reply, row)
      },
    )

    app.get(
      '/apps',
      {
        schema: {
          operationId: 'listApps',
          summary: 'List apps, the newest first',
          description: 'Administrators see all, app admins theirs.',
          tags,
          querystring: appListQuery,
          response: { 200: appPage, ...problems('validation_failed') },
        },
      },
      async (request) => {
        const caller = await callerOf(ctx, principalOf(request))
        const { limit, cursor, q, archived } = request.query
        const rows = await listApps(ctx.db, {
          q,
          archived: archived === 'true',
          only: caller.admin ? null : caller.adminOf,
          after: decodeCursor(cursor),
          limit,
        })
        const data = await readApps(ctx.db, rows.slice(0, limit))
        return { ...toPage(rows, limit, () => null), data }
      },
    )

    app.get(
      '/apps/:id',
      {
        schema: {
          operationId: 'getApp',
          summary: 'Read an app',
          tags,
          params,
          response: { 200: appRead, ...problems('not_found') },
        },
      },
      async (request, reply) => answer(reply, (await administeredApp(ctx, request, request.params.id)).app),
    )

    app.patch(
      '/apps/:id',
      {
        schema: {
          operationId: 'changeApp',
          summary: 'Change an app',
          description:
            'JSON Merge Patch: an absent member keeps, null clears. Who is owner or app admin is decided by administrators.',
          tags,
          params,
          body: appChange,
          response: {
            200: appRead,
            ...problems('invalid_json', 'not_found', 'precondition_failed', 'validation_failed'),
          },
        },
      },
      async (request, reply) => {
        const { caller, app: row } = await administeredApp(ctx, request, request.params.id)
        requireMatch(request, row.version)
        if (!caller.admin) await requireOpenMembers(row, request.body)
        const before = await adminsOf(ctx.db, row.id)
        const changed = await changeApp(ctx, row, request.body, actorOf(caller.principal))
        const after = await adminsOf(ctx.db, row.id)
        await onAdminsRemoved(
          row.id,
          before.filter((id) => !after.includes(id)),
        )
        return answer(reply, changed)
      },
    )

    app.delete(
      '/apps/:id',
      {
        schema: {
          operationId: 'archiveApp',
          summary: 'Archive an app',
          description:
            'It leaves the catalogue, and requests that wait for it are cancelled. Access that people have stays: it runs out ' +
            'or is revoked as before, by the webhooks that are attached. The answer says how much there is.',
          tags,
          params,
          response: { 200: archivedRead, ...problems('not_found', 'precondition_failed') },
        },
      },
      async (request) => {
        const row = await findApp(ctx.db, request.params.id)
        if (!row || row.archived_at) throw notFound('app')
        requireMatch(request, row.version)
        await archiveApp(ctx, row, actorOf(principalOf(request)))
        const cancelled_requests = await onArchived({ appId: row.id, permissionId: null })
        return { live_grants: await liveGrants(ctx.db, { app_id: row.id }), cancelled_requests }
      },
    )
  }
}
