import { randomUUID } from 'node:crypto'
import Fastify, { type FastifyBaseLogger, type FastifyInstance, LogController } from 'fastify'
import { serializerCompiler, validatorCompiler } from 'fastify-type-provider-zod'
import type { Access } from './access/access.ts'
import { replanAdmins } from './access/approver-changes.ts'
import { chainRoutes } from './access/chain-routes.ts'
import { deliveryReader } from './access/delivery-reader.ts'
import { grantRoutes } from './access/grant-routes.ts'
import { cancelWaiting } from './access/request-archiving.ts'
import { requestCheckRoutes } from './access/request-check-routes.ts'
import { requestRoutes } from './access/request-routes.ts'
import { taskRoutes } from './access/task-routes.ts'
import { appRoutes, type OnAdminsRemoved, type OnArchived } from './apps/app-routes.ts'
import { usesOfWebhook } from './apps/attached-webhooks.ts'
import { catalogueRoutes } from './apps/catalogue-routes.ts'
import { permissionRoutes } from './apps/permission-routes.ts'
import { principalRoutes } from './apps/principal-routes.ts'
import { ruleRoutes } from './apps/rule-routes.ts'
import { apiKeyRoutes } from './auth/api-key-routes.ts'
import { authRoutes } from './auth/auth-routes.ts'
import type { Authenticator } from './auth/authenticate.ts'
import { metricsRoutes } from './auth/metrics-routes.ts'
import { setupRoutes } from './auth/setup-routes.ts'
import type { Context } from './context.ts'
import { callbackRoutes } from './deliveries/callback-routes.ts'
import { conditionRoutes } from './deliveries/condition-routes.ts'
import { deliveryRoutes } from './deliveries/delivery-routes.ts'
import type { Engine } from './deliveries/engine.ts'
import { invokeRoutes } from './deliveries/invoke-routes.ts'
import { retryRoutes } from './deliveries/retry-routes.ts'
import { directoryRoutes } from './directory/directory-routes.ts'
import { docsRoutes } from './docs/docs-routes.ts'
import { customEventRoutes } from './events/custom-event-routes.ts'
import { eventRoutes } from './events/event-routes.ts'
import { eventTypeRoutes } from './events/event-type-routes.ts'
import { liveRoutes } from './events/live-routes.ts'
import type { EventLog } from './events/log.ts'
import { troubleOfLog } from './events/log-health.ts'
import { logRoutes } from './events/log-routes.ts'
import type { Retention } from './events/retention.ts'
import { retentionRoutes } from './events/retention-routes.ts'
import { savedSearchRoutes } from './events/saved-search-routes.ts'
import { serveConsole } from './http/console-files.ts'
import { healthRoutes } from './http/health-routes.ts'
import { refuseForeignHost } from './http/host-guard.ts'
import { readJsonBodies } from './http/json-body.ts'
import { describeApi } from './http/openapi.ts'
import { requireOperations } from './http/operation-guard.ts'
import { answerWithProblems, sendProblem } from './http/problem-handler.ts'
import { setSecurityHeaders } from './http/security-headers.ts'
import { serverRoutes } from './http/server-routes.ts'
import { lastUsedImportRoutes, lastUsedRoutes } from './inactivity/last-used-routes.ts'
import { notFound, ProblemError } from './lib/problem-error.ts'
import { channelRoutes } from './notices/channel-routes.ts'
import { mailInvitation } from './notices/invitation-mail.ts'
import { noticeRoutes } from './notices/notice-routes.ts'
import type { Notices } from './notices/notices.ts'
import { preferenceRoutes } from './notices/preference-routes.ts'
import { templateRoutes } from './notices/template-routes.ts'
import { offboardingRoutes } from './offboarding/offboarding-routes.ts'
import { inboxRoutes } from './reviews/inbox-routes.ts'
import { reviewItemRoutes } from './reviews/review-item-routes.ts'
import { reviewRoutes } from './reviews/review-routes.ts'
import type { Reviews } from './reviews/reviews.ts'
import type { SandboxReceiver } from './sandbox/sandbox-receiver.ts'
import { sandboxRoutes } from './sandbox/sandbox-routes.ts'
import { scimRoutes } from './scim/scim-routes.ts'
import { scimTokenRoutes } from './scim/scim-token-routes.ts'
import { streamRoutes } from './streams/stream-routes.ts'
import type { Streams } from './streams/streams.ts'
import { publicKeyRoutes } from './webhooks/public-key-routes.ts'
import { secretRoutes } from './webhooks/secret-routes.ts'
import { webhookRoutes } from './webhooks/webhook-routes.ts'

export type AppParts = {
  authenticator: Authenticator
  log: EventLog
  retention: Retention
  notices: Notices
  engine: Engine
  streams: Streams
  access: Access
  reviews: Reviews
  sandbox: SandboxReceiver | null
}

