import { randomBytes } from 'node:crypto'
import path from 'node:path'
import { describe, expect, test } from 'vitest'
import {
  type Config,
  ConfigError,
  type Env,
  envNames,
  envToConfig,
  isLoopback,
  readEnv,
} from '../../src/config.ts'

const key = `k1:${randomBytes(32).toString('base64')}`
const configOf = (env: NodeJS.ProcessEnv): Config => envToConfig(readEnv(env))
/** What an operator of a server sets at least. */
const server = { HOST: '0.0.0.0', KEYHOOK_ENCRYPTION_KEY: key }

describe('the try-it profile', () => {
  test('is the default: this machine only, http and loopback endpoint URLs, the sandbox, a log file', () => {
    expect(configOf({})).toMatchObject({
      profile: 'try_it',
      listen: { host: '127.0.0.1', port: 3000 },
      baseUrl: null,
      dataDir: path.resolve('./data'),
      database: { url: null },
      encryptionKeys: null,
      egress: { http: true },
      bootstrapKey: null,
      sandbox: true,
      log: { level: 'info', toFile: true },
    })
    expect(configOf({}).egress.allow).toHaveLength(3)
  })

  test.each(['127.0.0.1', '127.8.8.8', 'localhost', '::1', '[::1]'])('holds with HOST %s', (HOST) => {
    expect(configOf({ HOST }).profile).toBe('try_it')
  })

  test.each(['http://127.0.0.1:4000', 'http://localhost:3000', 'http://[::1]:3000'])(
    'holds with the base URL %s',
    (KEYHOOK_BASE_URL) => {
      expect(configOf({ KEYHOOK_BASE_URL }).profile).toBe('try_it')
    },
  )
})

describe('the server profile', () => {
  test.each<[string, NodeJS.ProcessEnv]>([
    ['HOST is any address', { HOST: '0.0.0.0' }],
    ['HOST is any IPv6 address', { HOST: '::' }],
    ['HOST is an outer address', { HOST: '192.0.2.7' }],
    ['HOST is a name', { HOST: 'keyhook.example.com' }],
    ['HOST only looks like this machine', { HOST: '127.0.0.1.example.com' }],
    ['HOST is a name below localhost', { HOST: 'localhost.example.com' }],
    ['others come through a proxy', { KEYHOOK_BASE_URL: 'https://keyhook.example.com' }],
    ['a proxy has an outer address', { KEYHOOK_BASE_URL: 'http://192.0.2.7' }],
  ])('holds when %s: nothing that only a try-out may do', (_why, env) => {
    expect(configOf({ ...env, KEYHOOK_ENCRYPTION_KEY: key })).toMatchObject({
      profile: 'server',
      egress: { http: false, allow: [] },
      sandbox: false,
      log: { level: 'info', toFile: false },
    })
    expect(() => configOf(env)).toThrow(/^KEYHOOK_ENCRYPTION_KEY is not set\. .*openssl rand -base64 32/)
  })

  test('the operator may open each of them', () => {
    const opened = configOf({
      ...server,
      KEYHOOK_EGRESS_HTTP: 'true',
      KEYHOOK_EGRESS_ALLOW: '10.0.0.0/8, hooks.internal',
      KEYHOOK_SANDBOX: 'true',
    })
    expect(opened).toMatchObject({ egress: { http: true }, sandbox: true })
    expect(opened.egress.allow).toHaveLength(2)
  })
})

