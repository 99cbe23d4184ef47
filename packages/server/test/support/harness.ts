/** The real server on a free port, with a database of its own, driven over HTTP only. */
import { randomUUID } from 'node:crypto'
import { cp, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { Client } from 'pg'
import { inject, onTestFinished } from 'vitest'
import { envToConfig, readEnv } from '../../src/config.ts'
import { type Overrides, type Service, startService } from '../../src/service.ts'
import { checkEvents } from './check-events.ts'

/** The administrator's API key of every test service. */
export const testKey = `kh_test${'0123456789abcdef'.repeat(2)}`

export type ApiAnswer<Body = unknown> = { status: number; headers: Headers; body: Body; text: string }

export type TestService = Service & {
  env: NodeJS.ProcessEnv
  dataDir: string
  /** Calls `/api/v1<path>` with the administrator's key; `key: null` sends none. */
  api<Body = unknown>(
    method: string,
    path: string,
    body?: unknown,
    options?: ApiOptions,
  ): Promise<ApiAnswer<Body>>
  /** Stops it and starts another on the same data. */
  restart(): Promise<TestService>
}

export type ApiOptions = { key?: string | null; headers?: Record<string, string>; raw?: string | Uint8Array }

export type TestDatabase = { env: NodeJS.ProcessEnv; dataDir: string; drop(): Promise<void> }

/** An empty, migrated database of the kind this project runs on, as environment variables. */
export async function testDatabase(): Promise<TestDatabase> {
  const given = inject('testDatabase')
  const dataDir = await mkdtemp(path.join(tmpdir(), 'keyhook-test-'))
  const removeFolder = () => rm(dataDir, { recursive: true, force: true })
  if (given.kind === 'pglite') {
    await cp(given.template, dataDir, { recursive: true })
    return { env: { KEYHOOK_DATA_DIR: dataDir }, dataDir, drop: removeFolder }
  }
  const name = `test_${randomUUID().replaceAll('-', '')}`
  await onServer(given.url, `create database ${name} template ${given.template}`)
  return {
    env: { KEYHOOK_DATA_DIR: dataDir, DATABASE_URL: `${given.url}/${name}` },
    dataDir,
    async drop() {
      await removeFolder()
      await onServer(given.url, `drop database ${name} with (force)`)
    },
  }
}

async function onServer(url: string, statement: string): Promise<void> {
  const client = new Client({ connectionString: `${url}/postgres` })
  client.on('error', () => {})
  await client.connect()
  await client.query(statement)
  await client.end()
}

/** Starts a service for one test or, called in `beforeAll`, for one file; `stop` it in the latter case. */
export async function startTestService(
  env: NodeJS.ProcessEnv = {},
  overrides: Overrides = {},
): Promise<TestService> {
  const database = await testDatabase()
  const service = await start({ ...baseEnv, ...database.env, ...env }, database.dataDir, overrides)
  const stop = service.stop
  return Object.assign(service, {
    async stop() {
      try {
        await stop()
      } finally {
        await database.drop()
      }
    },
  })
}

/** As `startTestService`, stopped when the test ends. */
export async function serviceForTest(
  env: NodeJS.ProcessEnv = {},
  overrides: Overrides = {},
): Promise<TestService> {
  const service = await startTestService(env, overrides)
  onTestFinished(() => service.stop())
  return service
}

const baseEnv = { HOST: '127.0.0.1', PORT: '0', LOG_LEVEL: 'silent', KEYHOOK_BOOTSTRAP_KEY: testKey }

async function start(env: NodeJS.ProcessEnv, dataDir: string, overrides: Overrides): Promise<TestService> {
  const service = await startService(envToConfig(readEnv(env)), overrides)
  return {
    ...service,
    async stop() {
      const checked = checkEvents(service.ctx)
      await checked.catch(() => {})
      await service.stop()
      await checked
    },
    env,
    dataDir,
    api: apiOf(service.url),
    async restart() {
      await service.stop()
      return start(env, dataDir, overrides)
    },
  }
}

/** A client of the API at `url`. */
export function apiOf(url: string): TestService['api'] {
  return async <Body>(method: string, path: string, body?: unknown, options: ApiOptions = {}) => {
    const key = options.key === undefined ? testKey : options.key
    const hasBody = body !== undefined || options.raw !== undefined
    const answer = await fetch(`${url}/api/v1${path}`, {
      method,
      headers: {
        ...(key === null ? {} : { authorization: `Bearer ${key}` }),
        ...(hasBody ? { 'content-type': 'application/json' } : {}),
        ...options.headers,
      },
      body:
        options.raw === undefined
          ? body === undefined
            ? null
            : JSON.stringify(body)
          : (options.raw as string),
    })
    const text = await answer.text()
    const json = /[/+]json\b/.test(answer.headers.get('content-type') ?? '')
    return {
      status: answer.status,
      headers: answer.headers,
      text,
      body: (json ? JSON.parse(text) : text) as Body,
    }
  }
}
