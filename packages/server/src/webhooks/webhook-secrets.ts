/** Header values, credentials and signing keys between memory and the database, always sealed in the latter. */
import { parseSigningSecret } from '@keyhook/contract/signing-secret.ts'
import type { SigningKeyTable, StoredCredentials, WebhookTable } from '../db/schema.ts'
import { validationFailed } from '../lib/problem-error.ts'
import type { SecretBox } from '../lib/secret-box.ts'
import type { CustomHeader } from './webhook.ts'

type StoredHeader = { name: string; sealed_value: string }

export const headerPlace = (id: string, name: string) => `webhooks/${id}/headers/${name.toLowerCase()}`
export const credentialsPlace = (id: string) => `webhooks/${id}/credentials`
/** Of a late answer that is awaited. */
export const callbackSecretsPlace = (deliveryId: string) => `callbacks/${deliveryId}/secrets`
export const signingPlaces = {
  'hmac-sha256': (id: string) => `webhooks/${id}/signing_secret`,
  ed25519: (id: string) => `webhooks/${id}/signing_private_key`,
}

export function sealHeaders(box: SecretBox, id: string, headers: readonly CustomHeader[]): StoredHeader[] {
  return headers.map(({ name, value }) => ({
    name,
    sealed_value: Buffer.from(box.seal(headerPlace(id, name), Buffer.from(value))).toString('base64'),
  }))
}

export function openHeaders(box: SecretBox, id: string, headers: readonly StoredHeader[]): CustomHeader[] {
  return headers.map(({ name, sealed_value }) => ({
    name,
    value: Buffer.from(box.open(headerPlace(id, name), Buffer.from(sealed_value, 'base64'))).toString(),
  }))
}

export function sealSigningKey(
  box: SecretBox,
  id: string,
  algorithm: SigningKeyTable['algorithm'],
  key: Uint8Array,
): Uint8Array {
  return box.seal(signingPlaces[algorithm](id), key)
}

export function openSigningKey(
  box: SecretBox,
  row: Pick<SigningKeyTable, 'webhook_id' | 'algorithm' | 'sealed_key'>,
): Uint8Array {
  return box.open(signingPlaces[row.algorithm](row.webhook_id), row.sealed_key)
}

/** The secrets of the endpoint authentication and the client certificate's key, as one sealed JSON text. */
export function sealCredentials(
  box: SecretBox,
  id: string,
  credentials: StoredCredentials,
): Uint8Array | null {
  if (credentials.authentication === null && credentials.client_private_key === null) return null
  return box.seal(credentialsPlace(id), Buffer.from(JSON.stringify(credentials)))
}

export function openCredentials(
  box: SecretBox,
  row: Pick<WebhookTable, 'id' | 'sealed_credentials'>,
): StoredCredentials {
  if (row.sealed_credentials === null) return { authentication: null, client_private_key: null }
  return JSON.parse(Buffer.from(box.open(credentialsPlace(row.id), row.sealed_credentials)).toString())
}

/** The bytes of a `whsec_` secret that a caller gave. Throws 422 at `pointer`; the secret is never repeated. */
export function readSigningSecret(text: string, pointer: string): Uint8Array {
  const parsed = parseSigningSecret(text)
  if (!parsed.ok) throw validationFailed([{ pointer, detail: parsed.detail }])
  return parsed.bytes
}
