/**
 * The environment becomes a typed configuration in two steps, `readEnv` and `envToConfig`.
 * No other file reads the environment. A value that cannot be used is a `ConfigError`: one sentence
 * that names the variable and says what would be right.
 */
import { isIP } from 'node:net'
import path from 'node:path'
import type { IpRange } from './egress/ip-range.ts'
import { type AllowRule, parseEgressAllow, parseNat64 } from './egress/policy.ts'
import { type EgressProxy, parseProxy } from './egress/proxy.ts'
import { type EncryptionKey, parseEncryptionKeys } from './lib/encryption-key.ts'
import type { LogLevel } from './lib/log.ts'

/** A value of the environment that cannot be used; the message is for the person who set it. */
export class ConfigError extends Error {
  override name = 'ConfigError'
}

/** The variables as they are set; empty counts as absent. */
export type Env = Readonly<Record<EnvName, string | undefined>>

export const envNames = [
  'HOST',
  'PORT',
  'KEYHOOK_DATA_DIR',
  'DATABASE_URL',
  'KEYHOOK_BASE_URL',
  'KEYHOOK_ENCRYPTION_KEY',
  'KEYHOOK_EGRESS_ALLOW',
  'KEYHOOK_EGRESS_HTTP',
  'KEYHOOK_EGRESS_PROXY',
  'KEYHOOK_EGRESS_NAT64',
  'KEYHOOK_BOOTSTRAP_KEY',
  'KEYHOOK_SANDBOX',
  'LOG_LEVEL',
  'KEYHOOK_LOG_RETENTION_DAYS',
  'KEYHOOK_LOG_ARCHIVE_DIR',
  'KEYHOOK_METRICS',
  'KEYHOOK_SMTP_URL',
  'KEYHOOK_MAIL_FROM',
  'KEYHOOK_URL',
  'KEYHOOK_API_KEY',
] as const
type EnvName = (typeof envNames)[number]

export type Config = {
  /**
   * `try_it`: only this machine can reach the server, so `http` and loopback endpoint URLs are allowed,
   * keys are generated and the sandbox receiver is on. `server`: everything else.
   */
  readonly profile: 'try_it' | 'server'
  readonly listen: { readonly host: string; readonly port: number }
  /** Set by the operator; null means the address that was bound in the end. */
  readonly baseUrl: string | null
  readonly dataDir: string
  /** `url` null: PGlite in `dataDir`. */
  readonly database: { readonly url: string | null }
  /** null: the generated key file in `dataDir`. */
  readonly encryptionKeys: readonly EncryptionKey[] | null
  readonly egress: {
    readonly http: boolean
    readonly allow: readonly AllowRule[]
    readonly proxy: EgressProxy | null
    readonly nat64: readonly IpRange[]
  }
  readonly bootstrapKey: string | null
  /** The server that the command line asks, when it is told one. */
  readonly client: { readonly url: string; readonly apiKey: string } | null
  readonly sandbox: boolean
  /** null: no mail is sent. */
  readonly mail: { readonly url: URL; readonly from: string } | null
  /** Of the activity log. `days` null: all of it is kept; `archiveDir` null: what leaves it is not. */
  readonly logRetention: { readonly days: number | null; readonly archiveDir: string | null }
  /** Who may read `/metrics`: administrators and API keys, or everyone who reaches the server. */
  readonly metrics: 'admin' | 'public'
  /** `toFile`: the try-it profile keeps the terminal for people and logs into `dataDir`. */
  readonly log: { readonly level: LogLevel; readonly toFile: boolean }
}

/** Reads the variables that Keyhook knows. */
export function readEnv(env: NodeJS.ProcessEnv): Env {
  const read = (name: EnvName) => env[name]?.trim() || undefined
  return Object.fromEntries(envNames.map((name) => [name, read(name)])) as Env
}

