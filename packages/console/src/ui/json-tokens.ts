export type TokenKind = 'key' | 'string' | 'number' | 'word' | 'plain'
export type Token = { readonly kind: TokenKind; readonly text: string }

/** Beyond this many characters colour costs more than it helps; the text is then shown plain. */
export const highlightLimit = 100_000

// A string (with the colon that makes it a key, when there is one), a number, or a literal name.
const tokenPattern = /("(?:[^"\\]|\\.)*")(\s*:)?|(-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?)|\b(true|false|null)\b/g

/**
 * Cuts JSON text into coloured pieces. The pieces joined are always the text itself, also when it is not
 * JSON: this is for the eye, not a parser.
 */
export function jsonTokens(text: string): Token[] {
  if (text.length > highlightLimit) return [{ kind: 'plain', text }]
  const tokens: Token[] = []
  let end = 0
  for (const match of text.matchAll(tokenPattern)) {
    if (match.index > end) tokens.push({ kind: 'plain', text: text.slice(end, match.index) })
    const [whole, string, colon, number] = match
    if (string !== undefined) {
      tokens.push({ kind: colon === undefined ? 'string' : 'key', text: string })
      if (colon !== undefined) tokens.push({ kind: 'plain', text: colon })
    } else tokens.push({ kind: number === undefined ? 'word' : 'number', text: whole })
    end = match.index + whole.length
  }
  if (end < text.length) tokens.push({ kind: 'plain', text: text.slice(end) })
  return tokens
}

/** The same JSON with indentation, or the text as it is when it is not JSON. */
export function prettyJson(text: string): { text: string; isJson: boolean } {
  try {
    return { text: JSON.stringify(JSON.parse(text), null, 2), isJson: true }
  } catch {
    return { text, isJson: false }
  }
}
