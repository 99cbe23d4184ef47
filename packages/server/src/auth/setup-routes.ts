import { meRead, setupRequest, setupState } from '@keyhook/contract/api/access.ts'
import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod'
import type { Context } from '../context.ts'
import { problems } from '../http/problem-responses.ts'
import type { Authenticator } from './authenticate.ts'
import { createFirstAdministrator, isSetUp } from './setup.ts'
import { signIn } from './sign-in.ts'

const tags = ['Set-up']

/** Whether set-up is needed, and the first administrator. */
export function setupRoutes(ctx: Context, authenticator: Authenticator): FastifyPluginAsyncZod {
  return async (app) => {
    app.get(
      '/setup',
      {
        config: { public: true },
        schema: {
          operationId: 'getSetup',
          summary: 'Read whether the first administrator is still to be made',
          tags,
          security: [],
          response: { 200: setupState, ...problems() },
        },
      },
      async () => ({ required: !(await isSetUp(ctx)) }),
    )

    app.post(
      '/setup',
      {
        config: { public: true },
        schema: {
          operationId: 'setUp',
          summary: 'Make the first administrator and sign in',
          tags,
          security: [],
          body: setupRequest,
          response: {
            201: meRead,
            ...problems('setup_link_invalid', 'setup_already_done', 'validation_failed'),
          },
        },
      },
      async (request, reply) => {
        await createFirstAdministrator(ctx, authenticator.auth(), request.body)
        reply.code(201)
        return signIn(ctx, authenticator, request.body, request, reply)
      },
    )
  }
}
