/**
 * AES-256-GCM as Keyhook uses it: an IV of 96 bits, new for each message, and a tag of 128 bits. A message is
 * `IV (12) | ciphertext | tag (16)`. Source: NIST SP 800-38D, 5.2.1.1 and 8.2.2.
 */
import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto'

export const keyBytes = 32
const ivBytes = 12
const tagBytes = 16

/** A message is this many bytes longer than what it hides. */
export const overheadBytes = ivBytes + tagBytes

/** Encrypts `plain` with a key of 32 bytes, bound to `context`: only who names the same context can open it. */
export function encrypt(key: Uint8Array, plain: Uint8Array, context: Uint8Array): Buffer {
  const iv = randomBytes(ivBytes)
  const cipher = createCipheriv('aes-256-gcm', key, iv, { authTagLength: tagBytes })
  cipher.setAAD(context)
  return Buffer.concat([iv, cipher.update(plain), cipher.final(), cipher.getAuthTag()])
}

/** The plain bytes; null for a message that was not made with this key and context, byte for byte. */
export function decrypt(key: Uint8Array, message: Uint8Array, context: Uint8Array): Buffer | null {
  if (message.length < overheadBytes) return null
  const iv = message.subarray(0, ivBytes)
  // Without authTagLength Node takes tags as short as 4 bytes.
  const decipher = createDecipheriv('aes-256-gcm', key, iv, { authTagLength: tagBytes })
  decipher.setAAD(context)
  decipher.setAuthTag(message.subarray(-tagBytes))
  const plain = decipher.update(message.subarray(ivBytes, -tagBytes))
  try {
    return Buffer.concat([plain, decipher.final()])
  } catch {
    return null
  }
}
