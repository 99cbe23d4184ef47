/** Row types, one per table. Times are `Date`, bytes are `Uint8Array`. */
import type { DeliveryStatus } from '@keyhook/contract/api/delivery.ts'
import type { WebhookRead } from '@keyhook/contract/api/webhook.ts'
import type { FailureReason, Outcome, SkippedOutcome } from '@keyhook/contract/outcome.ts'
import type { SiemFormat } from '@keyhook/contract/siem/formats.ts'
import type { WebhookType } from '@keyhook/contract/webhook-type.ts'
import type { ColumnType, Generated } from 'kysely'
import type { AccessTables } from './access-schema.ts'
import type { AuthTables } from './auth-schema.ts'
import type { DirectoryTables } from './directory-schema.ts'
import type { Json } from './json-column.ts'
import type { LifecycleTables } from './lifecycle-schema.ts'
import type { LogTables } from './log-schema.ts'
import type { NoticeTables } from './notice-schema.ts'
import type { ScimTables } from './scim-schema.ts'
import type { StreamTables } from './stream-schema.ts'

export type Tables = AccessTables &
  AuthTables &
  DirectoryTables &
  LifecycleTables &
  LogTables &
  NoticeTables &
  ScimTables &
  StreamTables & {
    webhooks: WebhookTable
    deliveries: DeliveryTable
    attempts: AttemptTable
    signing_keys: SigningKeyTable
    circuits: CircuitTable
    callbacks: CallbackTable
    idempotency_keys: IdempotencyKeyTable
    processes: ProcessTable
    api_keys: ApiKeyTable
    setup_tokens: SetupTokenTable
    settings: SettingTable
  }

export type WebhookTable = {
  id: string
  type: WebhookType
  name: string
  description: string | null
  endpoint_url: string
  /** Values are sealed (see lib/secret-box.ts) and in base64. */
  headers: Json<{ name: string; sealed_value: string }[]>
  time_limit_ms: number
  enabled: boolean
  /** Everything else that is not secret; see webhooks/webhook-settings.ts. */
  settings: Json<StoredSettings>
  /** Secrets of the endpoint authentication and the client certificate's key, as sealed JSON. */
  sealed_credentials: Uint8Array | null
  version: Generated<number>
  created_at: Date
  updated_at: Date
  archived_at: Date | null
}

/** Settings by their API names; absent ones have their default, so that later versions can add some. */
export type StoredSettings = {
  /** Without its secrets. */
  authentication?: Record<string, unknown>
  client_certificate?: string | null
} & Partial<
  Pick<
    WebhookRead,
    | 'v1a_signature'
    | 'retry_policy'
    | 'concurrency_limit'
    | 'max_wait_ms'
    | 'circuit_breaker'
    | 'condition'
    | 'callback_deadline_seconds'
    | 'delivery_per_permission'
    | 'stream'
  >
> & { certificate_authority?: string | null }

/** What is secret in the endpoint authentication (see endpoint-auth) and the client certificate. */
export type StoredCredentials = {
  authentication: Record<string, string> | null
  client_private_key: string | null
}

export type SigningKeyTable = {
  id: string
  webhook_id: string
  algorithm: 'hmac-sha256' | 'ed25519'
  sealed_key: Uint8Array
  /** `whpk_…`; null for HMAC. */
  public_key: string | null
  created_at: Date
  /** From then on it does not sign any more; null: the current key. */
  retires_at: Date | null
}

/** A circuit that is open or half open. */
export type CircuitTable = {
  webhook_id: string
  state: Json<unknown>
  updated_at: Date
}

/** A delivery whose receiver said that it answers later. */
export type CallbackTable = {
  delivery_id: string
  deadline_at: Date
  received_at: Date | null
  body: Uint8Array | null
  closed_at: Date | null
  /** What must not be shown of the answer; null when it is closed. */
  sealed_secrets: Uint8Array | null
}

export type IdempotencyKeyTable = {
  principal_id: string
  key: string
  /** SHA-256 of what was asked. */
  request_hash: Uint8Array
  /** Of what was made: a delivery, an access request, an app. */
  result_id: string
  /** What only the first answer told: a key, a link. */
  sealed_secret: Uint8Array | null
  created_at: Date
}

export type DeliveryTable = {
  id: string
  /** null: the test of a webhook that was not saved. */
  webhook_id: string | null
  webhook_name: string
  webhook_type: WebhookType
  test: boolean
  status: DeliveryStatus
  /** The exact bytes that are sent and signed. */
  payload: Uint8Array
  outcome: ColumnType<Outcome | SkippedOutcome | null, string | null, string | null>
  failure_reason: FailureReason | null
  /** The process that is sending it; see db/process-lease.ts. */
  process_id: string | null
  finished_at: Date | null
  duration_ms: number | null
  /** Of a stream of events: which entries of the log it carries, from which its payload is made again. */
  entries: ColumnType<StoredEntries | null, string | null | undefined, string | null>
  /** A sending of it before the last one may have reached the receiver. */
  may_repeat: Generated<boolean>
}

/** Entries of the log as one SIEM delivery carries them. */
export type StoredEntries = {
  format: SiemFormat
  content_type: string
  gzip: boolean
  /** Spans of positions, both ends included; none for a test, whose payload is stored. */
  runs: [first: number, last: number][]
  count: number
}

export type AttemptTable = {
  id: string
  delivery_id: string
  number: number
  started_at: Date
  duration_ms: number
  /** What was sent and came back but for the bodies, secrets masked. */
  exchange: Json<StoredExchange>
  response_body: Uint8Array | null
  /** null: the receiver said that it answers later. */
  outcome: Json<Outcome | null>
}

export type StoredExchange = {
  url: string
  request_headers: [name: string, value: string][]
  response: { status: number; headers: [name: string, value: string][]; body_bytes: number } | null
  timings: {
    dns_ms: number | null
    connect_ms: number | null
    tls_ms: number | null
    first_byte_ms: number | null
    total_ms: number
  }
}

export type ProcessTable = {
  id: string
  host: string
  pid: number
  expires_at: Date
}

export type ApiKeyTable = {
  id: string
  name: string
  role: 'admin'
  hint: string
  /** SHA-256 of the key: keys are random, so no slow hash is needed. */
  hash: Uint8Array
  created_by: string | null
  created_at: Date
  last_used_at: Date | null
  revoked_at: Date | null
}

export type SetupTokenTable = { hash: Uint8Array; created_at: Date }

/** What the installation made for itself; see db/installation-secret.ts. */
export type SettingTable = { name: string; sealed_value: Uint8Array }
