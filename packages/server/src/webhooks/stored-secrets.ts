/**
 * How stored secrets are wrapped anew with the newest encryption key. Only the wrapping of the data keys changes; the server
 * goes on serving meanwhile, and stopping in the middle harms nothing.
 */
import type { SecretsRotated } from '@keyhook/contract/api/secrets.ts'
import { sql } from 'kysely'
import type { Database } from '../db/open.ts'
import type { Actor } from '../events/event.ts'
import { appendEvents } from '../events/event-store.ts'
import type { SecretBox } from '../lib/secret-box.ts'
import { rewrapLinks } from '../notices/rewrap-links.ts'
import { keyIdsInUse, type SealedColumn, sealedColumns } from './sealed-values.ts'
import { credentialsPlace, headerPlace } from './webhook-secrets.ts'

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
  for (const column of sealedColumns) await rewrapColumn(db, box, column, count)
  count(BigInt(await rewrapLinks(db, box)))
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

/** A value that changes in between is written with the newest key anyway. */
async function rewrapColumn(
  db: Database,
  box: SecretBox,
  { table, column, key, names, place }: SealedColumn,
  count: Count,
): Promise<void> {
  const sealed = sql.ref(column)
  const { rows } = await sql<{ key: string[]; names: string[]; sealed: Uint8Array }>`
    select ${textArray(key)} as key, ${textArray(names)} as names, ${sealed} as sealed
    from ${sql.table(table)} where ${sealed} is not null`.execute(db)
  for (const row of rows) {
    const [first = '', second = ''] = row.names
    const wrapped = box.rewrap(place(first, second), row.sealed)
    if (wrapped === null) continue
    const isRow = key.map((name, index) => sql`${sql.ref(name)} = ${row.key[index]}`)
    const { numAffectedRows = 0n } = await sql`update ${sql.table(table)} set ${sealed} = ${wrapped}
      where ${sql.join(isRow, sql` and `)} and ${sealed} = ${row.sealed}`.execute(db)
    count(numAffectedRows)
  }
}

function textArray(columns: readonly string[]) {
  return sql`array[${sql.join(columns.map((name) => sql.ref(name)))}]::text[]`
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
