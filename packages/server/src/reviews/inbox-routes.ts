import { inboxRead } from '@keyhook/contract/api/access-review.ts'
import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod'
import { callerOf } from '../apps/caller.ts'
import type { Context } from '../context.ts'
import { principalOf } from '../http/principal.ts'
import { problems } from '../http/problem-responses.ts'
import { countInbox } from './inbox.ts'

/** How much waits for the caller. */
export function inboxRoutes(ctx: Context): FastifyPluginAsyncZod {
  return async (app) => {
    app.get(
      '/inbox',
      {
        schema: {
          operationId: 'getInbox',
          summary: 'Count what waits for the caller',
          tags: ['Tasks'],
          response: { 200: inboxRead, ...problems() },
        },
      },
      async (request) => countInbox(ctx, await callerOf(ctx, principalOf(request))),
    )
  }
}
