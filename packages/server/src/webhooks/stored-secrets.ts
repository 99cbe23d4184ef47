/**
 * All stored secrets, and how they are wrapped anew with the newest encryption key. Only the wrapping of the data keys changes; the server goes on serving meanwhile, and stopping in the middle harms nothing.
 */
import type { SecretsRotated } from '@keyhook/contract/api/secrets.ts'
import { installationSecretPlace } from '../db/installation-secret.ts'
import type { Database } from '../db/open.ts'
import type { Actor } from '../events/event.ts'
import { appendEvents } from '../events/event-store.ts'
import { keySecretPlace } from '../http/idempotency.ts'
import type { SecretBox } from '../lib/secret-box.ts'
import { rewrapNoticeSecrets } from '../notices/rewrap-secrets.ts'
import { keyIdsInUse } from './sealed-values.ts'
import { callbackSecretsPlace, credentialsPlace, headerPlace, signingPlaces } from './webhook-secrets.ts'

/**
 * Wraps every secret that needs an older key with the newest one, and tells of it in the log. A run that is killed in
 * between has changed no secret; the next one wraps the rest.
 */
export async function rewrapSecrets(
  db: Database,
  box: SecretBox,
  { actor, now }: { actor: Actor; now: number },
): Promise<SecretsRotated> {
  let rewrapped = 0
  const count = (changed: bigint) => {
    rewrapped += Number(changed)
  }
  await rewrapSettings(db, box, count)
  await rewrapSigningKeys(db, box, count)
  await rewrapKeySecrets(db, box, count)
  await rewrapCallbacks(db, box, count)
  count(BigInt(await rewrapNoticeSecrets(db, box)))
  await rewrapWebhooks(db, box, count)
  const rotated = { newest_key: box.newestKeyId, rewrapped, keys_in_use: await keyIdsInUse(db) }
  await db
    .transaction()
    .execute((tx) =>
      appendEvents(tx, now, [{ type: 'ADMIN_ROTATED_SECRETS', actor, metadata: { ...rotated } }]),
    )
  return rotated
}

type Count = (changed: bigint) => void

async function rewrapSettings(db: Database, box: SecretBox, count: Count): Promise<void> {
  for (const { name, sealed_value } of await db.selectFrom('settings').selectAll().execute()) {
    const wrapped = box.rewrap(installationSecretPlace(name), sealed_value)
    if (wrapped === null) continue
    const query = db.updateTable('settings').set({ sealed_value: wrapped }).where('name', '=', name)
    count((await query.executeTakeFirst()).numUpdatedRows)
  }
}

async function rewrapSigningKeys(db: Database, box: SecretBox, count: Count): Promise<void> {
  const rows = await db.selectFrom('signing_keys').selectAll().execute()
  for (const { id, webhook_id, algorithm, sealed_key } of rows) {
    const wrapped = box.rewrap(signingPlaces[algorithm](webhook_id), sealed_key)
    if (wrapped === null) continue
    const query = db.updateTable('signing_keys').set({ sealed_key: wrapped }).where('id', '=', id)
    count((await query.executeTakeFirst()).numUpdatedRows)
  }
}

/** What answers told only once, of the last day. */
async function rewrapKeySecrets(db: Database, box: SecretBox, count: Count): Promise<void> {
  const rows = await db
    .selectFrom('idempotency_keys')
    .select(['principal_id', 'key', 'result_id', 'sealed_secret'])
    .where('sealed_secret', 'is not', null)
    .execute()
  for (const { principal_id, key, result_id, sealed_secret } of rows) {
    const wrapped = sealed_secret && box.rewrap(keySecretPlace(result_id), sealed_secret)
    if (!wrapped) continue
    const query = db
      .updateTable('idempotency_keys')
      .set({ sealed_secret: wrapped })
      .where('principal_id', '=', principal_id)
      .where('key', '=', key)
      .where('result_id', '=', result_id)
    count((await query.executeTakeFirst()).numUpdatedRows)
  }
}

/** What must not be shown of late answers that are awaited. */
async function rewrapCallbacks(db: Database, box: SecretBox, count: Count): Promise<void> {
  const rows = await db
    .selectFrom('callbacks')
    .select(['delivery_id', 'sealed_secrets'])
    .where('sealed_secrets', 'is not', null)
    .execute()
  for (const { delivery_id, sealed_secrets } of rows) {
    const wrapped = sealed_secrets && box.rewrap(callbackSecretsPlace(delivery_id), sealed_secrets)
    if (!wrapped) continue
    const query = db
      .updateTable('callbacks')
      .set({ sealed_secrets: wrapped })
      .where('delivery_id', '=', delivery_id)
      .where('sealed_secrets', '=', sealed_secrets)
    count((await query.executeTakeFirst()).numUpdatedRows)
  }
}

async function rewrapWebhooks(db: Database, box: SecretBox, count: Count): Promise<void> {
  const columns = ['id', 'version', 'headers', 'sealed_credentials'] as const
  for (const { id, version, headers, sealed_credentials } of await db
    .selectFrom('webhooks')
    .select(columns)
    .execute()) {
    let changed = 0
    const wrap = (place: string, sealed: Uint8Array): Uint8Array => {
      const wrapped = box.rewrap(place, sealed)
      if (wrapped === null) return sealed
      changed += 1
      return wrapped
    }
    const newHeaders = headers.map(({ name, sealed_value }) => ({
      name,
      sealed_value: Buffer.from(wrap(headerPlace(id, name), Buffer.from(sealed_value, 'base64'))).toString(
        'base64',
      ),
    }))
    const newCredentials = sealed_credentials && wrap(credentialsPlace(id), sealed_credentials)
    if (changed === 0) continue
    // Whoever changes the webhook in between wraps with the newest key by that, so nothing is lost when this misses.
    const { numUpdatedRows } = await db
      .updateTable('webhooks')
      .set({ headers: JSON.stringify(newHeaders), sealed_credentials: newCredentials })
      .where('id', '=', id)
      .where('version', '=', version)
      .executeTakeFirst()
    if (numUpdatedRows > 0n) count(BigInt(changed))
  }
}
