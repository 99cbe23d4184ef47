import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import type { Context } from '../context.ts'
import { findGroup, type GroupRow } from '../directory/group-store.ts'
import { groupDraftOf } from './group-draft.ts'
import { listScimGroups, readGroups } from './group-read.ts'
import { createGroup, deleteScimGroup, patchScimGroup, replaceGroup } from './group-write.ts'
import { asFilterError, listResponse, readListQuery } from './list.ts'
import { readPatch } from './patch-request.ts'
import { groupSchema } from './schemas.ts'
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

/** `/Groups`. */
export function groupRoutes(ctx: Context): (app: FastifyInstance) => Promise<void> {
  async function answer(request: FastifyRequest, reply: FastifyReply, group: GroupRow) {
    const projection = projectionOf(groupSchema, request)
    const [resource = {}] = await readGroups(ctx.db, [group], { baseUrl: ctx.baseUrl(), projection })
    return sendResource(request, reply, resource, group.version)
  }

  return async (app) => {
    app.post('/Groups', async (request, reply) => {
      const group = await createGroup(ctx, groupDraftOf(bodyOf(request)), scimActor(request))
      reply.code(201).header('location', `${ctx.baseUrl()}/scim/v2/Groups/${group.id}`)
      return answer(request, reply, group)
    })

    const list = async (request: FastifyRequest) => {
      const query = readListQuery(queryOf(request))
      const projection = projectionOf(groupSchema, request)
      const { groups, total } = await asFilterError(() => listScimGroups(ctx.db, query))
      const resources = await readGroups(ctx.db, groups, { baseUrl: ctx.baseUrl(), projection })
      return listResponse(resources, total, query.startIndex)
    }
    app.get('/Groups', list)
    // Some clients put the slash of a folder before the parameters.
    app.get('/Groups/', list)

    app.get<ById>('/Groups/:id', async (request, reply) => {
      const { id } = request.params
      const group = await findGroup(ctx.db, id)
      if (!group) throw noSuchResource('Group', id)
      return answer(request, reply, group)
    })

    app.put<ById>('/Groups/:id', async (request, reply) => {
      const draft = groupDraftOf(bodyOf(request))
      const check = ({ version }: GroupRow) => requireVersion(request, version)
      const group = await replaceGroup(ctx, request.params.id, { check, draft }, scimActor(request))
      return answer(request, reply, group)
    })

    app.patch<ById>('/Groups/:id', async (request, reply) => {
      const operations = readPatch(groupSchema, bodyOf(request))
      const check = ({ version }: GroupRow) => requireVersion(request, version)
      const group = await patchScimGroup(ctx, request.params.id, { check, operations }, scimActor(request))
      return afterPatch(request, reply, group.version, () => answer(request, reply, group))
    })

    app.delete<ById>('/Groups/:id', async (request, reply) => {
      const check = ({ version }: GroupRow) => requireVersion(request, version)
      await deleteScimGroup(ctx, request.params.id, check, scimActor(request))
      return reply.code(204).send()
    })
  }
}
