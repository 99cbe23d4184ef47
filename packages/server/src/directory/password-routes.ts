import rateLimit from '@fastify/rate-limit'
import { passwordChange } from '@keyhook/contract/api/invitation.ts'
import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod'
import { z } from 'zod'
import { hashPassword, isPassword, writeAccount } from '../auth/account.ts'
import type { Authenticator } from '../auth/authenticate.ts'
import { endSessions } from '../auth/session-ends.ts'
import type { Context } from '../context.ts'
import { actorOf } from '../events/event.ts'
import { appendEvents } from '../events/event-store.ts'
import { principalOf } from '../http/principal.ts'
import { problems } from '../http/problem-responses.ts'
import { notFound, validationFailed } from '../lib/problem-error.ts'
import { nameOf, userTarget } from './user.ts'
import { findUserForChange } from './user-store.ts'

/** The caller's own password. */
export function passwordRoutes(ctx: Context, authenticator: Authenticator): FastifyPluginAsyncZod {
  /** The session that the request came with, so that it stays. */
  async function sessionOf(cookie: string | undefined): Promise<string | null> {
    const headers = new Headers({ cookie: cookie ?? '' })
    return (await authenticator.auth().api.getSession({ headers }))?.session.id ?? null
  }

  return async (app) => {
    await app.register(rateLimit, { global: false })

    app.post(
      '/me/password',
      {
        config: {
          rateLimit: {
            max: 10,
            timeWindow: 60_000,
            hook: 'preHandler',
            keyGenerator: (request) => principalOf(request).id,
          },
        },
        schema: {
          operationId: 'changePassword',
          summary: 'Change your own password',
          description: 'All other sessions of yours end. An API key has no password.',
          tags: ['Sign-in'],
          body: passwordChange,
          response: {
            204: z.undefined(),
            ...problems('invalid_json', 'not_found', 'too_many_requests', 'validation_failed'),
          },
        },
      },
      async (request, reply) => {
        const principal = principalOf(request)
        if (principal.kind !== 'session') throw notFound('password')
        const { current_password, new_password } = request.body
        const auth = authenticator.auth()
        if (!(await isPassword(ctx.db, auth, principal.id, current_password)))
          throw validationFailed([{ pointer: '/current_password', detail: 'This is not your password.' }])
        const passwordHash = await hashPassword(auth, new_password)
        const kept = await sessionOf(request.headers.cookie)
        await ctx.db.transaction().execute(async (tx) => {
          const now = ctx.clock()
          const user = await findUserForChange(tx, principal.id)
          if (!user) throw notFound('password')
          await writeAccount(tx, now, { id: user.id, email: user.email, name: nameOf(user), passwordHash })
          const actor = actorOf(principal)
          await appendEvents(tx, now, [
            { type: 'DIRECTORY_CHANGED_PASSWORD', actor, targets: [userTarget(user)] },
          ])
          await endSessions(tx, now, [user.id], { actor, reason: 'password_changed', kept })
        })
        reply.code(204)
      },
    )
  }
}
