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
import { randomBytes } from 'node:crypto'
import { decrypt, encrypt, keyBytes, overheadBytes } from './aes-gcm.ts'
import { type EncryptionKey, keyIdPattern } from './encryption-key.ts'

const version = 1

/** A stored secret that does not open: changed, moved, or sealed with a key that is not configured. */
export class SecretBoxError extends Error {
  override name = 'SecretBoxError'
}

export type SecretBox = {
  /** The id of the key that seals. */
  readonly newestKeyId: string
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

  const unwrap = (place: string, parts: Parts): Uint8Array => {
    const key = byId.get(parts.keyId)
    if (!key) throw new SecretBoxError(`the encryption key ${parts.keyId} is not configured`)
    return opened(key.bytes, parts.wrapped, wrapContext(place, key.id))
  }
  const wrap = (place: string, dataKey: Uint8Array): Buffer => {
    const id = Buffer.from(newest.id)
    const wrapped = encrypt(newest.bytes, dataKey, wrapContext(place, newest.id))
    return Buffer.concat([Buffer.from([version, id.length]), id, wrapped])
  }

  return {
    newestKeyId: newest.id,
    seal(place, plain) {
      const dataKey = randomBytes(keyBytes)
      return Buffer.concat([wrap(place, dataKey), encrypt(dataKey, plain, Buffer.from(place))])
    },
    open(place, sealed) {
      const parts = split(sealed)
      return opened(unwrap(place, parts), parts.value, Buffer.from(place))
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
  const wrapEnd = idEnd + keyBytes + overheadBytes
  const keyId = bytes.toString('latin1', 2, idEnd)
  if (bytes[0] !== version || bytes.length < wrapEnd + overheadBytes || !keyIdPattern.test(keyId)) {
    throw new SecretBoxError('a stored secret is damaged')
  }
  return {
    keyId,
    wrapped: bytes.subarray(idEnd, wrapEnd),
    value: bytes.subarray(wrapEnd),
  }
}

function wrapContext(place: string, keyId: string): Buffer {
  return Buffer.from(`keyhook/data-key/${version}/${keyId}/${place}`)
}

function opened(key: Uint8Array, message: Uint8Array, context: Uint8Array): Buffer {
  const plain = decrypt(key, message, context)
  if (plain) return plain
  throw new SecretBoxError('a stored secret does not open: it was changed, moved, or sealed with another key')
}
