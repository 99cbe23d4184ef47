import { memberListQuery, memberPage } from '@keyhook/contract/api/group.ts'
import { emptyBody } from '@keyhook/contract/api/list.ts'
import type { FastifyRequest } from 'fastify'
import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod'
import { z } from 'zod'
import type { Context } from '../context.ts'
import { actorOf } from '../events/event.ts'
import { decodeCursor, toPage } from '../http/cursor.ts'
import { principalOf } from '../http/principal.ts'
import { problems } from '../http/problem-responses.ts'
import { notFound } from '../lib/problem-error.ts'
import { changeMembers, listMembers } from './group-members.ts'
import { findGroup, findGroupForChange } from './group-store.ts'
import { readUsers } from './user-read.ts'
import { findUser } from './user-store.ts'

const tags = ['Groups']
const params = z.object({ id: z.string().max(100) })
const memberParams = params.extend({ user_id: z.string().max(100) })
type Member = z.infer<typeof memberParams>

/** Who is in a group. Adding a member and removing one may be repeated. */
export function groupMemberRoutes(ctx: Context): FastifyPluginAsyncZod {
  function change(request: FastifyRequest, { id, user_id }: Member, how: 'add' | 'remove') {
    return ctx.db.transaction().execute(async (tx) => {
      const group = await findGroupForChange(tx, id)
      if (!group) throw notFound('group')
      if (!(await findUser(tx, user_id))) throw notFound('user')
      await changeMembers(tx, ctx.clock(), group, { [how]: [user_id] }, actorOf(principalOf(request)))
    })
  }

  return async (app) => {
    app.get(
      '/groups/:id/members',
      {
        schema: {
          operationId: 'listGroupMembers',
          summary: 'List the members of a group, the newest users first',
          tags,
          params,
          querystring: memberListQuery,
          response: { 200: memberPage, ...problems('not_found', 'validation_failed') },
        },
      },
      async ({ params: { id }, query: { limit, cursor } }) => {
        const after = decodeCursor(cursor)
        if (!(await findGroup(ctx.db, id))) throw notFound('group')
        const rows = await listMembers(ctx.db, id, { after, limit })
        const { next_cursor } = toPage(rows, limit, (row) => row)
        return { data: await readUsers(ctx.db, rows.slice(0, limit)), next_cursor }
      },
    )

    app.put(
      '/groups/:id/members/:user_id',
      {
        schema: {
          operationId: 'addGroupMember',
          summary: 'Add a user to a group',
          tags,
          params: memberParams,
          body: emptyBody,
          response: { 204: z.undefined(), ...problems('invalid_json', 'not_found', 'validation_failed') },
        },
      },
      async (request, reply) => {
        await change(request, request.params, 'add')
        reply.code(204)
      },
    )

    app.delete(
      '/groups/:id/members/:user_id',
      {
        schema: {
          operationId: 'removeGroupMember',
          summary: 'Remove a user from a group',
          tags,
          params: memberParams,
          response: { 204: z.undefined(), ...problems('not_found') },
        },
      },
      async (request, reply) => {
        await change(request, request.params, 'remove')
        reply.code(204)
      },
    )
  }
}
