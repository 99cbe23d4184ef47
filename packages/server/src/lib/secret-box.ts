/**
 * Secrets at rest: envelope encryption with AES-256-GCM.
 *
 * Each value has a data key of its own; the data key is wrapped by an encryption key of the operator. To rotate
 * the operator's key only the wrapping changes. A sealed value is bound to its place (table, row, column), so one
 * that is moved to another row does not open. Layout, in bytes:
 *
 *   version (1) | key id length (1) | key id | wrap IV (12) | wrapped data key (32) | wrap tag (16)
 *   | IV (12) | ciphertext | tag (16)
 *
 * Source: OWASP Cryptographic Storage Cheat Sheet (data keys apart from the keys that wrap them); NIST SP 800-38D
 * (96-bit IV, 128-bit tag).
 */
import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto'
import type { EncryptionKey } from './encryption-key.ts'

const version = 1
const ivBytes = 12
const tagBytes = 16
const keyBytes = 32

/** A stored secret that does not open: changed, moved, or sealed with a key that is not configured. */
export class SecretBoxError extends Error {
  override name = 'SecretBoxError'
}

export type SecretBox = {
  /** Encrypts `plain` for `place`, for example `webhooks/wh_1/signing_secret`. */
  seal(place: string, plain: Uint8Array): Uint8Array
  /** Opens what `seal` made for the same place. Throws `SecretBoxError`. */
  open(place: string, sealed: Uint8Array): Uint8Array
  /** The id of the encryption key that wraps this value. Throws `SecretBoxError`. */
  keyIdOf(sealed: Uint8Array): string
  /** The same value, wrapped with the newest key; null when it is already. Throws `SecretBoxError`. */
  rewrap(place: string, sealed: Uint8Array): Uint8Array | null
}

/** `keys`: the newest first; it seals, all open. */
export function createSecretBox(keys: readonly EncryptionKey[]): SecretBox {
  const newest = keys[0]
  if (!newest) throw new Error('at least one encryption key is needed')
  const byId = new Map(keys.map((key) => [key.id, key]))

  function unwrap(place: string, parts: Parts): Uint8Array {
    const key = byId.get(parts.keyId)
    if (!key) throw new SecretBoxError(`the encryption key ${parts.keyId} is not configured`)
    return decrypt(key.bytes, parts.wrapped, wrapContext(place, key.id))
  }
  function wrap(place: string, dataKey: Uint8Array): Buffer {
    const id = Buffer.from(newest?.id ?? '')
    const wrapped = encrypt(newest?.bytes ?? dataKey, dataKey, wrapContext(place, newest?.id ?? ''))
    return Buffer.concat([Buffer.from([version, id.length]), id, wrapped])
  }

  return {
    seal(place, plain) {
      const dataKey = randomBytes(keyBytes)
      return Buffer.concat([wrap(place, dataKey), encrypt(dataKey, plain, Buffer.from(place))])
    },
    open(place, sealed) {
      const parts = split(sealed)
      return decrypt(unwrap(place, parts), parts.value, Buffer.from(place))
    },
    keyIdOf: (sealed) => split(sealed).keyId,
    rewrap(place, sealed) {
      const parts = split(sealed)
      if (parts.keyId === newest.id) return null
      return Buffer.concat([wrap(place, unwrap(place, parts)), parts.value])
    },
  }
}

type Parts = { keyId: string; wrapped: Uint8Array; value: Uint8Array }

function split(sealed: Uint8Array): Parts {
  const bytes = Buffer.from(sealed.buffer, sealed.byteOffset, sealed.byteLength)
  const idEnd = 2 + (bytes[1] ?? 0)
  const wrapEnd = idEnd + ivBytes + keyBytes + tagBytes
  if (bytes[0] !== version || bytes.length < wrapEnd + ivBytes + tagBytes) {
    throw new SecretBoxError('a stored secret is damaged')
  }
  return {
    keyId: bytes.toString('utf8', 2, idEnd),
    wrapped: bytes.subarray(idEnd, wrapEnd),
    value: bytes.subarray(wrapEnd),
  }
}

function wrapContext(place: string, keyId: string): Buffer {
  return Buffer.from(`keyhook/data-key/${version}/${keyId}/${place}`)
}

function encrypt(key: Uint8Array, plain: Uint8Array, context: Uint8Array): Buffer {
  const iv = randomBytes(ivBytes)
  const cipher = createCipheriv('aes-256-gcm', key, iv, { authTagLength: tagBytes })
  cipher.setAAD(context)
  return Buffer.concat([iv, cipher.update(plain), cipher.final(), cipher.getAuthTag()])
}

function decrypt(key: Uint8Array, bytes: Uint8Array, context: Uint8Array): Buffer {
  // Without authTagLength Node takes tags as short as 4 bytes.
  const decipher = createDecipheriv('aes-256-gcm', key, bytes.subarray(0, ivBytes), {
    authTagLength: tagBytes,
  })
  decipher.setAAD(context)
  try {
    decipher.setAuthTag(bytes.subarray(-tagBytes))
    return Buffer.concat([decipher.update(bytes.subarray(ivBytes, -tagBytes)), decipher.final()])
  } catch {
    throw new SecretBoxError(
      'a stored secret does not open: it was changed, moved, or sealed with another key',
    )
  }
}
