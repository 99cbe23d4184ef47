/** Calls that are refused because of who makes them, as the activity log tells them. */
import type { FastifyRequest } from 'fastify'
import type { Context } from '../context.ts'
import { type Actor, actorOf, unknown } from '../events/event.ts'
import { ProblemError } from '../lib/problem-error.ts'
import { hashOfKey, isPlausibleKey } from './api-key.ts'
import { findRevokedKey } from './api-key-store.ts'
import { createThrottledEvents, type ThrottledEvents } from './throttled-events.ts'

export type RefusalReason =
  | 'unknown_key'
  | 'revoked_key'
  | 'above_level'
  | 'cross_site'
  | 'unknown_scim_token'
  | 'revoked_scim_token'

export type Refusals = ThrottledEvents & {
  access(request: FastifyRequest, reason: RefusalReason, actor: Actor): Promise<void>
  /** Tells of what was thrown if it is about who calls. That nobody has signed in yet is no refusal. */
  thrown(request: FastifyRequest, error: unknown): Promise<void>
}

export function createRefusals(ctx: Context): Refusals {
  const events = createThrottledEvents(ctx)

  async function access(request: FastifyRequest, reason: RefusalReason, actor: Actor): Promise<void> {
    const operation = operationOf(request)
    const subject = 'id' in actor ? actor.id : request.ip
    await events.tell(['access', reason, subject, operation], {
      type: 'AUTH_REFUSED_ACCESS',
      actor,
      outcome: 'FAILED',
      metadata: { reason, operation, ip: request.ip },
    })
  }

  async function wrongKey(request: FastifyRequest, authorization: string): Promise<void> {
    const bearer = bearerOf(authorization)
    const revoked = isPlausibleKey(bearer) ? await findRevokedKey(ctx, hashOfKey(bearer)) : null
    if (!revoked) return access(request, 'unknown_key', unknown)
    return access(request, 'revoked_key', { type: 'API_KEY', id: revoked.id, name: revoked.name })
  }

  return {
    ...events,
    access,
    async thrown(request, error) {
      if (!(error instanceof ProblemError)) return
      const { principal, headers } = request
      if (error.code === 'cross_site_request') return access(request, 'cross_site', unknown)
      if (error.code === 'not_found' && principal) return access(request, 'above_level', actorOf(principal))
      if (error.code === 'unauthenticated' && headers.authorization !== undefined)
        return wrongKey(request, headers.authorization)
    },
  }
}

/** What stands behind `Bearer`; empty for everything else. */
export function bearerOf(authorization: string): string {
  return /^Bearer +(\S+)$/i.exec(authorization)?.[1] ?? ''
}

/** The operation of the API; of what has none (SCIM) method and route. Never the address itself, which may hold anything. */
function operationOf({ method, routeOptions }: FastifyRequest): string {
  const { operationId } = (routeOptions.schema ?? {}) as { operationId?: string }
  return operationId ?? `${method} ${routeOptions.url ?? ''}`.trim()
}
