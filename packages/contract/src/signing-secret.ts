/**
 * Signing secrets of Standard Webhooks: `whsec_` and the base64 of the key. Safe in browsers.
 * Source: Standard Webhooks specification, "Signature scheme": keys of 24 to 64 random bytes.
 */

const prefix = 'whsec_'
/** No key is shown that someone could take over. */
const example = 'For example `whsec_` and what `openssl rand -base64 32` prints.'

/** Allowed lengths of a signing key in bytes, and the length of new ones. */
export const signingKeyBytes = { min: 24, max: 64, new: 32 } as const

/** The bytes of a key, or what is wrong with the text, a sentence that never repeats the text. */
export type SigningSecretReading =
  | { readonly ok: true; readonly bytes: Uint8Array }
  | { readonly ok: false; readonly detail: string }

/** A new secret as text, from the system's random source. */
export function newSigningSecret(): string {
  return formatSigningSecret(newSigningSecretBytes())
}

/** The bytes of a new key, from the system's random source. */
export function newSigningSecretBytes(): Uint8Array {
  return globalThis.crypto.getRandomValues(new Uint8Array(signingKeyBytes.new))
}

/** A key as text: `whsec_` and base64. */
export function formatSigningSecret(bytes: Uint8Array): string {
  return prefix + btoa(String.fromCharCode(...bytes))
}

/** Reads a signing secret; the `whsec_` in front may be missing, as some tools show it without. */
export function parseSigningSecret(text: string): SigningSecretReading {
  const base64 = text.startsWith(prefix) ? text.slice(prefix.length) : text
  if (base64 === '') return wrong(`The signing secret is empty. ${example}`)
  // 88 characters hold 64 bytes; longer text is not worth decoding.
  if (base64.length > 88) return wrong(`The key is longer than ${signingKeyBytes.max} bytes. ${example}`)
  const hasPrefix = text.startsWith(prefix)
  const bad = base64.search(/[^A-Za-z0-9+/=]|=(?!=?$)/)
  if (bad >= 0) {
    const where = hasPrefix ? ` At position ${prefix.length + bad + 1} there is something else.` : ''
    return wrong(
      `The signing secret must be \`whsec_\` and base64 (letters, digits, \`+\`, \`/\`), without spaces.${where} ${example}`,
    )
  }
  if (base64.length % 4 !== 0) {
    return wrong(
      hasPrefix
        ? `The base64 of the signing secret is cut off or lacks its \`=\` at the end. ${example}`
        : `The signing secret must begin with \`whsec_\`, and base64 must follow. ${example}`,
    )
  }
  const bytes = Uint8Array.from(atob(base64), (character) => character.charCodeAt(0))
  if (bytes.length < signingKeyBytes.min || bytes.length > signingKeyBytes.max) {
    return wrong(
      `The key must have ${signingKeyBytes.min} to ${signingKeyBytes.max} bytes, it has ${bytes.length}. ${example}`,
    )
  }
  return { ok: true, bytes }
}

function wrong(detail: string): SigningSecretReading {
  return { ok: false, detail }
}
