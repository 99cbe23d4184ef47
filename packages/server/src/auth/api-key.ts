/** The form of API keys: `kh_`, 30 random base62 characters and 6 that check them. Pure but for the random source. */
import { createHash, randomInt } from 'node:crypto'
import { crc32 } from 'node:zlib'

const alphabet = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz'
const randomLength = 30
const checkLength = 6

/** A new key with about 178 random bits. The check (CRC-32) lets scanners recognise a
 * leaked key without asking us. */
export function newApiKey(): string {
  const random = Array.from({ length: randomLength }, () => alphabet[randomInt(alphabet.length)]).join('')
  return `kh_${random}${checkOf(random)}`
}

/**
 * Whether a key is worth looking up. The check at its end is not asked for: keys that an operator chose
 * (`KEYHOOK_BOOTSTRAP_KEY`) have none and may be as long as ours.
 */
export function isPlausibleKey(key: string): boolean {
  return /^kh_[A-Za-z0-9_-]{32,200}$/.test(key)
}

/** What is stored instead of the key. Keys are random, so a fast hash is enough. */
export function hashOfKey(key: string): Buffer {
  return createHash('sha256').update(key).digest()
}

/** The first characters, to recognise a key by. */
export function hintOfKey(key: string): string {
  return `${key.slice(0, 7)}…`
}

function checkOf(random: string): string {
  let rest = crc32(random)
  let check = ''
  for (let digit = 0; digit < checkLength; digit++) {
    check = `${alphabet[rest % alphabet.length]}${check}`
    rest = Math.floor(rest / alphabet.length)
  }
  return check
}
