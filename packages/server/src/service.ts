import { mkdirSync } from 'node:fs'
import { createAccess } from './access/access.ts'
import { buildApp } from './app.ts'
import { createAuthenticator } from './auth/authenticate.ts'
import { ensureBootstrapKey } from './auth/bootstrap-key.ts'
import { removeLocalAdmin, writeLocalAdmin } from './auth/local-admin.ts'
import { issueSetupToken } from './auth/setup.ts'
import type { Config } from './config.ts'
import type { Context } from './context.ts'
import { migrate } from './db/migrate.ts'
import { openDatabase } from './db/open.ts'
import { takeLease } from './db/process-lease.ts'
import { startEngine } from './deliveries/engine.ts'
import { createEgress } from './egress/egress.ts'
import type { AllowRule } from './egress/policy.ts'
import { createEventLog } from './events/log.ts'
import { addLogMetrics } from './events/log-metrics.ts'
import { createRetention } from './events/retention.ts'
import { trackUnusedConnections } from './http/unused-connections.ts'
import { createInactivity } from './inactivity/inactivity-clock.ts'
import { type Clock, systemClock } from './lib/clock.ts'
import { lockFolder } from './lib/folder-lock.ts'
import { keyFileWarning, readOrMakeKeyFile } from './lib/key-file.ts'
import { type Log, openLog } from './lib/log.ts'
import { createMetrics } from './lib/metrics.ts'
import { createSecretBox } from './lib/secret-box.ts'
import { createNotices } from './notices/notices.ts'
import { createOffboarding } from './offboarding/offboarding-clock.ts'
import { createReviews } from './reviews/reviews.ts'
import { startSandbox } from './sandbox/sandbox-receiver.ts'
import { addStreamMetrics } from './streams/stream-metrics.ts'
import { createStreams, firstNeededPosition } from './streams/streams.ts'
import { requireKeys } from './webhooks/sealed-values.ts'

export type Service = {
  readonly url: string
  readonly ctx: Context
  /** The one-time link for the first administrator; null when there is one. */
  readonly setupUrl: string | null
  readonly sandboxUrl: string | null
  /** Stops taking requests, waits for those under way for a moment, records the rest, closes everything. */
  stop(): Promise<void>
}

export type Overrides = {
  clock?: Clock
  log?: Log
  /** Opened for the URLs of people too: the receivers of tests are on loopback. */
  publicAllow?: readonly AllowRule[]
}

/** Deliveries that are still under way this long after a stop began are recorded as interrupted. */
const graceMs = 3_000

/**
 * Starts everything in order; what was started is stopped again when a later step fails.
 * Throws what `explainStartError` turns into a sentence.
 */
export async function startService(config: Config, overrides: Overrides = {}): Promise<Service> {
  const cleanups: (() => Promise<void> | void)[] = []
  const stopAll = async () => {
    for (const cleanup of cleanups.reverse()) await cleanup()
  }
  try {
    return await start(config, overrides, cleanups)
  } catch (error) {
    await stopAll()
    throw error
  }
}