/** Checks, defaults and groups the variables. Throws `ConfigError`. */
export function envToConfig(env: Env): Config {
  const host = env.HOST ?? '127.0.0.1'
  const baseUrl = parseBaseUrl(env.KEYHOOK_BASE_URL)
  // An address for others means that others come, through a proxy on this machine if not directly.
  const reachedByOthers = !isLoopback(host) || (baseUrl !== null && !isLoopback(new URL(baseUrl).hostname))
  const tryIt = !reachedByOthers
  const databaseUrl = parseDatabaseUrl(env.DATABASE_URL)
  const encryptionKeys = named('KEYHOOK_ENCRYPTION_KEY', env, parseEncryptionKeys)
  if (!tryIt && encryptionKeys === null) {
    throw new ConfigError(
      'KEYHOOK_ENCRYPTION_KEY is not set. It encrypts stored secrets and is generated only when nobody else can ' +
        'reach the server; set it to an id and 32 random bytes in base64, for example the output of: ' +
        'echo "k1:$(openssl rand -base64 32)"',
    )
  }
  return {
    profile: tryIt ? 'try_it' : 'server',
    listen: { host, port: parsePort(env.PORT) },
    baseUrl,
    dataDir: path.resolve(env.KEYHOOK_DATA_DIR ?? './data'),
    database: { url: databaseUrl },
    encryptionKeys,
    egress: {
      http: parseSwitch('KEYHOOK_EGRESS_HTTP', env.KEYHOOK_EGRESS_HTTP) ?? tryIt,
      allow:
        named('KEYHOOK_EGRESS_ALLOW', env, parseEgressAllow) ??
        (tryIt ? parseEgressAllow('127.0.0.0/8, ::1, localhost') : []),
      proxy: named('KEYHOOK_EGRESS_PROXY', env, parseProxy),
      nat64: named('KEYHOOK_EGRESS_NAT64', env, parseNat64) ?? [],
    },
    bootstrapKey: parseBootstrapKey(env.KEYHOOK_BOOTSTRAP_KEY),
    client: parseClient(env),
    mail: parseMail(env),
    logRetention: parseRetention(env),
    metrics: parseMetrics(env.KEYHOOK_METRICS),
    sandbox: parseSwitch('KEYHOOK_SANDBOX', env.KEYHOOK_SANDBOX) ?? tryIt,
    log: { level: parseLogLevel(env.LOG_LEVEL), toFile: tryIt && env.LOG_LEVEL === undefined },
  }
}

/** Whether only this machine can connect to `host`. */
export function isLoopback(host: string): boolean {
  const bare = host.replace(/^\[|\]$/g, '')
  if (bare === 'localhost' || bare === '::1') return true
  return isIP(bare) === 4 && bare.startsWith('127.')
}

function named<Value>(name: EnvName, env: Env, parse: (text: string) => Value): Value | null {
  const text = env[name]
  if (text === undefined) return null
  try {
    return parse(text)
  } catch (error) {
    throw new ConfigError(`${name}: ${error instanceof Error ? error.message : String(error)}`)
  }
}

function parsePort(text: string | undefined): number {
  if (text === undefined) return 3000
  const port = Number(text)
  if (!/^\d{1,5}$/.test(text) || port > 65_535) {
    throw new ConfigError(`PORT is "${text}"; it must be a number from 0 to 65535, for example 3000.`)
  }
  return port
}

function parseSwitch(name: EnvName, text: string | undefined): boolean | null {
  if (text === undefined) return null
  if (/^(true|on|1|yes)$/i.test(text)) return true
  if (/^(false|off|0|no)$/i.test(text)) return false
  throw new ConfigError(`${name} is "${text}"; it must be true or false.`)
}

function parseBaseUrl(text: string | undefined): string | null {
  if (text === undefined) return null
  // The value may hold a password: it is not repeated.
  if (text.includes('@'))
    throw new ConfigError('KEYHOOK_BASE_URL must not have a user name or password in it.')
  const url = URL.canParse(text) ? new URL(text) : null
  if (!url || !/^https?:$/.test(url.protocol) || url.search || url.hash || url.pathname !== '/') {
    throw new ConfigError(
      `KEYHOOK_BASE_URL is "${text}"; it must be an http or https address without path, for example https://keyhook.example.com.`,
    )
  }
  return url.origin
}

