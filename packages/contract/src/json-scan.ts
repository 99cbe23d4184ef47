/** What one look over the text tells before it is parsed. */
export type JsonScan = {
  /** Offset of the bracket that goes too deep; null when none does. */
  readonly tooDeepAt: number | null
  /** A number with a fraction, an exponent, 16 or more digits, or `-0` may be there: a double may change its text. */
  readonly unusualNumbers: boolean
}

const quote = 0x22
const backslash = 0x5c

/**
 * Measures nesting without recursion. For text that is not JSON the result is of no use but harmless:
 * the parser refuses such text before it has gone deeper than the brackets counted here.
 */
export function scanJson(text: string, maxDepth: number): JsonScan {
  let depth = 0
  let digits = 0
  let unusualNumbers = false
  for (let at = 0; at < text.length; at += 1) {
    const code = text.charCodeAt(at)
    if (isDigit(code)) {
      digits += 1
      if (digits === 16 || (code === 0x30 && text.charCodeAt(at - 1) === 0x2d)) unusualNumbers = true
      continue
    }
    if (digits > 0 && (code === 0x2e || code === 0x65 || code === 0x45)) unusualNumbers = true
    digits = 0
    if (code === quote) {
      at = endOfString(text, at)
    } else if (code === 0x5b || code === 0x7b) {
      depth += 1
      if (depth > maxDepth) return { tooDeepAt: at, unusualNumbers }
    } else if (code === 0x5d || code === 0x7d) {
      depth -= 1
    }
  }
  return { tooDeepAt: null, unusualNumbers }
}

/** Offset of the quote that closes the string opened at `start`, or the end of the text. */
function endOfString(text: string, start: number): number {
  for (let at = start + 1; at < text.length; at += 1) {
    const code = text.charCodeAt(at)
    if (code === quote) return at
    if (code === backslash) at += 1
  }
  return text.length
}

function isDigit(code: number): boolean {
  return code >= 0x30 && code <= 0x39
}