async function start(
  config: Config,
  overrides: Overrides,
  cleanups: (() => Promise<void> | void)[],
): Promise<Service> {
  mkdirSync(config.dataDir, { recursive: true, mode: 0o700 })
  if (config.database.url === null) {
    const lock = await lockFolder(config.dataDir)
    cleanups.push(lock.release)
  }
  const log = overrides.log ?? openLog(config.log.level, config.log.toFile ? config.dataDir : null)
  const clock = overrides.clock ?? systemClock
  const keys = config.encryptionKeys ?? readOrMakeKeyFile(config.dataDir)
  const warning = config.encryptionKeys ? null : keyFileWarning(config.dataDir)
  if (warning) log.warn(warning)
  const secretBox = createSecretBox(keys)
  const database = await openDatabase({ url: config.database.url, dataDir: config.dataDir }, log)
  cleanups.push(database.close)
  await migrate(database.db, clock)
  await requireKeys(database.db, keys)
  const lease = await takeLease(database.db, clock, log)
  cleanups.push(lease.release)
  const { http: allowHttp, allow, proxy, nat64 } = config.egress
  let port: number | null = null
  const ownPort = () => port
  const rules = { allowHttp, nat64, ownPort }
  const egress = createEgress({ ...rules, allow }, { proxy })
  const publicEgress = createEgress({ ...rules, allow: overrides.publicAllow ?? [] }, { proxy })
  cleanups.push(egress.close, publicEgress.close)

  const stopping = new AbortController()
  let url = ''
  const ctx: Context = {
    config,
    db: database.db,
    databaseKind: database.kind,
    database,
    log,
    metrics: createMetrics(),
    clock,
    egress,
    publicEgress,
    secretBox,
    lease,
    baseUrl: () => config.baseUrl ?? url,
    shutdown: stopping.signal,
  }
  const events = await createEventLog(ctx)
  addLogMetrics(ctx)
  cleanups.push(events.close)
  const notices = createNotices(ctx)
  cleanups.push(notices.stop)
  const engine = await startEngine(ctx)
  cleanups.push(engine.close)
  const streams = createStreams(ctx, { ...engine, log: events })
  cleanups.push(streams.close)
  addStreamMetrics(ctx)
  const retention = createRetention(ctx, events, { neededFrom: () => firstNeededPosition(ctx) })
  cleanups.push(retention.stop)
  const access = createAccess(ctx, engine)
  cleanups.push(access.close)
  const reviews = createReviews(ctx, access.moves)
  cleanups.push(reviews.close)
  const inactivity = createInactivity(ctx, access.moves)
  cleanups.push(inactivity.stop)
  const offboarding = createOffboarding(ctx, access.moves)
  cleanups.push(offboarding.stop)
  await ensureBootstrapKey(ctx)
  const authenticator = await createAuthenticator(ctx)
  cleanups.push(authenticator.refusals.stop)
  const sandbox = config.sandbox
    ? await startSandbox({
        host: '127.0.0.1',
        port: config.listen.port === 0 ? 0 : config.listen.port + 1,
        signingSecretsOf: engine.dispatcher.signingSecretsOf,
        clock,
      })
    : null
  if (sandbox) cleanups.push(sandbox.close)

  const app = await buildApp(ctx, {
    authenticator,
    log: events,
    retention,
    notices,
    engine,
    streams,
    access,
    reviews,
    sandbox,
  })
  const closeUnused = trackUnusedConnections(app.server)
  const bound = await app.listen({ host: config.listen.host, port: config.listen.port })
  const listening = app.server.address()
  port = typeof listening === 'object' && listening ? listening.port : null
  events.start()
  retention.start()
  authenticator.refusals.start()
  notices.start()
  streams.start()
  access.start()
  reviews.start()
  inactivity.start()
  offboarding.start()
  url = bound.replace('//[::1]', '//localhost')
  cleanups.push(async () => {
    const interrupt = setTimeout(() => stopping.abort(), graceMs)
    const cutOff = setTimeout(() => app.server.closeAllConnections(), graceMs + 1_000)
    const closed = app.close()
    closeUnused()
    await closed
    clearTimeout(interrupt)
    clearTimeout(cutOff)
    stopping.abort()
  })
  if (database.kind === 'pglite') {
    writeLocalAdmin(config.dataDir, { url: bound, token: authenticator.localToken })
    cleanups.push(() => removeLocalAdmin(config.dataDir))
  }
  const token = await issueSetupToken(ctx)
  return {
    url: ctx.baseUrl(),
    ctx,
    setupUrl: token && `${ctx.baseUrl()}/setup#token=${token}`,
    sandboxUrl: sandbox?.url ?? null,
    stop: once(async () => {
      for (const cleanup of cleanups.reverse()) await cleanup()
    }),
  }
}

function once(run: () => Promise<void>): () => Promise<void> {
  let running: Promise<void> | null = null
  return () => {
    running ??= run()
    return running
  }
}
