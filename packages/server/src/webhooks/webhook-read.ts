import type { WebhookRead } from '@keyhook/contract/api/webhook.ts'
import { sql } from 'kysely'
import { type Circuits, closedCircuitRead } from '../circuit/circuits.ts'
import type { Context } from '../context.ts'
import type { StoredCredentials } from '../db/schema.ts'
import { neededSecrets, readAuthentication, unknownSecret } from '../endpoint-auth/authentication.ts'
import { factsOf } from '../endpoint-auth/certificates.ts'
import { timeOfId } from '../lib/ids.ts'
import { SecretBoxError } from '../lib/secret-box.ts'
import { findSigningKeys, type SigningKeyRow, signingFacts } from './signing-keys.ts'
import { streamOf } from './stream-settings.ts'
import { openCredentials } from './webhook-secrets.ts'
import { fromStored } from './webhook-settings.ts'
import type { WebhookRow } from './webhook-store.ts'

type Recent = WebhookRead['recent_deliveries'][number]

const recentCount = 10

/** Webhooks as the API shows them: no secret, and how the last deliveries went. */
export async function readWebhooks(
  ctx: Context,
  circuits: Circuits,
  rows: readonly WebhookRow[],
): Promise<WebhookRead[]> {
  const ids = rows.map((row) => row.id)
  const [recent, keys, states] = await Promise.all([
    recentDeliveries(ctx, ids),
    findSigningKeys(ctx, ids),
    circuits.read(ids),
  ])
  return rows.map((row) => ({
    id: row.id,
    type: row.type,
    name: row.name,
    description: row.description,
    endpoint_url: row.endpoint_url,
    headers: row.headers.map(({ name }) => ({ name, is_set: true as const })),
    time_limit_ms: row.time_limit_ms,
    enabled: row.enabled,
    ...readSettings(ctx, row),
    signing: readSigning(keys.get(row.id) ?? []),
    circuit: states.get(row.id) ?? closedCircuitRead,
    recent_deliveries: recent.get(row.id) ?? [],
    created_at: row.created_at.toISOString(),
    updated_at: row.updated_at.toISOString(),
  }))
}

function readSettings(ctx: Context, row: WebhookRow) {
  const credentials = credentialsOf(ctx, row)
  const settings = fromStored(row.settings, credentials)
  const { clientCertificate, certificateAuthority } = settings
  const [own] = clientCertificate ? factsOf(clientCertificate.certificate) : []
  return {
    authentication: readAuthentication(settings.authentication),
    client_certificate:
      clientCertificate && own
        ? { certificate: clientCertificate.certificate, ...own, private_key: { is_set: true as const } }
        : null,
    certificate_authority: certificateAuthority
      ? { certificates: certificateAuthority, authorities: factsOf(certificateAuthority) }
      : null,
    v1a_signature: settings.v1aSignature,
    retry_policy: settings.retryPolicy,
    concurrency_limit: settings.concurrencyLimit,
    max_wait_ms: settings.maxWaitMs,
    circuit_breaker: settings.circuitBreaker,
    condition: settings.condition,
    callback_deadline_seconds: settings.callbackDeadlineSeconds,
    delivery_per_permission: settings.deliveryPerPermission,
    stream: row.type === 'siem' ? streamOf(settings) : null,
  }
}

/** What does not open is shown as set, so that one damaged webhook does not hide the others; sending says what is wrong. */
function credentialsOf(ctx: Context, row: WebhookRow): StoredCredentials {
  try {
    return openCredentials(ctx.secretBox, row)
  } catch (error) {
    if (!(error instanceof SecretBoxError)) throw error
    ctx.log.error({ webhook_id: row.id }, 'the stored secrets of a webhook do not open')
    return {
      authentication: neededSecrets(row.settings.authentication ?? { type: 'none' }),
      client_private_key: unknownSecret,
    }
  }
}

function readSigning(keys: readonly SigningKeyRow[]): WebhookRead['signing'] {
  const { publicKey, rotatingUntil } = signingFacts(keys)
  return { public_key: publicKey, rotating_until: rotatingUntil?.toISOString() ?? null }
}

/** One index look-up per webhook, in one statement, however many deliveries are stored. */
async function recentDeliveries(ctx: Context, ids: readonly string[]): Promise<Map<string, Recent[]>> {
  const found = new Map<string, Recent[]>()
  if (ids.length === 0) return found
  const { rows } = await sql<{ webhook_id: string; id: string; status: string; test: boolean }>`
    select w.id as webhook_id, d.id, d.status, d.test
    from (values ${sql.join(ids.map((id) => sql`(${id}::text)`))}) as w (id)
    cross join lateral (
      select id, status, test from deliveries where webhook_id = w.id order by id desc limit ${recentCount}
    ) d`.execute(ctx.db)
  for (const { webhook_id, id, status, test } of rows) {
    const list = found.get(webhook_id) ?? []
    list.push({ id, status, test, created_at: timeOfId(id).toISOString() })
    found.set(webhook_id, list)
  }
  return found
}
