/** Entries of the activity log about webhooks: what a configuration said before and after, and never a secret. Pure. */
import { settingDefaults } from '@keyhook/contract/setting-limits.ts'
import { splitAuthentication } from '../endpoint-auth/authentication.ts'
import { factsOf } from '../endpoint-auth/certificates.ts'
import { changeOf } from '../events/change-of.ts'
import type { Actor, NewEvent, Target } from '../events/event.ts'
import type { Webhook } from './webhook.ts'
import type { WebhookFields, WebhookRow } from './webhook-store.ts'

type Told = Pick<WebhookRow, 'id' | 'name' | 'type'>

export function webhookTarget({ id, name, type }: Told): Target {
  return { type: 'WEBHOOK', data: { id, name, webhook_type: type } }
}

export function webhookCreated(row: WebhookRow, actor: Actor): NewEvent {
  const metadata = { before: null, after: webhookFacts(row) }
  return { type: 'ADMIN_CREATED_WEBHOOK', actor, targets: [webhookTarget(row)], metadata }
}

export function webhookDeleted(row: WebhookRow, actor: Actor): NewEvent {
  const metadata = { before: webhookFacts(row), after: null }
  return { type: 'ADMIN_DELETED_WEBHOOK', actor, targets: [webhookTarget(row)], metadata }
}

/** `secretsChanged`: which secrets have another value, by their place. What was written but is as before is not told. */
export function webhookChanged(
  before: WebhookRow,
  after: WebhookRow,
  secretsChanged: readonly string[],
  actor: Actor,
): NewEvent[] {
  const targets = [webhookTarget(after)]
  const events: NewEvent[] = []
  const { enabled: _before, ...factsBefore } = webhookFacts(before)
  const { enabled: _after, ...factsAfter } = webhookFacts(after)
  const changes = changeOf(factsBefore, factsAfter)
  if (changes !== null || secretsChanged.length > 0) {
    const metadata = { ...(changes ?? { before: {}, after: {} }), secrets_changed: [...secretsChanged] }
    events.push({ type: 'ADMIN_UPDATED_WEBHOOK', actor, targets, metadata })
  }
  if (before.enabled !== after.enabled) {
    const type = after.enabled ? 'ADMIN_ENABLED_WEBHOOK' : 'ADMIN_DISABLED_WEBHOOK'
    events.push({ type, actor, targets })
  }
  return events
}

/** What the log keeps of a configuration, named as the API names it. */
function webhookFacts(row: WebhookRow): Record<string, unknown> {
  const { authentication, client_certificate, certificate_authority, ...settings } = {
    ...settingDefaults,
    ...row.settings,
  }
  return {
    name: row.name,
    description: row.description,
    endpoint_url: withoutQuery(row.endpoint_url),
    headers: row.headers.map(({ name }) => name),
    time_limit_ms: row.time_limit_ms,
    enabled: row.enabled,
    authentication: authenticationFacts(authentication),
    client_certificate: client_certificate ? (factsOf(client_certificate)[0] ?? null) : null,
    certificate_authority: certificate_authority ? factsOf(certificate_authority) : null,
    ...settings,
  }
}

function authenticationFacts(authentication: Record<string, unknown> = { type: 'none' }) {
  const { token_url } = authentication
  return typeof token_url === 'string'
    ? { ...authentication, token_url: withoutQuery(token_url) }
    : authentication
}

/** Some products put a key into the query, so the log has its place only. */
export function withoutQuery(url: string): string {
  const at = url.indexOf('?')
  return at === -1 ? url : `${url.slice(0, at)}?…`
}

/** The places of secrets whose value is another one now, such as `headers/x-api-key`. Names that came or went are facts. */
export function secretsChanged(before: Webhook, after: WebhookFields): string[] {
  const [old, now] = [secretsAt(before), secretsAt(after)]
  return [...now.keys()].filter((place) => old.has(place) && old.get(place) !== now.get(place)).sort()
}

function secretsAt({ endpointUrl, headers, settings }: WebhookFields): Map<string, string> {
  const { authentication, clientCertificate } = settings
  const { secrets } = splitAuthentication(authentication)
  return new Map([
    ['endpoint_url/query', new URL(endpointUrl).search],
    ...headers.map(({ name, value }) => [`headers/${name.toLowerCase()}`, value] as const),
    ...Object.entries(secrets ?? {}).map(([name, value]) => [`authentication/${name}`, value] as const),
    ...(clientCertificate ? [['client_certificate/private_key', clientCertificate.privateKey] as const] : []),
  ])
}
