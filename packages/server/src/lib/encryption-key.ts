/** Keys that wrap the keys of stored secrets: `id:base64`, the newest first. */

export type EncryptionKey = { readonly id: string; readonly bytes: Uint8Array }

/** The ids that keys can have. */
export const keyIdPattern = /^[A-Za-z0-9_-]{1,32}$/

const example = 'for example k1:<base64 of 32 random bytes>'

/**
 * Parses `id:base64` keys separated by commas or white space; the first one encrypts, all decrypt.
 * Throws an Error that names the position of the wrong one and never its value.
 */
export function parseEncryptionKeys(text: string): EncryptionKey[] {
  const keys = text
    .split(/[\s,]+/)
    .filter(Boolean)
    .map((entry, index) => parseKey(entry, index + 1))
  if (keys.length === 0) throw new Error(`no key is given; ${example}.`)
  const ids = new Set<string>()
  for (const { id } of keys) {
    if (ids.has(id)) throw new Error(`the key id ${id} is used twice; each key needs an id of its own.`)
    ids.add(id)
  }
  return keys
}

function parseKey(entry: string, position: number): EncryptionKey {
  const [id = '', base64 = '', ...rest] = entry.split(':')
  if (!keyIdPattern.test(id) || !/^[A-Za-z0-9+/_-]+={0,2}$/.test(base64) || rest.length > 0) {
    throw new Error(`key ${position} is not of the form id:base64, ${example}.`)
  }
  const bytes = Buffer.from(base64, 'base64')
  if (bytes.length !== 32) {
    throw new Error(`key ${position} (${id}) has ${bytes.length} bytes; it must have 32, ${example}.`)
  }
  return { id, bytes }
}
