/** Header values and signing secrets between memory and the database, always sealed in the latter. */
import { parseSigningSecret } from '@keyhook/contract/signing-secret.ts'
import type { WebhookTable } from '../db/schema.ts'
import { validationFailed } from '../lib/problem-error.ts'
import type { SecretBox } from '../lib/secret-box.ts'
import type { CustomHeader } from './webhook.ts'

type StoredHeader = { name: string; sealed_value: string }

const headerPlace = (id: string, name: string) => `webhooks/${id}/headers/${name.toLowerCase()}`
const signingPlace = (id: string) => `webhooks/${id}/signing_secret`

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

export function sealSigningSecret(box: SecretBox, id: string, secret: Uint8Array): Uint8Array {
  return box.seal(signingPlace(id), secret)
}

export function openSigningSecret(
  box: SecretBox,
  row: Pick<WebhookTable, 'id' | 'sealed_signing_secret'>,
): Uint8Array {
  return box.open(signingPlace(row.id), row.sealed_signing_secret)
}

/** The bytes of a `whsec_` secret that a caller gave. Throws 422 at `pointer`; the secret is never repeated. */
export function readSigningSecret(text: string, pointer: string): Uint8Array {
  const parsed = parseSigningSecret(text)
  if (!parsed.ok) throw validationFailed([{ pointer, detail: parsed.detail }])
  return parsed.bytes
}
