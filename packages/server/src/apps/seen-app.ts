import type { FastifyRequest } from 'fastify'
import type { Context } from '../context.ts'
import { principalOf } from '../http/principal.ts'
import { notFound } from '../lib/problem-error.ts'
import { type AppRow, findApp } from './app-store.ts'
import { type Caller, callerOf, mayAdminister } from './caller.ts'

/** The app of a route for its app admins. For everybody else it is not there. */
export async function administeredApp(
  ctx: Context,
  request: FastifyRequest,
  id: string,
): Promise<{ caller: Caller; app: AppRow }> {
  const caller = await callerOf(ctx, principalOf(request))
  const app = await findApp(ctx.db, id)
  if (!app || !mayAdminister(caller, app.id)) throw notFound('app')
  return { caller, app }
}
