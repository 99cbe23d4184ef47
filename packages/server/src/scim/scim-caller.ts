/** Who calls `/scim/v2`: the bearer of a SCIM token, and nobody else. */
import type { FastifyRequest } from 'fastify'
import type { Context } from '../context.ts'
import type { Actor } from '../events/event.ts'
import { ScimError } from './scim-error.ts'
import { hashOfToken, isPlausibleToken } from './scim-token.ts'
import { findScimToken, stampTokenUse } from './scim-token-store.ts'

declare module 'fastify' {
  interface FastifyRequest {
    /** The id and name of the token; set before any handler of `/scim/v2`. */
    scimCaller: { id: string; name: string } | null
  }
}

/** Hook of every SCIM route. Throws 401. API keys and sessions do not count here. */
export function requireScimToken(ctx: Context): (request: FastifyRequest) => Promise<void> {
  return async (request) => {
    const token = /^Bearer +(\S+)$/i.exec(request.headers.authorization ?? '')?.[1] ?? ''
    const row = isPlausibleToken(token) ? await findScimToken(ctx, hashOfToken(token)) : null
    if (!row) {
      throw new ScimError(401, null, 'Send a SCIM token: authorization: Bearer kh_scim_…', {
        'www-authenticate': 'Bearer realm="Keyhook SCIM"',
      })
    }
    stampTokenUse(ctx, row)
    request.scimCaller = { id: row.id, name: row.name }
  }
}

/** The caller as the activity log names them. */
export function scimActor(request: FastifyRequest): Actor {
  if (!request.scimCaller) throw new ScimError(401, null, 'Send a SCIM token.')
  return { type: 'SCIM', ...request.scimCaller }
}
