import rateLimit from '@fastify/rate-limit'
import { parseJson } from '@keyhook/contract/json.ts'
import type { FastifyError, FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import type { Refusals } from '../auth/refused-access.ts'
import type { Context } from '../context.ts'
import { toProblemError } from '../http/problem-handler.ts'
import { ProblemError } from '../lib/problem-error.ts'
import { maxBodyBytes } from './discovery.ts'
import { discoveryRoutes } from './discovery-routes.ts'
import { groupRoutes } from './group-routes.ts'
import { requireScimToken } from './scim-caller.ts'
import { errorBody, ScimError, scimErrorOf } from './scim-error.ts'
import { userRoutes } from './user-routes.ts'

const mediaType = 'application/scim+json'
/** The deepest that any message of SCIM has: operations with an extension with a manager in it. */
const maxDepth = 16
/** Entra ID wants 25 requests a second at least. */
const defaultRequestsPerMinute = 6_000

/**
 * SCIM 2.0 (RFC 7643, 7644) at `/scim/v2`. Not a part of the API: other credentials, other errors, other conventions.
 */
export function scimRoutes(
  ctx: Context,
  refusals: Refusals,
  requestsPerMinute = defaultRequestsPerMinute,
): (app: FastifyInstance) => Promise<void> {
  return async (app) => {
    app.decorateRequest('scimCaller', null)
    readScimBodies(app)
    // Not in the OpenAPI document, and free of its conventions.
    app.addHook('onRoute', (route) => {
      route.schema = { ...route.schema, hide: true }
      route.config = { ...route.config, public: true }
    })
    app.setValidatorCompiler(() => () => true)
    app.setSerializerCompiler(() => (value) => JSON.stringify(value))
    app.setErrorHandler((error: FastifyError, request, reply) => sendScimError(error, request, reply))
    app.addHook('onRequest', requireScimToken(ctx, refusals))
    app.addHook('onRequest', async (_request, reply) => {
      reply.type(mediaType).header('cache-control', 'no-store')
    })
    await app.register(rateLimit, {
      max: requestsPerMinute,
      timeWindow: 60_000,
      hook: 'preHandler',
      keyGenerator: (request) => request.scimCaller?.id ?? request.ip,
    })
    app.setNotFoundHandler(async (request) => {
      throw new ScimError(404, null, `There is no ${request.method} ${request.url.split('?')[0]} here.`)
    })
    await app.register(discoveryRoutes(ctx))
    await app.register(userRoutes(ctx))
    await app.register(groupRoutes(ctx))
  }
}

function readScimBodies(app: FastifyInstance): void {
  app.removeAllContentTypeParsers()
  app.addContentTypeParser(
    /^application\/(scim\+)?json(;|$)/,
    { parseAs: 'buffer', bodyLimit: maxBodyBytes },
    (_request, body: Buffer, done) => {
      const parsed = parseJson(body, { maxDepth })
      if (parsed.ok) done(null, parsed.value)
      else done(new ProblemError('invalid_json', `The body is not JSON: ${parsed.detail}.`))
    },
  )
}

function sendScimError(error: FastifyError, request: FastifyRequest, reply: FastifyReply): FastifyReply {
  const told = error instanceof ScimError ? error : scimErrorOf(toProblemError(error, request))
  if (told.status >= 500) request.log.error({ err: error }, 'a SCIM request failed')
  return reply
    .code(told.status)
    .headers({ ...told.headers, 'cache-control': 'no-store' })
    .type(mediaType)
    .serializer((payload: unknown) => JSON.stringify(payload))
    .send(errorBody(told))
}
