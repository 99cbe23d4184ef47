import { createHash } from 'node:crypto'
import rateLimit from '@fastify/rate-limit'
import { meRead } from '@keyhook/contract/api/access.ts'
import {
  type InvitationCreated,
  invitationAccept,
  invitationCreated,
  invitationRead,
  invitationToken,
} from '@keyhook/contract/api/invitation.ts'
import { emptyBody } from '@keyhook/contract/api/list.ts'
import type { FastifyRequest } from 'fastify'
import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod'
import { z } from 'zod'
import type { Authenticator } from '../auth/authenticate.ts'
import { signIn } from '../auth/sign-in.ts'
import type { Context } from '../context.ts'
import { actorOf } from '../events/event.ts'
import { refuseCrossSite } from '../http/cross-site.ts'
import { creationHeaders, creationProblems, makeOnce } from '../http/make-once.ts'
import { principalOf } from '../http/principal.ts'
import { problems } from '../http/problem-responses.ts'
import { acceptInvitation, inviteUser, type OnInvited, readInvitation } from './invitation.ts'

const tags = ['Invitations']

/** A link for a user, and what stands behind it. */
export function invitationRoutes(
  ctx: Context,
  authenticator: Authenticator,
  onInvited: OnInvited,
): FastifyPluginAsyncZod {
  return async (app) => {
    await app.register(rateLimit, { global: false })
    const limit = { max: 10, timeWindow: 60_000, hook: 'preHandler', keyGenerator: placeAndToken } as const

    app.post(
      '/users/:id/invite',
      {
        schema: {
          operationId: 'inviteUser',
          summary: 'Invite a user to choose a password',
          description:
            'Also for a forgotten password. The link works once, for 7 days; older ones of the user stop working. It is ' +
            'mailed when mail is set up; give it to nobody but the user.',
          tags,
          params: z.object({ id: z.string().max(100) }),
          headers: creationHeaders,
          body: emptyBody,
          response: {
            201: invitationCreated,
            ...problems(
              ...creationProblems,
              'invalid_json',
              'not_found',
              'user_inactive',
              'user_exists',
              'validation_failed',
            ),
          },
        },
      },
      async (request, reply) => {
        reply.code(201).header('cache-control', 'no-store')
        const actor = actorOf(principalOf(request))
        return makeOnce<InvitationCreated>(ctx, request, reply, {
          again: async ({ secret }) => (secret === null ? null : JSON.parse(secret)),
          make: (key) => inviteUser(ctx, request.params.id, { actor, key }, onInvited),
        })
      },
    )

    app.post(
      '/invitations/read',
      {
        config: { public: true, rateLimit: limit },
        schema: {
          operationId: 'readInvitation',
          summary: 'Read whom a link invites',
          tags,
          security: [],
          body: invitationToken,
          response: {
            200: invitationRead,
            ...problems('invitation_invalid', 'too_many_requests', 'validation_failed'),
          },
        },
      },
      async ({ body }) => readInvitation(ctx, body.token),
    )

    app.post(
      '/invitations/accept',
      {
        config: { public: true, rateLimit: limit },
        schema: {
          operationId: 'acceptInvitation',
          summary: 'Choose a password and sign in',
          description: 'Sets the session cookie. The link is used up, and other sessions of the user end.',
          tags,
          security: [],
          body: invitationAccept,
          response: {
            200: meRead,
            ...problems('invitation_invalid', 'too_many_requests', 'validation_failed'),
          },
        },
      },
      async (request, reply) => {
        refuseCrossSite(request, ctx.baseUrl())
        const { email } = await acceptInvitation(ctx, authenticator.auth(), request.body)
        return signIn(ctx, authenticator, { email, password: request.body.password }, request, reply)
      },
    )
  }
}

/** Tokens cannot be guessed: the limit is for who repeats one that is known. */
function placeAndToken(request: FastifyRequest): string {
  const token = String((request.body as { token?: unknown } | undefined)?.token)
  return `${request.ip} ${createHash('sha256').update(token).digest('base64')}`
}
