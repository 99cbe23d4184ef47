import { requestCheck, requestCheckRead } from '@keyhook/contract/api/request-check.ts'
import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod'
import { z } from 'zod'
import { callerOf } from '../apps/caller.ts'
import type { Context } from '../context.ts'
import { principalOf } from '../http/principal.ts'
import { problems } from '../http/problem-responses.ts'
import type { Access } from './access.ts'
import { requestFacts } from './request-facts.ts'
import { checkRequest, requestInput } from './request-input.ts'

/** Looks at a request that is being filled in: fields may depend on answers, and conditions are evaluated here only. */
export function requestCheckRoutes(ctx: Context, { conditions }: Access): FastifyPluginAsyncZod {
  return async (app) => {
    app.post(
      '/catalogue/:id/check',
      {
        schema: {
          operationId: 'checkAccessRequest',
          summary: 'Check a request for access before it is sent',
          description:
            'Says which intake fields are asked for with these answers, and what would be refused. Nothing is recorded and ' +
            'no webhook is asked.',
          tags: ['Catalogue'],
          params: z.object({ id: z.string().max(100) }),
          body: requestCheck,
          response: {
            200: requestCheckRead,
            ...problems('invalid_json', 'not_found', 'validation_failed'),
          },
        },
      },
      async (request) => {
        const caller = await callerOf(ctx, principalOf(request))
        const draft = { ...request.body, app_id: request.params.id }
        const input = await requestInput(ctx.db, caller, draft)
        const { errors, shown } = checkRequest(conditions, await requestFacts(ctx.db, [input.wanted]), input)
        return { shown: Object.keys(shown.answers), errors: [...errors, ...shown.errors] }
      },
    )
  }
}
