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
      if (await isReadOnly(ctx)) throw unready('The database does not take writes.')
      if (health.unrecorded() > 0) throw unready('Outcomes of deliveries wait to be stored.')
      const trouble = await health.troubleOfLog()
      if (trouble !== null) throw unready(trouble)
      return { status: 'ready' }
    })
  }
}

/** A standby, or one that was set so; a full disk is seen by the first write that fails. */
async function isReadOnly(ctx: Context): Promise<boolean> {
  const { rows } = await sql<{
    read_only: string
  }>`select current_setting('transaction_read_only') as read_only`
    .execute(ctx.db)
    .catch((cause: unknown) => {
      throw unready('The database does not answer.', cause)
    })
  return rows[0]?.read_only === 'on'
}

function unready(detail: string, cause?: unknown): ProblemError {
  return new ProblemError('unavailable', detail, { cause, headers: { 'retry-after': '5' } })
}
