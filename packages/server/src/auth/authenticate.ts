import type { FastifyReply, FastifyRequest } from 'fastify'
import type { Context } from '../context.ts'
import { installationSecret } from '../db/installation-secret.ts'
import { refuseCrossSite } from '../http/cross-site.ts'
import { mayCall, requireLevel } from '../http/operation-guard.ts'
import type { Principal } from '../http/principal.ts'
import { ProblemError } from '../lib/problem-error.ts'
import { type Auth, createAuth } from './auth.ts'
import { KeyCache } from './key-cache.ts'
import { localPrincipal, newLocalToken } from './local-admin.ts'
import { bearerOf, createRefusals, type Refusals } from './refused-access.ts'
import { personOf } from './session-person.ts'
import { copyCookies } from './sign-in.ts'

export type Authenticator = {
  /** Made at first use: it needs the address that the server was bound to. */
  auth(): Auth
  readonly keys: KeyCache
  readonly refusals: Refusals
  /** For the command line of this system user; see local-admin.ts. */
  readonly localToken: string
  /** Hook of every route that is not public: sets the principal, or throws 401, or 404 for what is above its level. */
  requirePrincipal(request: FastifyRequest, reply: FastifyReply): Promise<void>
  /** Whether who made this request may still make it; for answers that go on for hours. It is no use of a session. */
  isStillAllowed(request: FastifyRequest): Promise<boolean>
}

export async function createAuthenticator(ctx: Context): Promise<Authenticator> {
  const secret = Buffer.from(await installationSecret(ctx.db, ctx.secretBox, 'session_secret')).toString(
    'base64url',
  )
  const keys = new KeyCache(ctx)
  const refusals = createRefusals(ctx)
  const localToken = newLocalToken()
  let made: Auth | null = null
  const auth = () => {
    made ??= createAuth(ctx, secret)
    return made
  }

  async function keyHolder(request: FastifyRequest, authorization: string): Promise<Principal | null> {
    const bearer = bearerOf(authorization)
    return localPrincipal(bearer, localToken, request.socket) ?? keys.verify(bearer)
  }

  async function principalOf(request: FastifyRequest, reply: FastifyReply): Promise<Principal | null> {
    const { authorization } = request.headers
    // A wrong key never falls back to a session: the caller meant the key.
    if (authorization !== undefined) return keyHolder(request, authorization)
    if (request.headers.cookie === undefined) return null
    refuseCrossSite(request, ctx.baseUrl())
    const { headers, response } = await auth().api.getSession({
      headers: new Headers({ cookie: request.headers.cookie }),
      returnHeaders: true,
    })
    // A session that is in use lives on, and its cookie must as well; one that has ended takes it away.
    copyCookies(headers, reply)
    if (!response) return null
    return personOf(ctx, response.user.id)
  }

  async function personNow(cookie: string): Promise<Principal | null> {
    const query = { disableRefresh: true, disableCookieCache: true }
    const session = await auth().api.getSession({ headers: new Headers({ cookie }), query })
    return session && personOf(ctx, session.user.id)
  }

  return {
    auth,
    keys,
    refusals,
    localToken,
    async requirePrincipal(request, reply) {
      if (request.routeOptions.config.public) return
      try {
        request.principal = await principalOf(request, reply)
        if (request.principal === null) {
          throw new ProblemError(
            'unauthenticated',
            'Sign in, or send an API key: authorization: Bearer kh_…',
            {
              headers: { 'www-authenticate': 'Bearer' },
            },
          )
        }
        requireLevel(request)
      } catch (error) {
        await refusals.thrown(request, error)
        throw error
      }
    },
    async isStillAllowed(request) {
      const { authorization, cookie } = request.headers
      const principal =
        authorization !== undefined
          ? await keyHolder(request, authorization)
          : cookie && (await personNow(cookie))
      if (!principal) return false
      return principal.id === request.principal?.id && mayCall(principal, request)
    },
  }
}
