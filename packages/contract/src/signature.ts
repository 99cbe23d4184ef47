/** Standard Webhooks signatures, symmetric version 1: HMAC-SHA256 over `id.timestamp.body`. Node only. */

import { createHmac, timingSafeEqual } from 'node:crypto'

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

/**
 * The value of `webhook-signature`: one `v1,<base64>` for each key, newest key first, separated by spaces.
 * `body` must be the very bytes that are sent. Throws when there is no key, or when the id holds a dot,
 * which would let two different messages have the same signed text.
 */
export function sign(
  keys: readonly Uint8Array[],
  id: string,
  timestampSeconds: number,
  body: Uint8Array,
): string {
  if (keys.length === 0) throw new RangeError('At least one signing key is needed')
  if (id === '' || id.includes('.')) throw new RangeError('The id must not be empty or hold a dot')
  if (!Number.isSafeInteger(timestampSeconds) || timestampSeconds < 0) {
    throw new RangeError('The timestamp must be whole seconds since 1970')
  }
  return keys.map((key) => signOnce(key, id, String(timestampSeconds), body)).join(' ')
}

/**
 * Checks the signature of a received body against any of the keys, in constant time for each.
 * `nowSeconds` is the receiver's clock.
 */
export function verify(
  keys: readonly Uint8Array[],
  headers: SignatureHeaders,
  body: Uint8Array,
  nowSeconds: number,
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

  const given = signatures.split(' ', maxSignatures).map((text) => Buffer.from(text))
  const matches = keys.some((key) => {
    const expected = Buffer.from(signOnce(key, id, timestamp, body))
    return given.some((text) => text.length === expected.length && timingSafeEqual(text, expected))
  })
  return matches ? { ok: true } : failed('no_match')
}

function signOnce(key: Uint8Array, id: string, timestamp: string, body: Uint8Array): string {
  const mac = createHmac('sha256', key).update(`${id}.${timestamp}.`).update(body).digest('base64')
  return `v1,${mac}`
}

function failed(reason: Extract<Verification, { ok: false }>['reason']): Verification {
  return { ok: false, reason }
}
