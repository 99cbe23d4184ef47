import { serverRead } from '@keyhook/contract/api/server.ts'
import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod'
import type { Context } from '../context.ts'
import type { AllowRule } from '../egress/policy.ts'
import { version } from '../lib/version.ts'
import { problems } from './problem-responses.ts'

/** `GET /server`: what a client may know about the server it talks to. */
export function serverRoutes(ctx: Context): FastifyPluginAsyncZod {
  return async (app) => {
    app.get(
      '/server',
      {
        schema: {
          operationId: 'getServer',
          summary: 'Read what this server is and allows',
          tags: ['Server'],
          response: { 200: serverRead, ...problems() },
        },
      },
      async () => ({
        version,
        profile: ctx.config.profile,
        base_url: ctx.baseUrl(),
        endpoint_urls: {
          http: ctx.config.egress.http,
          allowed: ctx.config.egress.allow.map(describeRule),
        },
        sandbox: ctx.config.sandbox,
      }),
    )
  }
}

function describeRule(rule: AllowRule): string {
  if (rule.kind === 'range') return rule.range.text
  if (rule.kind === 'port') return `:${rule.port}`
  return rule.wildcard ? `*.${rule.name}` : rule.name
}
