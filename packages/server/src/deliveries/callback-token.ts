/**
 * The one-time address of a late answer. Its token is the delivery id and a MAC over it, so nothing has to be stored
 * before the payload is sent, and guessing one means guessing 128 bits.
 */
import { createHmac, timingSafeEqual } from 'node:crypto'

const macBytes = 16
const idBytes = 16

export type CallbackTokens = {
  /** The token of a delivery: 43 letters, digits, `-` and `_`. */
  of(deliveryId: string): string
  /** The delivery that a token is for; null when it was not made here. */
  read(token: string): string | null
}

/** `key`: 32 random bytes that every process of the installation shares. */
export function createCallbackTokens(key: Uint8Array): CallbackTokens {
  const mac = (id: Uint8Array) =>
    createHmac('sha256', key).update('keyhook/callback/1/').update(id).digest().subarray(0, macBytes)
  return {
    of(deliveryId) {
      const id = Buffer.from(deliveryId.slice('dlv_'.length), 'hex')
      return Buffer.concat([id, mac(id)]).toString('base64url')
    },
    read(token) {
      if (!/^[A-Za-z0-9_-]{43}$/.test(token)) return null
      const bytes = Buffer.from(token, 'base64url')
      const id = bytes.subarray(0, idBytes)
      return timingSafeEqual(mac(id), bytes.subarray(idBytes)) ? `dlv_${id.toString('hex')}` : null
    },
  }
}
