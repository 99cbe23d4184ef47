import { emptyBody } from '@keyhook/contract/api/list.ts'
import { secretsRotated } from '@keyhook/contract/api/secrets.ts'
import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod'
import type { Context } from '../context.ts'
import { actorOf } from '../events/event.ts'
import { principalOf } from '../http/principal.ts'
import { problems } from '../http/problem-responses.ts'
import { rewrapSecrets } from './stored-secrets.ts'

/** Stored secrets as a whole. */
export function secretRoutes(ctx: Context): FastifyPluginAsyncZod {
  return async (app) => {
    app.post(
      '/secrets/rotate',
      {
        schema: {
          operationId: 'rotateSecrets',
          summary: 'Wrap all stored secrets with the newest encryption key',
          description:
            'For after a new key was put first in KEYHOOK_ENCRYPTION_KEY. Says which keys are still needed; the others ' +
            'can be taken out of the list. The server goes on serving meanwhile.',
          tags: ['Secrets'],
          body: emptyBody,
          response: { 200: secretsRotated, ...problems('invalid_json', 'validation_failed') },
        },
      },
      (request) =>
        rewrapSecrets(ctx.db, ctx.secretBox, {
          actor: actorOf(principalOf(request)),
          now: ctx.clock(),
        }),
    )
  }
}
