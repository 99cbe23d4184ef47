/** Who calls `/scim/v2`: the bearer of a SCIM token, and nobody else. */
import type { FastifyRequest } from 'fastify'
import { bearerOf, type Refusals } from '../auth/refused-access.ts'
import type { Context } from '../context.ts'
import { type Actor, unknown } from '../events/event.ts'
import { ScimError } from './scim-error.ts'
import { hashOfToken, isPlausibleToken } from './scim-token.ts'
import { findRevokedToken, findScimToken, stampTokenUse } from './scim-token-store.ts'

declare module 'fastify' {
  interface FastifyRequest {
    /** The id and name of the token; set before any handler of `/scim/v2`. */
    scimCaller: { id: string; name: string } | null
  }
}

/** Hook of every SCIM route. Throws 401. API keys and sessions do not count here. */
export function requireScimToken(
  ctx: Context,
  refusals: Refusals,
): (request: FastifyRequest) => Promise<void> {
  async function tellRefusal(request: FastifyRequest, hash: Uint8Array | null): Promise<void> {
    const revoked = hash && (await findRevokedToken(ctx, hash))
    if (!revoked) return refusals.access(request, 'unknown_scim_token', unknown)
    const { id, name } = revoked
    return refusals.access(request, 'revoked_scim_token', { type: 'SCIM', id, name })
  }

  return async (request) => {
    const token = bearerOf(request.headers.authorization ?? '')
    const hash = isPlausibleToken(token) ? hashOfToken(token) : null
    const row = hash && (await findScimToken(ctx, hash))
    if (!row) {
      if (token !== '') await tellRefusal(request, hash)
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
