/** Where secrets are stored, which encryption keys they are wrapped with, and whether these open them. */
import { type RawBuilder, sql } from 'kysely'
import { installationSecretPlace } from '../db/installation-secret.ts'
import type { Database } from '../db/open.ts'
import { keySecretPlace } from '../http/idempotency.ts'
import type { EncryptionKey } from '../lib/encryption-key.ts'
import { createSecretBox, SecretBoxError } from '../lib/secret-box.ts'
import { channelUrlPlace, chatUrlPlace, linkPlace } from '../notices/notice-secrets.ts'
import { callbackSecretsPlace, credentialsPlace, headerPlace, signingPlaces } from './webhook-secrets.ts'

/** A column whose every value is one secret. */
export type SealedColumn = {
  readonly table: string
  readonly column: string
  /** Columns that find the row. */
  readonly key: readonly string[]
  /** Columns that name the value's place. */
  readonly names: readonly [string] | readonly [string, string]
  place(first: string, second: string): string
}

export const sealedColumns: readonly SealedColumn[] = [
  {
    table: 'signing_keys',
    column: 'sealed_key',
    key: ['id'],
    names: ['webhook_id', 'algorithm'],
    place: (id, algorithm) => signingPlaces[algorithm as keyof typeof signingPlaces](id),
  },
  {
    table: 'settings',
    column: 'sealed_value',
    key: ['name'],
    names: ['name'],
    place: installationSecretPlace,
  },
  { table: 'notice_channels', column: 'sealed_url', key: ['id'], names: ['id'], place: channelUrlPlace },
  {
    table: 'notice_preferences',
    column: 'sealed_chat_url',
    key: ['user_id'],
    names: ['user_id'],
    place: chatUrlPlace,
  },
  // What answers told only once, of the last day.
  {
    table: 'idempotency_keys',
    column: 'sealed_secret',
    key: ['principal_id', 'key'],
    names: ['result_id'],
    place: keySecretPlace,
  },
  // What must not be shown of late answers that are awaited.
  {
    table: 'callbacks',
    column: 'sealed_secrets',
    key: ['delivery_id'],
    names: ['delivery_id'],
    place: callbackSecretsPlace,
  },
]

/** One place where secrets are stored: its rows, the value in them, and what names the value's place. */
type Source = {
  readonly from: RawBuilder<unknown>
  readonly sealed: RawBuilder<unknown>
  readonly names: RawBuilder<unknown>
  place(first: string, second: string): string
}

const none = sql`''`

const sources: readonly Source[] = [
  ...sealedColumns.map(({ table, column, names, place }) => ({
    from: sql.table(table),
    sealed: sql.ref(column),
    names: sql`${sql.ref(names[0])}, ${names[1] === undefined ? none : sql.ref(names[1])}`,
    place,
  })),
  {
    from: sql`(select * from notices where kind = 'invitation' and status in ('waiting', 'failed')) as links`,
    sealed: sql`decode(data->>'sealed_url', 'base64')`,
    names: sql`user_id, ${none}`,
    place: linkPlace,
  },
  {
    from: sql`(select * from notice_orders where kind = 'invitation') as links`,
    sealed: sql`decode(data->>'sealed_url', 'base64')`,
    names: sql`principal_id, ${none}`,
    place: linkPlace,
  },
  {
    from: sql`webhooks`,
    sealed: sql`sealed_credentials`,
    names: sql`id, ${none}`,
    place: credentialsPlace,
  },
  {
    from: sql`webhooks, json_array_elements(headers) as header`,
    sealed: sql`decode(header->>'sealed_value', 'base64')`,
    names: sql`id, header->>'name'`,
    place: headerPlace,
  },
]

type Sample = { readonly keyId: string; readonly place: string; readonly sealed: Uint8Array }

/** One value of each source for each key that it is wrapped with. */
async function samples(db: Database): Promise<Sample[]> {
  const found: Sample[] = []
  for (const { from, sealed, names, place } of sources) {
    // Layout of a sealed value: version, length of the key id, key id; see lib/secret-box.ts.
    const { rows } = await sql<{ id: string; sealed: Uint8Array; first: string; second: string }>`
      select distinct on (id) id, sealed, first, second from (
        select convert_from(substring(sealed from 3 for get_byte(sealed, 1)), 'SQL_ASCII') as id, sealed, first, second
        from (select ${sealed}, ${names} from ${from}) as stored (sealed, first, second)
        where sealed is not null
      ) as known`.execute(db)
    for (const row of rows) {
      found.push({ keyId: row.id, sealed: row.sealed, place: place(row.first, row.second) })
    }
  }
  return found
}

/** Ids of the encryption keys that stored secrets are wrapped with. */
export async function keyIdsInUse(db: Database): Promise<string[]> {
  return [...new Set((await samples(db)).map(({ keyId }) => keyId))].sort()
}

/**
 * Throws an Error that names the keys which stored secrets need and which are not among `keys`, or are there with other
 * bytes. One value that does not open says nothing about its key when another one does.
 */
export async function requireKeys(db: Database, keys: readonly EncryptionKey[]): Promise<void> {
  const stored = await samples(db)
  const known = new Set(keys.map((key) => key.id))
  const missing = [...new Set(stored.map(({ keyId }) => keyId))].filter((id) => !known.has(id)).sort()
  if (missing.length > 0) {
    throw new Error(
      `Stored secrets need the encryption ${missing.length === 1 ? 'key' : 'keys'} ${missing.join(', ')}: add ` +
        'it to KEYHOOK_ENCRYPTION_KEY behind the newest one, or run keyhook secrets rotate while it is still there.',
    )
  }
  const box = createSecretBox(keys)
  const needed = new Set(stored.map(({ keyId }) => keyId))
  for (const { keyId, place, sealed } of stored)
    if (opens(() => box.open(place, sealed))) needed.delete(keyId)
  if (needed.size === 0) return
  const wrong = [...needed].sort().join(', ')
  throw new Error(
    `The encryption ${needed.size === 1 ? 'key' : 'keys'} ${wrong} cannot open what was stored under this name: the ` +
      'bytes are others. Set KEYHOOK_ENCRYPTION_KEY (or the encryption-key file of the data folder) to the key that the ' +
      'secrets were stored with, and give a new key a new id.',
  )
}

function opens(open: () => unknown): boolean {
  try {
    open()
    return true
  } catch (error) {
    if (error instanceof SecretBoxError) return false
    throw error
  }
}
