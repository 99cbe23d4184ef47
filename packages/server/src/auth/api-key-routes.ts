import { type ApiKeyRead, apiKeyCreate, apiKeyCreated, apiKeyPage } from '@keyhook/contract/api/access.ts'
import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod'
import { z } from 'zod'
import type { Context } from '../context.ts'
import { actorOf } from '../events/event.ts'
import { creationHeaders, creationProblems, makeOnce, takeKey } from '../http/make-once.ts'
import { principalOf } from '../http/principal.ts'
import { problems } from '../http/problem-responses.ts'
import { notFound } from '../lib/problem-error.ts'
import { newApiKey } from './api-key.ts'
import { type ApiKeyRow, findApiKeyById, insertApiKey, listApiKeys, revokeApiKey } from './api-key-store.ts'
import type { Authenticator } from './authenticate.ts'

const tags = ['API keys']

/** Make, list and revoke API keys. */
export function apiKeyRoutes(ctx: Context, { keys }: Authenticator): FastifyPluginAsyncZod {
  return async (app) => {
    app.post(
      '/api-keys',
      {
        schema: {
          operationId: 'createApiKey',
          summary: 'Make an API key',
          description: 'The answer shows the key; no later one does.',
          tags,
          headers: creationHeaders,
          body: apiKeyCreate,
          response: {
            201: apiKeyCreated,
            ...problems(...creationProblems, 'invalid_json', 'validation_failed'),
          },
        },
      },
      async (request, reply) => {
        const { name, role } = request.body
        const principal = principalOf(request)
        const made = await makeOnce(ctx, request, reply, {
          async again({ id, secret }) {
            const row = await findApiKeyById(ctx, id)
            return row && secret !== null ? { row, key: secret } : null
          },
          make: (idempotencyKey) =>
            ctx.db.transaction().execute(async (tx) => {
              const key = newApiKey()
              const draft = { key, name, role, createdBy: principal.name }
              const row = await insertApiKey(tx, ctx.clock(), draft, actorOf(principal))
              await takeKey(ctx, tx, idempotencyKey, { id: row.id, secret: key })
              return { row, key }
            }),
        })
        reply.code(201)
        return { ...readKey(made.row), key: made.key }
      },
    )

    app.get(
      '/api-keys',
      {
        schema: {
          operationId: 'listApiKeys',
          summary: 'List the API keys that work, the newest first',
          tags,
          response: { 200: apiKeyPage, ...problems() },
        },
      },
      async () => ({ data: (await listApiKeys(ctx)).map(readKey), next_cursor: null }),
    )

    app.delete(
      '/api-keys/:id',
      {
        schema: {
          operationId: 'revokeApiKey',
          summary: 'Revoke an API key',
          description: 'It stops working at once in this process, and within 5 seconds in others.',
          tags,
          params: z.object({ id: z.string().max(100) }),
          response: { 204: z.undefined(), ...problems('not_found') },
        },
      },
      async (request, reply) => {
        const hash = await revokeApiKey(ctx, request.params.id, actorOf(principalOf(request)))
        if (!hash) throw notFound('API key')
        keys.forget(hash)
        reply.code(204)
      },
    )
  }
}

function readKey(row: ApiKeyRow): ApiKeyRead {
  return {
    id: row.id,
    name: row.name,
    role: row.role,
    hint: row.hint,
    created_by: row.created_by,
    created_at: row.created_at.toISOString(),
    last_used_at: row.last_used_at?.toISOString() ?? null,
  }
}
