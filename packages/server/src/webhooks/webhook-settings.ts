/** How a webhook is called, between the API, memory and the database. */

import type { StreamSettings } from '@keyhook/contract/api/stream.ts'
import type { WebhookChange, WebhookDraft } from '@keyhook/contract/api/webhook.ts'
import type { CircuitBreakerSetting, RetryPolicySetting } from '@keyhook/contract/api/webhook-settings.ts'
import { settingDefaults } from '@keyhook/contract/setting-limits.ts'
import { type WebhookType, webhookTypeTable } from '@keyhook/contract/webhook-type.ts'
import type { StoredCredentials, StoredSettings } from '../db/schema.ts'
import {
  type Authentication,
  joinAuthentication,
  mergeAuthentication,
  splitAuthentication,
} from '../endpoint-auth/authentication.ts'
import {
  type ClientCertificate,
  mergeClientCertificate,
  requireAuthorities,
} from '../endpoint-auth/certificates.ts'
import type { MemberError } from '../lib/problem-error.ts'
import { mergeStream } from './stream-settings.ts'

export type WebhookSettings = {
  readonly authentication: Authentication
  readonly clientCertificate: ClientCertificate | null
  /** PEM. */
  readonly certificateAuthority: string | null
  readonly v1aSignature: boolean
  readonly retryPolicy: RetryPolicySetting | null
  readonly concurrencyLimit: number
  readonly maxWaitMs: number
  readonly circuitBreaker: CircuitBreakerSetting | null
  readonly condition: string | null
  readonly callbackDeadlineSeconds: number | null
  readonly deliveryPerPermission: boolean
  /** Of a SIEM webhook; null of the others. */
  readonly stream: StreamSettings | null
}

/** Members of a request that make up the settings: of a draft all, of a change those that change. */
type Wanted = Pick<
  WebhookDraft | WebhookChange,
  | 'authentication'
  | 'client_certificate'
  | 'certificate_authority'
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

export type SettingsContext = {
  type: WebhookType
  /** Of the saved webhook; null for a new one. */
  stored: WebhookSettings | null
  /** Whether the endpoint URL still has the scheme, host and port that the stored secrets were entered for. */
  sameOrigin: boolean
  /** Pointer of the webhook in the request. */
  at: string
  now: number
  /** What is wrong with a condition, in a sentence; null when it can be used. */
  checkCondition: (text: string) => string | null
}

/**
 * The settings after a request: an absent member keeps the stored value, null clears it. What is wrong is added to
 * `errors`; then the result must not be used.
 */
export function settingsOf(wanted: Wanted, context: SettingsContext, errors: MemberError[]): WebhookSettings {
  const { stored, at } = context
  const base = stored ?? defaultSettings
  const authentication = mergeAuthentication(
    wanted.authentication,
    { stored: stored?.authentication ?? null, sameOrigin: context.sameOrigin, at: `${at}/authentication` },
    errors,
  )
  const clientCertificate = mergeClientCertificate(
    wanted.client_certificate,
    {
      stored: stored?.clientCertificate ?? null,
      sameOrigin: context.sameOrigin,
      at: `${at}/client_certificate`,
      now: context.now,
    },
    errors,
  )
  const settings: WebhookSettings = {
    authentication,
    clientCertificate,
    certificateAuthority: chosen(wanted.certificate_authority, base.certificateAuthority),
    v1aSignature: chosen(wanted.v1a_signature, base.v1aSignature) ?? settingDefaults.v1a_signature,
    retryPolicy: chosen(wanted.retry_policy, base.retryPolicy),
    concurrencyLimit:
      chosen(wanted.concurrency_limit, base.concurrencyLimit) ?? settingDefaults.concurrency_limit,
    maxWaitMs: chosen(wanted.max_wait_ms, base.maxWaitMs) ?? settingDefaults.max_wait_ms,
    circuitBreaker: chosen(wanted.circuit_breaker, base.circuitBreaker),
    condition: chosen(wanted.condition, base.condition),
    callbackDeadlineSeconds: chosen(wanted.callback_deadline_seconds, base.callbackDeadlineSeconds),
    deliveryPerPermission:
      chosen(wanted.delivery_per_permission, base.deliveryPerPermission) ??
      settingDefaults.delivery_per_permission,
    stream: mergeStream(
      wanted.stream,
      { type: context.type, stored: base.stream, at, now: context.now },
      errors,
    ),
  }
  if (wanted.certificate_authority) {
    requireAuthorities(wanted.certificate_authority, `${at}/certificate_authority`, context.now, errors)
  }
  if (wanted.condition) {
    const detail = context.checkCondition(wanted.condition)
    if (detail) errors.push({ pointer: `${at}/condition`, detail })
  }
  if (settings.callbackDeadlineSeconds !== null && webhookTypeTable[context.type].kind === 'event') {
    errors.push({
      pointer: `${at}/callback_deadline_seconds`,
      detail: 'A SIEM webhook has no answer that could come later: leave this null.',
    })
  }
  if (settings.deliveryPerPermission && !webhookTypeTable[context.type].perPermission) {
    errors.push({
      pointer: `${at}/delivery_per_permission`,
      detail:
        'Only provisioning and deprovisioning webhooks can have a delivery for each permission: leave this false.',
    })
  }
  return settings
}

/** Absent keeps. */
function chosen<Value, Kept>(value: Value | undefined, kept: Kept): Value | Kept {
  return value === undefined ? kept : value
}

/** What is written: the open part as JSON, the secrets apart. */
export function toStored(settings: WebhookSettings): {
  settings: StoredSettings
  credentials: StoredCredentials
} {
  const authentication = splitAuthentication(settings.authentication)
  return {
    settings: {
      authentication: authentication.settings,
      client_certificate: settings.clientCertificate?.certificate ?? null,
      certificate_authority: settings.certificateAuthority,
      v1a_signature: settings.v1aSignature,
      retry_policy: settings.retryPolicy,
      concurrency_limit: settings.concurrencyLimit,
      max_wait_ms: settings.maxWaitMs,
      circuit_breaker: settings.circuitBreaker,
      condition: settings.condition,
      callback_deadline_seconds: settings.callbackDeadlineSeconds,
      delivery_per_permission: settings.deliveryPerPermission,
      stream: settings.stream,
    },
    credentials: {
      authentication: authentication.secrets,
      client_private_key: settings.clientCertificate?.privateKey ?? null,
    },
  }
}

/** The settings of a stored webhook with its opened secrets. */
export function fromStored(stored: StoredSettings, credentials: StoredCredentials): WebhookSettings {
  const { client_certificate } = stored
  const { client_private_key } = credentials
  const all = { ...settingDefaults, ...stored }
  return {
    authentication: joinAuthentication(stored.authentication ?? { type: 'none' }, credentials.authentication),
    clientCertificate:
      client_certificate && client_private_key
        ? { certificate: client_certificate, privateKey: client_private_key }
        : null,
    certificateAuthority: all.certificate_authority,
    v1aSignature: all.v1a_signature,
    retryPolicy: all.retry_policy,
    concurrencyLimit: all.concurrency_limit,
    maxWaitMs: all.max_wait_ms,
    circuitBreaker: all.circuit_breaker,
    condition: all.condition,
    callbackDeadlineSeconds: all.callback_deadline_seconds,
    deliveryPerPermission: all.delivery_per_permission,
    stream: all.stream,
  }
}

/** Of a webhook of which nothing was said. */
const defaultSettings = fromStored({}, { authentication: null, client_private_key: null })
