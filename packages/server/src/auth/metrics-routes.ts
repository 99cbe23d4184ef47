import type { FastifyPluginAsync } from 'fastify'
import type { Context } from '../context.ts'
import { principalOf } from '../http/principal.ts'
import { notFound } from '../lib/problem-error.ts'
import type { Authenticator } from './authenticate.ts'

/** `/metrics`: numbers for Prometheus. For administrators and API keys, unless the operator has said that all may read them. */
export function metricsRoutes(ctx: Context, authenticator: Authenticator): FastifyPluginAsync {
  const isPublic = ctx.config.metrics === 'public'
  return async (app) => {
    if (!isPublic) app.addHook('onRequest', authenticator.requirePrincipal)
    app.get('/metrics', { config: { public: isPublic }, schema: { hide: true } }, async (request, reply) => {
      if (!isPublic && principalOf(request).role !== 'admin') throw notFound('address')
      const text = await ctx.metrics.metrics()
      return reply.type(ctx.metrics.contentType).header('cache-control', 'no-store').send(text)
    })
  }
}
