import type { FastifyPluginAsync } from 'fastify'
import { sql } from 'kysely'
import type { Context } from '../context.ts'
import { ProblemError } from '../lib/problem-error.ts'

export type Health = {
  /** Outcomes of deliveries that wait to be stored. */
  unrecorded(): number
  /** What is wrong with the activity log; null: nothing. */
  troubleOfLog(): Promise<string | null>
}

/** `/healthz`: the process answers. `/readyz`: it can do its work, which needs a database that takes writes. */
export function healthRoutes(ctx: Context, health: Health): FastifyPluginAsync {
  const open = { config: { public: true }, schema: { hide: true } }
  return async (app) => {
    app.get('/healthz', open, async (_request, reply) => {
      reply.header('cache-control', 'no-store')
      return { status: 'ok' }
    })
    app.get('/readyz', open, async (_request, reply) => {
      reply.header('cache-control', 'no-store')
      if (ctx.shutdown.aborted) throw new ProblemError('unavailable', 'The server is stopping.')
      await sql`select 1`.execute(ctx.db).catch((cause: unknown) => {
        throw new ProblemError('unavailable', 'The database does not answer.', {
          cause,
          headers: { 'retry-after': '5' },
        })
      })
      if (health.unrecorded() > 0) {
        throw new ProblemError('unavailable', 'Outcomes of deliveries wait to be stored.', {
          headers: { 'retry-after': '5' },
        })
      }
      const trouble = await health.troubleOfLog()
      if (trouble !== null)
        throw new ProblemError('unavailable', trouble, { headers: { 'retry-after': '5' } })
      return { status: 'ready' }
    })
  }
}
