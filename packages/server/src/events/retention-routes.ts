import { legalHoldCreate, legalHoldRead, logRetentionRead } from '@keyhook/contract/api/log-retention.ts'
import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod'
import { z } from 'zod'
import type { Context } from '../context.ts'
import { principalOf } from '../http/principal.ts'
import { problems } from '../http/problem-responses.ts'
import { liftHold, placeHold } from './legal-hold.ts'
import type { Retention } from './retention.ts'
import { readRetention } from './retention-read.ts'

const tags = ['Events']

/** How long entries stay in the log, and what keeps them there longer. */
export function retentionRoutes(ctx: Context, retention: Retention): FastifyPluginAsyncZod {
  return async (app) => {
    app.get(
      '/log/retention',
      {
        schema: {
          operationId: 'getLogRetention',
          summary: 'Read how long entries stay in the activity log, and which month leaves it next',
          tags,
          response: { 200: logRetentionRead, ...problems() },
        },
      },
      async () => readRetention(ctx, retention),
    )

    app.post(
      '/log/hold',
      {
        schema: {
          operationId: 'placeLegalHold',
          summary: 'Place a legal hold: nothing leaves the activity log until it is lifted',
          tags,
          body: legalHoldCreate,
          response: { 200: legalHoldRead, ...problems('invalid_json', 'validation_failed', 'log_held') },
        },
      },
      async (request) => placeHold(ctx, principalOf(request), request.body.reason),
    )

    app.delete(
      '/log/hold',
      {
        schema: {
          operationId: 'liftLegalHold',
          summary: 'Lift the legal hold',
          tags,
          response: { 204: z.null().describe('Lifted'), ...problems('not_found') },
        },
      },
      async (request, reply) => {
        await liftHold(ctx, principalOf(request))
        reply.code(204)
        return null
      },
    )
  }
}