describe('each variable', () => {
  test.each<[string, string, (config: Config) => unknown, unknown]>([
    ['PORT', '0', (config) => config.listen.port, 0],
    ['PORT', '65535', (config) => config.listen.port, 65_535],
    ['PORT', ' 8080 ', (config) => config.listen.port, 8_080],
    ['KEYHOOK_DATA_DIR', '/var/lib/keyhook', (config) => config.dataDir, '/var/lib/keyhook'],
    ['KEYHOOK_DATA_DIR', 'relative', (config) => config.dataDir, path.resolve('relative')],
    ['DATABASE_URL', 'postgresql://a:b@db/x', (config) => config.database.url, 'postgresql://a:b@db/x'],
    ['DATABASE_URL', 'postgres://db/x', (config) => config.database.url, 'postgres://db/x'],
    ['KEYHOOK_BASE_URL', 'http://localhost:80/', (config) => config.baseUrl, 'http://localhost'],
    ['KEYHOOK_BASE_URL', 'HTTP://LOCALHOST:81', (config) => config.baseUrl, 'http://localhost:81'],
    ['KEYHOOK_ENCRYPTION_KEY', key, (config) => config.encryptionKeys?.length, 1],
    ['KEYHOOK_EGRESS_ALLOW', '10.0.0.0/8', (config) => config.egress.allow.length, 1],
    ['KEYHOOK_EGRESS_HTTP', 'false', (config) => config.egress.http, false],
    ['KEYHOOK_EGRESS_HTTP', 'ON', (config) => config.egress.http, true],
    ['KEYHOOK_EGRESS_HTTP', '1', (config) => config.egress.http, true],
    ['KEYHOOK_EGRESS_HTTP', 'yes', (config) => config.egress.http, true],
    ['KEYHOOK_EGRESS_PROXY', 'http://proxy:3128', (config) => config.egress.proxy?.port, 3_128],
    ['KEYHOOK_SANDBOX', 'off', (config) => config.sandbox, false],
    ['KEYHOOK_SANDBOX', '0', (config) => config.sandbox, false],
    ['KEYHOOK_SANDBOX', 'No', (config) => config.sandbox, false],
    [
      'KEYHOOK_BOOTSTRAP_KEY',
      `kh_${'a'.repeat(32)}`,
      (config) => config.bootstrapKey,
      `kh_${'a'.repeat(32)}`,
    ],
    ['KEYHOOK_BOOTSTRAP_KEY', `kh_${'-_'.repeat(100)}`, (config) => config.bootstrapKey?.length, 203],
    ['KEYHOOK_LOG_RETENTION_DAYS', '400', (config) => config.logRetention.days, 400],
    ['KEYHOOK_LOG_ARCHIVE_DIR', '/archive', (config) => config.logRetention.archiveDir, '/archive'],
    ['KEYHOOK_LOG_ARCHIVE_DIR', 'none', (config) => config.logRetention.archiveDir, null],
    ['KEYHOOK_METRICS', 'public', (config) => config.metrics, 'public'],
    ['LOG_LEVEL', 'DEBUG', (config) => config.log, { level: 'debug', toFile: false }],
    ['LOG_LEVEL', 'silent', (config) => config.log.level, 'silent'],
  ])('%s may be "%s"', (name, value, read, expected) => {
    expect(read(configOf({ [name]: value }))).toEqual(expected)
  })

  test.each(envNames.map((name) => [name]))('%s empty or blank is as if it were absent', (name) => {
    expect(configOf({ [name]: '' })).toEqual(configOf({}))
    expect(configOf({ [name]: '  ' })).toEqual(configOf({}))
  })

  // The third column must not be repeated: it is or holds a secret.
  test.each<[string, string, string?]>([
    ['PORT', '65536'],
    ['PORT', '-1'],
    ['PORT', '3000.5'],
    ['PORT', '0x50'],
    ['PORT', '1e3'],
    ['PORT', 'http'],
    ['DATABASE_URL', 'mysql://user:hidden@db/x', 'hidden'],
    ['DATABASE_URL', 'user:hidden@db/x', 'hidden'],
    ['DATABASE_URL', '/var/hidden.db', 'hidden'],
    ['KEYHOOK_BASE_URL', 'keyhook.example.com'],
    ['KEYHOOK_BASE_URL', 'ftp://keyhook.example.com'],
    ['KEYHOOK_BASE_URL', 'https://keyhook.example.com/sub'],
    ['KEYHOOK_BASE_URL', 'https://keyhook.example.com/?a=b'],
    ['KEYHOOK_BASE_URL', 'https://keyhook.example.com/#a'],
    ['KEYHOOK_BASE_URL', 'https://ada:hidden@keyhook.example.com', 'hidden'],
    ['KEYHOOK_BASE_URL', 'https://:hidden@keyhook.example.com', 'hidden'],
    ['KEYHOOK_ENCRYPTION_KEY', 'hidden', 'hidden'],
    ['KEYHOOK_ENCRYPTION_KEY', 'k1:hidden', 'hidden'],
    ['KEYHOOK_ENCRYPTION_KEY', `k1:${'hidden00'.repeat(6)}`, 'hidden'],
    ['KEYHOOK_ENCRYPTION_KEY', `${key} ${key}`, key.slice(3)],
    ['KEYHOOK_EGRESS_ALLOW', '10.0.0.0/33'],
    ['KEYHOOK_EGRESS_ALLOW', '10.0.0.0/8, /'],
    ['KEYHOOK_EGRESS_HTTP', 'maybe'],
    ['KEYHOOK_EGRESS_HTTP', '2'],
    ['KEYHOOK_EGRESS_PROXY', 'https://ada:hidden@proxy', 'hidden'],
    ['KEYHOOK_EGRESS_PROXY', 'http://ada:hidden%zz@proxy', 'hidden'],
    ['KEYHOOK_SANDBOX', 'maybe'],
    ['KEYHOOK_BOOTSTRAP_KEY', 'hidden', 'hidden'],
    ['KEYHOOK_BOOTSTRAP_KEY', `kh_${'hidden'.repeat(5)}h`, 'hidden'],
    ['KEYHOOK_BOOTSTRAP_KEY', `kh_${'hidden'.repeat(34)}`, 'hidden'],
    ['KEYHOOK_BOOTSTRAP_KEY', `kh_${'hidden'.repeat(6)} x`, 'hidden'],
    ['KEYHOOK_BOOTSTRAP_KEY', `KH_${'hidden'.repeat(6)}`, 'hidden'],
    ['KEYHOOK_LOG_RETENTION_DAYS', '0'],
    ['KEYHOOK_LOG_RETENTION_DAYS', '-1'],
    ['KEYHOOK_LOG_RETENTION_DAYS', '1.5'],
    ['KEYHOOK_LOG_RETENTION_DAYS', '36501'],
    ['KEYHOOK_LOG_RETENTION_DAYS', '1y'],
    ['KEYHOOK_METRICS', 'off'],
    ['KEYHOOK_METRICS', 'true'],
    ['LOG_LEVEL', 'verbose'],
  ])('%s may not be "%s": one sentence that names it', (name, value, secret) => {
    let refused: unknown
    try {
      configOf({ [name]: value })
    } catch (error) {
      refused = error
    }
    expect(refused).toBeInstanceOf(ConfigError)
    const { message } = refused as ConfigError
    expect(message).toContain(name)
    expect(message).not.toContain('\n')
    if (secret) expect(message).not.toContain(secret)
  })
})

test('variables that Keyhook does not know are not read', () => {
  const env = readEnv({ PORT: '1', PATH: '/bin', KEYHOOK_UNKNOWN: 'x' })
  expect(Object.keys(env).sort()).toEqual([...envNames].sort())
  expect(env).toEqual({ ...blank(), PORT: '1' })
})

function blank(): Env {
  return Object.fromEntries(envNames.map((name) => [name, undefined])) as Env
}

test.each([
  ['127.0.0.1', true],
  ['127.255.255.255', true],
  ['localhost', true],
  ['::1', true],
  ['[::1]', true],
  ['128.0.0.1', false],
  ['127.0.0.1.example.com', false],
  ['localhost.example.com', false],
  ['::', false],
  ['0.0.0.0', false],
  ['', false],
])('isLoopback(%s) is %s', (host, expected) => {
  expect(isLoopback(host)).toBe(expected)
})
