import { publicKeys } from '@keyhook/contract/api/webhook-settings.ts'
import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod'
import type { Context } from '../context.ts'
import { problems } from '../http/problem-responses.ts'
import { listPublicKeys } from './signing-keys.ts'

/** Where receivers find the keys that verify `v1a` signatures. */
export function publicKeyRoutes(ctx: Context): FastifyPluginAsyncZod {
  return async (app) => {
    app.get(
      '/.well-known/keyhook-keys.json',
      {
        config: { public: true },
        schema: {
          operationId: 'listPublicKeys',
          summary: 'The public keys that verify Ed25519 signatures',
          tags: ['Webhooks'],
          security: [],
          response: { 200: publicKeys, ...problems() },
        },
      },
      async (_request, reply) => {
        const keys = await listPublicKeys(ctx)
        reply.header('cache-control', 'public, max-age=60')
        return {
          keys: keys.map((key) => ({
            webhook_id: key.webhook_id,
            public_key: key.public_key ?? '',
            retires_at: key.retires_at?.toISOString() ?? null,
          })),
        }
      },
    )
  }
}
