import { userChange, userCreate, userDetail, userListQuery, userPage } from '@keyhook/contract/api/user.ts'
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
import { notFound } from '../lib/problem-error.ts'
import type { UserRow } from './user.ts'
import { changeUser } from './user-change.ts'
import { readUserDetail, readUsers } from './user-read.ts'
import { findUser, findUserForChange, insertUser, usersFound } from './user-store.ts'

const tags = ['Users']
const params = z.object({ id: z.string().max(100) })

/** Create, list, read and change users by hand. They are never deleted: they are deactivated. */
export function userRoutes(ctx: Context): FastifyPluginAsyncZod {
  function answer(reply: FastifyReply, row: UserRow) {
    reply.header('etag', etagOf(row.version))
    return readUserDetail(ctx.db, ctx.clock(), row)
  }

  return async (app) => {
    app.post(
      '/users',
      {
        schema: {
          operationId: 'createUser',
          summary: 'Create a user',
          description: 'The user can sign in once invited.',
          tags,
          headers: creationHeaders,
          body: userCreate,
          response: {
            201: userDetail,
            ...problems(...creationProblems, 'invalid_json', 'user_exists', 'validation_failed'),
          },
        },
      },
      async (request, reply) => {
        const { body } = request
        const user = {
          ...body,
          user_name: body.user_name ?? body.email,
          source: 'manual',
          external_id: null,
        } as const
        const actor = actorOf(principalOf(request))
        const row = await makeOnce(ctx, request, reply, {
          again: ({ id }) => findUser(ctx.db, id),
          make: (key) =>
            ctx.db.transaction().execute(async (tx) => {
              const made = await insertUser(tx, ctx.clock(), user, actor)
              await takeKey(ctx, tx, key, made)
              return made
            }),
        })
        reply.code(201).header('location', `/api/v1/users/${row.id}`)
        return answer(reply, row)
      },
    )

    app.get(
      '/users',
      {
        schema: {
          operationId: 'listUsers',
          summary: 'List users, the newest first',
          tags,
          querystring: userListQuery,
          response: { 200: userPage, ...problems('validation_failed') },
        },
      },
      async ({ query }) => {
        const { limit, cursor, q, status, role, group_id: groupId, manager_id: managerId } = query
        const after = decodeCursor(cursor)
        const rows = await usersFound(ctx.db, {
          q,
          status,
          role,
          groupId,
          managerId,
          after,
          limit,
        }).execute()
        const { next_cursor } = toPage(rows, limit, (row) => row)
        return { data: await readUsers(ctx.db, rows.slice(0, limit)), next_cursor }
      },
    )

    app.get(
      '/users/:id',
      {
        schema: {
          operationId: 'getUser',
          summary: 'Read a user',
          tags,
          params,
          response: { 200: userDetail, ...problems('not_found') },
        },
      },
      async (request, reply) => {
        const row = await findUser(ctx.db, request.params.id)
        if (!row) throw notFound('user')
        return answer(reply, row)
      },
    )

    app.patch(
      '/users/:id',
      {
        schema: {
          operationId: 'changeUser',
          summary: 'Change, deactivate or activate a user',
          description:
            'JSON Merge Patch: an absent member keeps, null clears. With `status` `inactive` the user is out at once: ' +
            'sessions end, and offboarding begins.',
          tags,
          params,
          body: userChange,
          response: {
            200: userDetail,
            ...problems(
              'invalid_json',
              'not_found',
              'user_exists',
              'last_administrator',
              'own_account',
              'precondition_failed',
              'validation_failed',
            ),
          },
        },
      },
      async (request, reply) => {
        const row = await ctx.db.transaction().execute(async (tx) => {
          const user = await findUserForChange(tx, request.params.id)
          if (!user) throw notFound('user')
          requireMatch(request, user.version)
          return changeUser(tx, ctx.clock(), user, request.body, actorOf(principalOf(request)))
        })
        return answer(reply, row)
      },
    )
  }
}
