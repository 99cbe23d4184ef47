import type { PrincipalRead } from '@keyhook/contract/api/access.ts'
import type { FastifyRequest } from 'fastify'
import { ProblemError } from '../lib/problem-error.ts'

/** The authenticated caller: a user session or an API key. */
export type Principal = PrincipalRead

declare module 'fastify' {
  interface FastifyRequest {
    /** Set before any handler of a route that is not public. */
    principal: Principal | null
  }
  interface FastifyContextConfig {
    /** No principal is needed: health, set-up, sign-in, static files. */
    public?: boolean
  }
}

/** The caller of a route that needs one. */
export function principalOf(request: FastifyRequest): Principal {
  if (!request.principal)
    throw new ProblemError('unauthenticated', 'Sign in, or send an API key as a bearer token.')
  return request.principal
}
