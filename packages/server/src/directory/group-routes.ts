import {
  groupChange,
  groupCreate,
  groupListQuery,
  groupPage,
  groupRead,
} from '@keyhook/contract/api/group.ts'
import type { FastifyReply } from 'fastify'
import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod'
import { z } from 'zod'
import type { Context } from '../context.ts'
import { actorOf } from '../events/event.ts'
import { decodeCursor, toPage } from '../http/cursor.ts'
import { etagOf, requireMatch } from '../http/etag.ts'
import { creationHeaders, creationProblems, makeOnce, takeKey } from '../http/make-once.ts'
import { principalOf } from '../http/principal.ts'
import { problems } from '../http/problem-responses.ts'
import { notFound, ProblemError } from '../lib/problem-error.ts'
import { readGroups } from './group-read.ts'
import {
  deleteGroup,
  findGroup,
  findGroupForChange,
  type GroupRow,
  insertGroup,
  listGroups,
  updateGroup,
} from './group-store.ts'
import { usesOfGroup } from './group-usage.ts'

const tags = ['Groups']
const params = z.object({ id: z.string().max(100) })

/** Create, list, read, change and delete groups by hand. */
export function groupRoutes(ctx: Context): FastifyPluginAsyncZod {
  async function answer(reply: FastifyReply, row: GroupRow) {
    const [group] = await readGroups(ctx.db, [row])
    if (!group) throw notFound('group')
    reply.header('etag', etagOf(row.version))
    return group
  }

  return async (app) => {
    app.post(
      '/groups',
      {
        schema: {
          operationId: 'createGroup',
          summary: 'Create a group',
          tags,
          headers: creationHeaders,
          body: groupCreate,
          response: {
            201: groupRead,
            ...problems(...creationProblems, 'invalid_json', 'group_exists', 'validation_failed'),
          },
        },
      },
      async (request, reply) => {
        const group = { ...request.body, source: 'manual', external_id: null } as const
        const actor = actorOf(principalOf(request))
        const row = await makeOnce(ctx, request, reply, {
          again: ({ id }) => findGroup(ctx.db, id),
          make: (key) =>
            ctx.db.transaction().execute(async (tx) => {
              const made = await insertGroup(tx, ctx.clock(), group, actor)
              await takeKey(ctx, tx, key, made)
              return made
            }),
        })
        reply.code(201).header('location', `/api/v1/groups/${row.id}`)
        return answer(reply, row)
      },
    )

    app.get(
      '/groups',
      {
        schema: {
          operationId: 'listGroups',
          summary: 'List groups, the newest first',
          tags,
          querystring: groupListQuery,
          response: { 200: groupPage, ...problems('validation_failed') },
        },
      },
      async ({ query: { limit, cursor, q, user_id: userId } }) => {
        const rows = await listGroups(ctx.db, { q, userId, after: decodeCursor(cursor), limit })
        const { next_cursor } = toPage(rows, limit, (row) => row)
        return { data: await readGroups(ctx.db, rows.slice(0, limit)), next_cursor }
      },
    )

    app.get(
      '/groups/:id',
      {
        schema: {
          operationId: 'getGroup',
          summary: 'Read a group',
          tags,
          params,
          response: { 200: groupRead, ...problems('not_found') },
        },
      },
      async (request, reply) => {
        const row = await findGroup(ctx.db, request.params.id)
        if (!row) throw notFound('group')
        return answer(reply, row)
      },
    )

    app.patch(
      '/groups/:id',
      {
        schema: {
          operationId: 'changeGroup',
          summary: 'Change a group',
          description: 'JSON Merge Patch: an absent member keeps, null clears.',
          tags,
          params,
          body: groupChange,
          response: {
            200: groupRead,
            ...problems(
              'invalid_json',
              'not_found',
              'group_exists',
              'precondition_failed',
              'validation_failed',
            ),
          },
        },
      },
      async (request, reply) => {
        const row = await ctx.db.transaction().execute(async (tx) => {
          const group = await findGroupForChange(tx, request.params.id)
          if (!group) throw notFound('group')
          requireMatch(request, group.version)
          return updateGroup(tx, ctx.clock(), group, request.body, actorOf(principalOf(request)))
        })
        return answer(reply, row)
      },
    )

    app.delete(
      '/groups/:id',
      {
        schema: {
          operationId: 'deleteGroup',
          summary: 'Delete a group',
          description:
            'Refused while an app, a rule, an open access review or an open task names it. Its members stay users.',
          tags,
          params,
          response: { 204: z.undefined(), ...problems('not_found', 'group_in_use', 'precondition_failed') },
        },
      },
      async (request, reply) => {
        await ctx.db.transaction().execute(async (tx) => {
          const group = await findGroupForChange(tx, request.params.id)
          if (!group) throw notFound('group')
          requireMatch(request, group.version)
          const uses = await usesOfGroup(tx, group.id)
          if (uses.length > 0) throw new ProblemError('group_in_use', uses.join(' '))
          await deleteGroup(tx, ctx.clock(), group, actorOf(principalOf(request)))
        })
        reply.code(204)
      },
    )
  }
}
