/**
 * Standard Webhooks signatures over `id.timestamp.body`: `v1` is HMAC-SHA256 with a shared secret, `v1a` is Ed25519, for
 * which receivers need only the public key. Node only.
 */

import { createHmac, createSecretKey, timingSafeEqual } from 'node:crypto'
import { preparing } from './prepared-key.ts'
import { signEd25519, verifyEd25519 } from './signing-key-pair.ts'

/** How far the timestamp may be from now, in seconds, either way. Source: Standard Webhooks specification. */
export const signatureToleranceSeconds = 300

/** More signatures than any rotation needs are not looked at. */
const maxSignatures = 20

/** The three headers as they came, names in lower case. */
export type SignatureHeaders = {
  readonly 'webhook-id'?: string | undefined
  readonly 'webhook-timestamp'?: string | undefined
  readonly 'webhook-signature'?: string | undefined
}

export type Verification =
  | { readonly ok: true }
  | {
      readonly ok: false
      readonly reason:
        | 'missing_id'
        | 'missing_timestamp'
        | 'missing_signature'
        | 'invalid_timestamp'
        | 'too_old'
        | 'too_new'
        | 'no_match'
    }

/** What signs: HMAC keys and Ed25519 private keys (32 bytes), the newest first. */
export type SigningKeys = {
  readonly secrets: readonly Uint8Array[]
  readonly privateKeys: readonly Uint8Array[]
}

/**
 * The value of `webhook-signature`: one `v1,<base64>` for each secret and one `v1a,<base64>` for each private key,
 * separated by spaces. `body` must be the very bytes that are sent. Throws when there is no key, or when the id holds a
 * dot, which would let two different messages have the same signed text.
 */
export function sign(
  { secrets, privateKeys }: SigningKeys,
  id: string,
  timestampSeconds: number,
  body: Uint8Array,
): string {
  if (secrets.length + privateKeys.length === 0) throw new RangeError('At least one signing key is needed')
  if (id === '' || id.includes('.')) throw new RangeError('The id must not be empty or hold a dot')
  if (!Number.isSafeInteger(timestampSeconds) || timestampSeconds < 0) {
    throw new RangeError('The timestamp must be whole seconds since 1970')
  }
  const head = `${id}.${timestampSeconds}.`
  const signatures = secrets.map((secret) => hmac(secret, head, body))
  if (privateKeys.length > 0) {
    const text = Buffer.concat([Buffer.from(head), body])
    for (const key of privateKeys) signatures.push(`v1a,${signEd25519(key, text).toString('base64')}`)
  }
  return signatures.join(' ')
}

/**
 * Checks the signature of a received body against any of the secrets, in constant time for each, or of the Ed25519 public
 * keys (32 bytes). `nowSeconds` is the receiver's clock.
 */
export function verify(
  secrets: readonly Uint8Array[],
  headers: SignatureHeaders,
  body: Uint8Array,
  nowSeconds: number,
  publicKeys: readonly Uint8Array[] = [],
): Verification {
  const id = headers['webhook-id']
  const timestamp = headers['webhook-timestamp']
  const signatures = headers['webhook-signature']
  if (!id) return failed('missing_id')
  if (!timestamp) return failed('missing_timestamp')
  if (!signatures) return failed('missing_signature')
  if (!/^[0-9]{1,12}$/.test(timestamp)) return failed('invalid_timestamp')
  if (Number(timestamp) < nowSeconds - signatureToleranceSeconds) return failed('too_old')
  if (Number(timestamp) > nowSeconds + signatureToleranceSeconds) return failed('too_new')

  const head = `${id}.${timestamp}.`
  const given = signatures.split(' ', maxSignatures)
  const bySecret = secrets.some((secret) => {
    const expected = Buffer.from(hmac(secret, head, body))
    return given.some((text) => {
      const bytes = Buffer.from(text)
      return bytes.length === expected.length && timingSafeEqual(bytes, expected)
    })
  })
  if (bySecret || signedByKey(publicKeys, given, head, body)) return { ok: true }
  return failed('no_match')
}

function signedByKey(
  publicKeys: readonly Uint8Array[],
  given: readonly string[],
  head: string,
  body: Uint8Array,
): boolean {
  const signatures = given.flatMap((text) =>
    /^v1a,[A-Za-z0-9+/]{86}==$/.test(text) ? [Buffer.from(text.slice(4), 'base64')] : [],
  )
  if (publicKeys.length === 0 || signatures.length === 0) return false
  const text = Buffer.concat([Buffer.from(head), body])
  return publicKeys.some((key) => signatures.some((signature) => verifyEd25519(key, text, signature)))
}

const secretKeyObject = preparing(createSecretKey)

/** The `v1` signature of the bytes of `head` and `body` after one another. */
export function hmac(secret: Uint8Array, head: string, body: Uint8Array): string {
  const mac = createHmac('sha256', secretKeyObject(secret))
  return `v1,${mac.update(head).update(body).digest('base64')}`
}

function failed(reason: Extract<Verification, { ok: false }>['reason']): Verification {
  return { ok: false, reason }
}
