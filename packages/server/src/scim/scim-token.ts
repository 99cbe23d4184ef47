/** The form of SCIM tokens: `kh_scim_`, then as in API keys. Pure but for the random source. */
import { createHash } from 'node:crypto'
import { newApiKey } from '../auth/api-key.ts'

const prefix = 'kh_scim_'
const shownLength = prefix.length + 4

export function newScimToken(): string {
  return newApiKey().replace(/^kh_/, prefix)
}

/** Whether a token is worth looking up. */
export function isPlausibleToken(token: string): boolean {
  return /^kh_scim_[0-9A-Za-z]{36}$/.test(token)
}

/** What is stored instead of the token. Tokens are random, so a fast hash is enough. */
export function hashOfToken(token: string): Buffer {
  return createHash('sha256').update(token).digest()
}

/** The first characters, to recognise a token by. */
export function hintOfToken(token: string): string {
  return `${token.slice(0, shownLength)}…`
}
