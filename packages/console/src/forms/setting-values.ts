/** The settings of a webhook as the form holds them: paths as in the API, so that its errors find their fields. */

import type { WebhookRead } from '@keyhook/contract/api/webhook.ts'
import type { AuthenticationType } from '@keyhook/contract/authentication-kinds.ts'
import {
  callbackDeadlineLimits,
  defaultRetryPolicy,
  settingDefaults,
} from '@keyhook/contract/setting-limits.ts'
import type { DraftBody } from '../api.ts'

/** Members of all kinds of authentication; each kind shows and sends its own. */
const emptyMembers = {
  ...{ name: '', value: '', username: '', password: '', token: '' },
  ...{ token_url: '', client_id: '', client_authentication: 'client_secret_basic', client_secret: '' },
  ...{ private_key: '', key_id: '', scope: '', audience: '', assertion_audience: '' },
  ...{ region: '', service: 'lambda', access_key_id: '', secret_access_key: '', session_token: '' },
}
export type AuthenticationMember = keyof typeof emptyMembers
export type AuthenticationValues = { type: AuthenticationType } & Record<AuthenticationMember, string>

export const authenticationMembers: Readonly<Record<AuthenticationType, readonly AuthenticationMember[]>> = {
  none: [],
  header: ['name', 'value'],
  basic: ['username', 'password'],
  bearer: ['token'],
  oauth2_client_credentials: [
    ...(['token_url', 'client_id', 'client_authentication', 'client_secret', 'private_key'] as const),
    ...(['key_id', 'scope', 'audience', 'assertion_audience'] as const),
  ],
  aws_signature_v4: ['region', 'service', 'access_key_id', 'secret_access_key', 'session_token'],
}

/** Members that are written and never read back. */
export const secretMembers: readonly string[] = [
  ...['value', 'password', 'token', 'client_secret', 'private_key', 'secret_access_key', 'session_token'],
]
/** Members for which empty means null rather than missing. */
const nullableMembers: readonly string[] = ['key_id', 'scope', 'audience', 'assertion_audience']

export type SettingValues = {
  authentication: AuthenticationValues
  client_certificate: { certificate: string; private_key: string }
  certificate_authority: string
  v1a_signature: boolean
  condition: string
  retry_policy: {
    on: boolean
    max_attempts: number | ''
    first_delay_ms: number | ''
    max_delay_ms: number | ''
  }
  concurrency_limit: number | ''
  max_wait_seconds: number | ''
  circuit_breaker: {
    on: boolean
    failure_percent: number | ''
    minimum_calls: number | ''
    window_seconds: number | ''
    pause_seconds: number | ''
  }
  callback: { on: boolean; hours: number | '' }
  delivery_per_permission: boolean
}

/** The form's fields, as `formErrorsOf` takes them. */
export const settingFields = [
  'authentication.type',
  ...[...new Set(Object.values(authenticationMembers).flat())].map((member) => `authentication.${member}`),
  'client_certificate.certificate',
  'client_certificate.private_key',
  'certificate_authority',
  'condition',
  'retry_policy.max_attempts',
  'retry_policy.first_delay_ms',
  'retry_policy.max_delay_ms',
  'concurrency_limit',
  'max_wait_seconds',
  'circuit_breaker.failure_percent',
  'circuit_breaker.minimum_calls',
  'circuit_breaker.window_seconds',
  'circuit_breaker.pause_seconds',
  'callback.hours',
  'delivery_per_permission',
]
export const settingAliases = {
  max_wait_ms: 'max_wait_seconds',
  'circuit_breaker.failure_share': 'circuit_breaker.failure_percent',
  callback_deadline_seconds: 'callback.hours',
}

type Saved = Pick<
  WebhookRead,
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
>

/** The settings of a saved webhook; secrets stay with the server. */
export function settingValuesOf(saved: Saved): SettingValues {
  const open = Object.fromEntries(
    Object.entries(saved.authentication).map(([name, value]) => [
      name,
      typeof value === 'string' ? value : '',
    ]),
  )
  const retry = saved.retry_policy ?? defaultRetryPolicy
  const breaker = saved.circuit_breaker ?? settingDefaults.circuit_breaker
  return {
    authentication: { ...emptyMembers, ...open, type: saved.authentication.type },
    client_certificate: { certificate: saved.client_certificate?.certificate ?? '', private_key: '' },
    certificate_authority: saved.certificate_authority?.certificates ?? '',
    v1a_signature: saved.v1a_signature,
    condition: saved.condition ?? '',
    retry_policy: { on: saved.retry_policy !== null, ...retry },
    concurrency_limit: saved.concurrency_limit,
    max_wait_seconds: saved.max_wait_ms / 1_000,
    circuit_breaker: {
      on: saved.circuit_breaker !== null,
      failure_percent: Math.round(breaker.failure_share * 100),
      minimum_calls: breaker.minimum_calls,
      window_seconds: breaker.window_seconds,
      pause_seconds: breaker.pause_seconds,
    },
    callback: {
      on: saved.callback_deadline_seconds !== null,
      hours: (saved.callback_deadline_seconds ?? callbackDeadlineLimits.default) / 3_600,
    },
    delivery_per_permission: saved.delivery_per_permission,
  }
}

/** Those of a new webhook. */
export function newSettingValues(): SettingValues {
  return settingValuesOf({ ...settingDefaults, authentication: { type: 'none' }, client_certificate: null })
}

/** The settings as the API takes them. A number that was emptied is left to the server, which names the field. */
export function settingMembers(values: SettingValues) {
  const { client_certificate, retry_policy, circuit_breaker, callback } = values
  return {
    authentication: authenticationOf(values.authentication),
    client_certificate:
      client_certificate.certificate.trim() === ''
        ? null
        : {
            certificate: client_certificate.certificate,
            ...(client_certificate.private_key === '' ? {} : { private_key: client_certificate.private_key }),
          },
    certificate_authority: values.certificate_authority.trim() === '' ? null : values.certificate_authority,
    v1a_signature: values.v1a_signature,
    condition: values.condition.trim() === '' ? null : values.condition,
    retry_policy: retry_policy.on
      ? {
          max_attempts: Number(retry_policy.max_attempts),
          first_delay_ms: Number(retry_policy.first_delay_ms),
          max_delay_ms: Number(retry_policy.max_delay_ms),
        }
      : null,
    concurrency_limit: Number(values.concurrency_limit),
    max_wait_ms: Math.round(Number(values.max_wait_seconds) * 1_000),
    circuit_breaker: circuit_breaker.on
      ? {
          failure_share: Number(circuit_breaker.failure_percent) / 100,
          minimum_calls: Number(circuit_breaker.minimum_calls),
          window_seconds: Number(circuit_breaker.window_seconds),
          pause_seconds: Number(circuit_breaker.pause_seconds),
        }
      : null,
    callback_deadline_seconds: callback.on ? Math.round(Number(callback.hours) * 3_600) : null,
    delivery_per_permission: values.delivery_per_permission,
  } satisfies Partial<DraftBody>
}

/** Only the members of its kind; an empty secret is left out, so that a stored one stays. */
function authenticationOf(values: AuthenticationValues): NonNullable<DraftBody['authentication']> {
  const members = authenticationMembers[values.type].flatMap((name): [string, string | null][] => {
    const value = values[name]
    if (value !== '') return [[name, value]]
    if (nullableMembers.includes(name)) return [[name, null]]
    return secretMembers.includes(name) ? [] : [[name, '']]
  })
  return { type: values.type, ...Object.fromEntries(members) } as NonNullable<DraftBody['authentication']>
}
