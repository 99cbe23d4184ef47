/**
 * Says where bytes stop being UTF-8: "byte 5 (0xE9) is not UTF-8". For bytes that a fatal `TextDecoder`
 * refused, which says no more than that; the rules are those of the Encoding Standard's UTF-8 decoder.
 * Null when the bytes are UTF-8.
 */
export function findUtf8Error(bytes: Uint8Array): string | null {
  if (bytes[0] === 0xff && bytes[1] === 0xfe) return 'the text is UTF-16 (little endian), not UTF-8'
  if (bytes[0] === 0xfe && bytes[1] === 0xff) return 'the text is UTF-16 (big endian), not UTF-8'
  for (let at = 0; at < bytes.length; ) {
    const length = characterLength(bytes, at)
    if (length === 0) {
      const hex = (bytes[at] as number).toString(16).toUpperCase().padStart(2, '0')
      return `byte ${at + 1} (0x${hex}) is not UTF-8`
    }
    at += length
  }
  return null
}

/** Bytes of the character at `at`, 0 when there is none. */
function characterLength(bytes: Uint8Array, at: number): number {
  const lead = bytes[at] as number
  if (lead < 0x80) return 1
  const length =
    lead >= 0xc2 && lead <= 0xdf ? 2 : lead >= 0xe0 && lead <= 0xef ? 3 : lead >= 0xf0 && lead <= 0xf4 ? 4 : 0
  const second = bytes[at + 1] ?? 0
  // Overlong forms, surrogates and what lies beyond U+10FFFF show in the second byte.
  if (lead === 0xe0 && second < 0xa0) return 0
  if (lead === 0xed && second > 0x9f) return 0
  if (lead === 0xf0 && second < 0x90) return 0
  if (lead === 0xf4 && second > 0x8f) return 0
  for (let next = at + 1; next < at + length; next += 1) {
    if (((bytes[next] ?? 0) & 0xc0) !== 0x80) return 0
  }
  return length
}
