import {
  type ScimTokenRead,
  scimTokenCreate,
  scimTokenCreated,
  scimTokenPage,
} from '@keyhook/contract/api/scim-token.ts'
import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod'
import { z } from 'zod'
import type { Context } from '../context.ts'
import { actorOf } from '../events/event.ts'
import { creationHeaders, creationProblems, makeOnce } from '../http/make-once.ts'
import { principalOf } from '../http/principal.ts'
import { problems } from '../http/problem-responses.ts'
import { notFound } from '../lib/problem-error.ts'
import { newScimToken } from './scim-token.ts'
import {
  findScimTokenById,
  insertScimToken,
  listScimTokens,
  revokeScimToken,
  type ScimTokenRow,
} from './scim-token-store.ts'

const tags = ['SCIM']

/** Make, list and revoke the tokens with which identity providers call `/scim/v2`. */
export function scimTokenRoutes(ctx: Context): FastifyPluginAsyncZod {
  return async (app) => {
    app.post(
      '/scim-tokens',
      {
        schema: {
          operationId: 'createScimToken',
          summary: 'Make a SCIM token',
          description:
            'For an identity provider that calls `/scim/v2`. The answer shows the token; no later one does.',
          tags,
          headers: creationHeaders,
          body: scimTokenCreate,
          response: {
            201: scimTokenCreated,
            ...problems(...creationProblems, 'invalid_json', 'validation_failed'),
          },
        },
      },
      async (request, reply) => {
        const principal = principalOf(request)
        const made = await makeOnce(ctx, request, reply, {
          async again({ id, secret }) {
            const row = await findScimTokenById(ctx, id)
            return row && secret !== null ? { row, token: secret } : null
          },
          async make(key) {
            const token = newScimToken()
            const draft = { token, name: request.body.name, createdBy: principal.name }
            return { row: await insertScimToken(ctx, draft, actorOf(principal), key), token }
          },
        })
        reply.code(201)
        return { ...readToken(made.row), token: made.token }
      },
    )

    app.get(
      '/scim-tokens',
      {
        schema: {
          operationId: 'listScimTokens',
          summary: 'List the SCIM tokens that work, the newest first',
          tags,
          response: { 200: scimTokenPage, ...problems() },
        },
      },
      async () => ({ data: (await listScimTokens(ctx)).map(readToken), next_cursor: null }),
    )

    app.delete(
      '/scim-tokens/:id',
      {
        schema: {
          operationId: 'revokeScimToken',
          summary: 'Revoke a SCIM token',
          description: 'It stops working at once. Users and groups that it brought in stay as they are.',
          tags,
          params: z.object({ id: z.string().max(100) }),
          response: { 204: z.undefined(), ...problems('not_found') },
        },
      },
      async (request, reply) => {
        const revoked = await revokeScimToken(ctx, request.params.id, actorOf(principalOf(request)))
        if (!revoked) throw notFound('SCIM token')
        reply.code(204)
      },
    )
  }
}

function readToken(row: ScimTokenRow): ScimTokenRead {
  return {
    id: row.id,
    name: row.name,
    hint: row.hint,
    created_by: row.created_by,
    created_at: row.created_at.toISOString(),
    last_used_at: row.last_used_at?.toISOString() ?? null,
  }
}
