import { randomBytes } from 'node:crypto'
import type { SecretBox } from '../lib/secret-box.ts'
import type { Database } from './open.ts'

/** What the secrets are for; each is made at its first use. */
export type InstallationSecret = 'session_secret' | 'callback_key' | 'log_key' | 'log_signing_key'

/** Where the secret of this name is sealed. */
export const installationSecretPlace = (name: string) => `settings/${name}`

/**
 * 32 random bytes that all processes of the installation share, made once and kept sealed. They are not derived from
 * the encryption key, so that people stay signed in and callbacks stay valid when that key is rotated.
 */
export async function installationSecret(
  db: Database,
  secretBox: SecretBox,
  name: InstallationSecret,
): Promise<Uint8Array> {
  const place = installationSecretPlace(name)
  // Of several processes that start at once the first one's value stands.
  await db
    .insertInto('settings')
    .values({ name, sealed_value: secretBox.seal(place, randomBytes(32)) })
    .onConflict((conflict) => conflict.doNothing())
    .execute()
  const row = await db.selectFrom('settings').selectAll().where('name', '=', name).executeTakeFirstOrThrow()
  return secretBox.open(place, row.sealed_value)
}
