import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import type { Context } from '../context.ts'
import { asFilterError, listResponse, readListQuery } from './list.ts'
import { applyPatch } from './patch.ts'
import { readPatch } from './patch-request.ts'
import { readResource } from './resource.ts'
import { userSchema } from './schemas.ts'
import { scimActor } from './scim-caller.ts'
import { noSuchResource } from './scim-error.ts'
import {
  afterPatch,
  type ById,
  bodyOf,
  projectionOf,
  queryOf,
  requireVersion,
  sendResource,
} from './scim-request.ts'
import { deleteScimUser } from './user-delete.ts'
import { findUserRecord, listUserRecords, readUsers } from './user-read.ts'
import { replaced } from './user-replace.ts'
import type { UserRecord } from './user-resource.ts'
import { changeScimUser, createUser } from './user-write.ts'

/** `/Users`. */
export function userRoutes(ctx: Context): (app: FastifyInstance) => Promise<void> {
  async function answer(request: FastifyRequest, reply: FastifyReply, record: UserRecord) {
    const projection = projectionOf(userSchema, request)
    const [resource = {}] = await readUsers(ctx.db, [record], { baseUrl: ctx.baseUrl(), projection })
    return sendResource(request, reply, resource, record.user.version)
  }

  return async (app) => {
    app.post('/Users', async (request, reply) => {
      const record = await createUser(ctx, readResource(userSchema, bodyOf(request)), scimActor(request))
      reply.code(201).header('location', `${ctx.baseUrl()}/scim/v2/Users/${record.user.id}`)
      return answer(request, reply, record)
    })

    const list = async (request: FastifyRequest) => {
      const query = readListQuery(queryOf(request))
      const projection = projectionOf(userSchema, request)
      const { records, total } = await asFilterError(() => listUserRecords(ctx.db, query))
      const resources = await readUsers(ctx.db, records, { baseUrl: ctx.baseUrl(), projection })
      return listResponse(resources, total, query.startIndex)
    }
    app.get('/Users', list)
    // Some clients put the slash of a folder before the parameters.
    app.get('/Users/', list)

    app.get<ById>('/Users/:id', async (request, reply) => {
      const { id } = request.params
      const record = await findUserRecord(ctx.db, id)
      if (!record) throw noSuchResource('User', id)
      return answer(request, reply, record)
    })

    app.put<ById>('/Users/:id', async (request, reply) => {
      const body = bodyOf(request)
      const record = await changeScimUser(
        ctx,
        request.params.id,
        {
          check: ({ version }) => requireVersion(request, version),
          change: (before) => replaced(before, body),
        },
        scimActor(request),
      )
      return answer(request, reply, record)
    })

    app.patch<ById>('/Users/:id', async (request, reply) => {
      const operations = readPatch(userSchema, bodyOf(request))
      const record = await changeScimUser(
        ctx,
        request.params.id,
        {
          check: ({ version }) => requireVersion(request, version),
          change: (before) => applyPatch(userSchema, before, operations),
        },
        scimActor(request),
      )
      return afterPatch(request, reply, record.user.version, () => answer(request, reply, record))
    })

    app.delete<ById>('/Users/:id', async (request, reply) => {
      const check = ({ version }: { version: number }) => requireVersion(request, version)
      await deleteScimUser(ctx, request.params.id, check, scimActor(request))
      return reply.code(204).send()
    })
  }
}
