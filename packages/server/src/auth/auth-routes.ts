import rateLimit from '@fastify/rate-limit'
import { meRead, signInRequest } from '@keyhook/contract/api/access.ts'
import type { FastifyRequest } from 'fastify'
import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod'
import { z } from 'zod'
import type { Context } from '../context.ts'
import { refuseCrossSite } from '../http/cross-site.ts'
import { principalOf } from '../http/principal.ts'
import { problems } from '../http/problem-responses.ts'
import type { Authenticator } from './authenticate.ts'
import { readMe } from './me.ts'
import { signIn, signOut } from './sign-in.ts'
import { tellFailedSignIn } from './sign-in-events.ts'

const tags = ['Sign-in']

/** Sign in and out of the console, and who the caller is. */
export function authRoutes(ctx: Context, authenticator: Authenticator): FastifyPluginAsyncZod {
  return async (app) => {
    await app.register(rateLimit, { global: false })

    app.post(
      '/sign-in',
      {
        config: {
          public: true,
          rateLimit: {
            max: 10,
            timeWindow: 60_000,
            hook: 'preHandler',
            // Per person and place: one who guesses does not lock everybody else out.
            keyGenerator: (request) => `${request.ip} ${emailIn(request).toLowerCase()}`,
            onExceeded: (request) =>
              void tellFailedSignIn(ctx, authenticator.refusals, emailIn(request), request, true),
          },
        },
        schema: {
          operationId: 'signIn',
          summary: 'Sign in to the console',
          description: 'Sets the session cookie. Programs use API keys instead.',
          tags,
          security: [],
          body: signInRequest,
          response: {
            200: meRead,
            ...problems('sign_in_failed', 'too_many_requests', 'validation_failed'),
          },
        },
      },
      async (request, reply) => {
        refuseCrossSite(request, ctx.baseUrl())
        return signIn(ctx, authenticator, request.body, request, reply)
      },
    )

    app.post(
      '/sign-out',
      {
        config: { public: true },
        schema: {
          operationId: 'signOut',
          summary: 'Sign out',
          tags,
          security: [{ session: [] }, {}],
          response: { 204: z.undefined(), ...problems() },
        },
      },
      async (request, reply) => {
        refuseCrossSite(request, ctx.baseUrl())
        await signOut(ctx, authenticator, request, reply)
        reply.code(204)
      },
    )

    app.get(
      '/me',
      {
        schema: {
          operationId: 'getMe',
          summary: 'Read who the caller is',
          tags,
          response: { 200: meRead, ...problems() },
        },
      },
      async (request) => readMe(ctx, principalOf(request)),
    )
  }
}

function emailIn({ body }: FastifyRequest): string {
  return String((body as { email?: unknown } | undefined)?.email)
}
