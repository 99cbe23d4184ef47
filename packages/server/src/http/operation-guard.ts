import type { FastifyInstance, FastifyRequest } from 'fastify'
import { notFound } from '../lib/problem-error.ts'
import { type Level, operationTable } from './operation-table.ts'
import { type Principal, principalOf } from './principal.ts'

/** Refuses to start with a route that needs a principal and is not in the operation table. */
export function requireOperations(app: FastifyInstance): void {
  app.addHook('onRoute', ({ method, url, config, schema }) => {
    // HEAD is answered by the route of GET.
    if (config?.public || method === 'HEAD') return
    if (levelOf(schema) === undefined) {
      throw new Error(`${method} ${url}: its operation is not in the operation table`)
    }
  })
}

/** Who may not call an operation gets the answer of an address that does not exist. */
export function requireLevel(request: FastifyRequest): void {
  if (!mayCall(principalOf(request), request)) throw notFound('address')
}

/** Whether the caller's role is enough for the operation of this request. */
export function mayCall({ role }: Principal, request: FastifyRequest): boolean {
  return role === 'admin' || levelOf(request.routeOptions.schema) !== 'admin'
}

function levelOf(schema: unknown): Level | undefined {
  const { operationId } = (schema ?? {}) as { operationId?: string }
  return operationId !== undefined && Object.hasOwn(operationTable, operationId)
    ? operationTable[operationId]
    : undefined
}