function parseMail({ KEYHOOK_SMTP_URL: text, KEYHOOK_MAIL_FROM: from }: Env): Config['mail'] {
  if (text === undefined && from === undefined) return null
  // The value may hold a password: it is not repeated.
  if (text === undefined || !isSmtpUrl(text))
    throw new ConfigError(
      'KEYHOOK_SMTP_URL must be the address of a mail server, for example smtps://keyhook:secret@smtp.example.com; ' +
        'characters such as @ and / in the password are written as %40 and %2F.',
    )
  if (from === undefined || !/^(?:[^<>@\r\n]*<[^\s@<>]+@[^\s@<>]+>|[^\s@<>]+@[^\s@<>]+)$/.test(from))
    throw new ConfigError(
      'KEYHOOK_MAIL_FROM must be who the mail is from, for example Keyhook <keyhook@example.com>.',
    )
  return { url: new URL(text), from }
}

function isSmtpUrl(text: string): boolean {
  if (!URL.canParse(text)) return false
  const { protocol, hostname, username, password, pathname, search, hash } = new URL(text)
  const rest = `${pathname}${search}${hash}`
  if (!/^smtps?:$/.test(protocol) || hostname === '' || !['', '/'].includes(rest)) return false
  // A percent sign that stands for itself is written %25.
  return [username, password].every((part) => !/%(?![0-9a-f]{2})/i.test(part) && isUtf8(part))
}

function isUtf8(escaped: string): boolean {
  try {
    decodeURIComponent(escaped)
    return true
  } catch {
    return false
  }
}

function parseRetention(env: Env): Config['logRetention'] {
  const text = env.KEYHOOK_LOG_RETENTION_DAYS
  const folder = env.KEYHOOK_LOG_ARCHIVE_DIR
  if (text !== undefined && (!/^[1-9]\d{0,4}$/.test(text) || Number(text) > 36_500))
    throw new ConfigError(
      `KEYHOOK_LOG_RETENTION_DAYS is "${text}"; it must be a number of days from 1 to 36500, for example 400.`,
    )
  return {
    days: text === undefined ? null : Number(text),
    archiveDir:
      folder === 'none'
        ? null
        : path.resolve(folder ?? path.join(env.KEYHOOK_DATA_DIR ?? './data', 'log-archive')),
  }
}

function parseMetrics(text = 'admin'): Config['metrics'] {
  if (text === 'admin' || text === 'public') return text
  throw new ConfigError(`KEYHOOK_METRICS is "${text}"; it must be admin or public.`)
}

function parseClient({ KEYHOOK_URL: url, KEYHOOK_API_KEY: apiKey }: Env): Config['client'] {
  if (url === undefined && apiKey === undefined) return null
  if (url === undefined || !URL.canParse(url) || !/^https?:$/.test(new URL(url).protocol))
    throw new ConfigError(
      'KEYHOOK_URL must be the address of a server, for example https://keyhook.example.com.',
    )
  if (apiKey === undefined) throw new ConfigError('KEYHOOK_API_KEY is not set; KEYHOOK_URL needs one.')
  return { url: url.replace(/\/+$/, ''), apiKey }
}

function parseDatabaseUrl(text: string | undefined): string | null {
  if (text === undefined) return null
  if (!URL.canParse(text) || !/^postgres(ql)?:$/.test(new URL(text).protocol)) {
    // The value may hold a password: it is not repeated.
    throw new ConfigError(
      'DATABASE_URL must be a PostgreSQL address, for example postgresql://keyhook:secret@db.example.com/keyhook.',
    )
  }
  return text
}

function parseBootstrapKey(text: string | undefined): string | null {
  if (text === undefined) return null
  if (!/^kh_[A-Za-z0-9_-]{32,200}$/.test(text)) {
    throw new ConfigError('KEYHOOK_BOOTSTRAP_KEY must be kh_ followed by 32 to 200 letters, digits, - or _.')
  }
  return text
}

function parseLogLevel(text: string | undefined): LogLevel {
  const levels: LogLevel[] = ['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent']
  const level = levels.find((candidate) => candidate === (text ?? 'info').toLowerCase())
  if (!level) throw new ConfigError(`LOG_LEVEL is "${text}"; it must be one of ${levels.join(', ')}.`)
  return level
}