/** The HTTP server with every noun's routes, not yet listening. */
export async function buildApp(
  ctx: Context,
  { authenticator, log, retention, notices, engine, streams, access, reviews, sandbox }: AppParts,
): Promise<FastifyInstance> {
  const app = Fastify({
    loggerInstance: ctx.log as FastifyBaseLogger,
    logController: new LogController({ disableRequestLogging: true }),
    genReqId: () => randomUUID(),
    bodyLimit: 1_048_576,
    // Node answers what is not HTTP by itself; a slow sender of headers or body is cut off.
    requestTimeout: 30_000,
    keepAliveTimeout: 72_000,
    return503OnClosing: true,
    forceCloseConnections: 'idle',
    routerOptions: { maxParamLength: 200 },
    // What fails before there is a route: an address that cannot be decoded, an id that is too long.
    frameworkErrors: (_error, request, reply) => {
      const problem = new ProblemError(
        'invalid_request',
        'The address cannot be read: check its escapes and its length.',
      )
      sendProblem(reply, problem, request, ctx.baseUrl())
    },
  })
  app.setValidatorCompiler(validatorCompiler)
  app.setSerializerCompiler(serializerCompiler)
  app.decorateRequest('principal', null)
  closeKeptConnections(app)
  readJsonBodies(app)
  answerWithProblems(app, ctx.baseUrl)
  await setSecurityHeaders(app, ctx.baseUrl().startsWith('https:'))
  await describeApi(app)
  if (ctx.config.profile === 'try_it') app.addHook('onRequest', async (request) => refuseForeignHost(request))
  const console = await serveConsole(app)
  const { webhooks, circuits, dispatcher } = engine
  app.setNotFoundHandler((request, reply) => {
    // A page that was opened before an upgrade asks for assets that are gone; it must not get the page for a script.
    const isPage = request.method === 'GET' && !/^\/(api|assets|docs|scim)\//.test(request.url)
    if (!isPage) throw notFound('address')
    if (!console.sendPage) throw new ProblemError('unavailable', 'The console is not built; run npm ci.')
    return reply.header('cache-control', 'no-cache').sendFile('index.html')
  })

  await app.register(
    healthRoutes(ctx, { unrecorded: dispatcher.unrecorded, troubleOfLog: () => troubleOfLog(ctx, log) }),
  )
  await app.register(metricsRoutes(ctx, authenticator))
  await app.register(docsRoutes)
  await app.register(publicKeyRoutes(ctx))
  await app.register(scimRoutes(ctx, authenticator.refusals), { prefix: '/scim/v2' })
  await app.register(
    async (api) => {
      requireOperations(api)
      api.addHook('onRequest', authenticator.requirePrincipal)
      await api.register(authRoutes(ctx, authenticator))
      await api.register(setupRoutes(ctx, authenticator))
      await api.register(serverRoutes(ctx))
      await api.register(apiKeyRoutes(ctx, authenticator))
      await api.register(scimTokenRoutes(ctx))
      await api.register(directoryRoutes(ctx, authenticator, { onInvited: mailInvitation(ctx) }))
      await api.register(eventRoutes(ctx, log))
      await api.register(eventTypeRoutes)
      await api.register(liveRoutes(ctx, log, authenticator))
      await api.register(customEventRoutes(ctx))
      await api.register(logRoutes(ctx, log))
      await api.register(retentionRoutes(ctx, retention))
      await api.register(savedSearchRoutes(ctx))
      await api.register(webhookRoutes(ctx, webhooks, circuits, (id) => usesOfWebhook(ctx.db, id)))
      await api.register(streamRoutes(ctx, engine, streams))
      await api.register(secretRoutes(ctx))
      await api.register(deliveryRoutes(ctx, webhooks, dispatcher, deliveryReader(ctx)))
      await api.register(invokeRoutes(ctx, engine))
      await api.register(retryRoutes(ctx, engine))
      await api.register(conditionRoutes(ctx, webhooks))
      await api.register(callbackRoutes(ctx, engine))
      await api.register(principalRoutes(ctx))
      const onArchived: OnArchived = (what) => cancelWaiting(ctx, access.moves, what)
      const onAdminsRemoved: OnAdminsRemoved = (appId, removed) =>
        replanAdmins(ctx, access.moves, appId, removed)
      await api.register(appRoutes(ctx, { onArchived, onAdminsRemoved }))
      await api.register(permissionRoutes(ctx, onArchived))
      await api.register(ruleRoutes(ctx))
      await api.register(chainRoutes(ctx, engine))
      await api.register(catalogueRoutes(ctx))
      await api.register(requestRoutes(ctx, access))
      await api.register(requestCheckRoutes(ctx, access))
      await api.register(taskRoutes(ctx, access))
      await api.register(grantRoutes(ctx, access))
      await api.register(lastUsedRoutes(ctx))
      await api.register(lastUsedImportRoutes(ctx))
      await api.register(offboardingRoutes(ctx))
      await api.register(inboxRoutes(ctx))
      await api.register(reviewRoutes(ctx, reviews))
      await api.register(reviewItemRoutes(ctx))
      await api.register(channelRoutes(ctx))
      await api.register(preferenceRoutes(ctx))
      await api.register(templateRoutes(ctx))
      await api.register(noticeRoutes(ctx, notices))
      await api.register(sandboxRoutes(sandbox))
    },
    { prefix: '/api/v1' },
  )
  return app
}

/** While the server stops, each answer ends its connection: one kept alive would hold the stop up until it expires. */
function closeKeptConnections(app: FastifyInstance): void {
  let closing = false
  app.addHook('preClose', async () => {
    closing = true
  })
  app.addHook('onSend', async (_request, reply) => {
    if (closing) reply.header('connection', 'close')
  })
}
