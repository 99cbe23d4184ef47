/** The words of a filter. Linear in its length. Pure. */
import { FilterError } from './filter.ts'

export type Token =
  | { kind: '(' | ')' | '[' | ']'; at: number }
  | { kind: 'text'; text: string; at: number }
  | { kind: 'word'; text: string; at: number }

const brackets = '()[]'
const blank = /\s/

/** Text without quotes is read too, as far as it has no blank: some clients forget them. Throws `FilterError`. */
export function tokensOf(source: string): Token[] {
  const tokens: Token[] = []
  let at = 0
  while (at < source.length) {
    const character = source.charAt(at)
    if (blank.test(character)) at += 1
    else if (brackets.includes(character)) {
      tokens.push({ kind: character as '(' | ')' | '[' | ']', at })
      at += 1
    } else if (character === '"') {
      const end = endOfText(source, at)
      tokens.push({ kind: 'text', text: unescaped(source.slice(at, end), at), at })
      at = end
    } else {
      const end = endOfWord(source, at)
      tokens.push({ kind: 'word', text: source.slice(at, end), at })
      at = end
    }
  }
  return tokens
}

function endOfText(source: string, start: number): number {
  let at = start + 1
  while (at < source.length) {
    const character = source.charAt(at)
    if (character === '"') return at + 1
    at += character === '\\' ? 2 : 1
  }
  throw new FilterError(`The text that begins at character ${start + 1} does not end.`)
}

function endOfWord(source: string, start: number): number {
  let at = start
  while (at < source.length) {
    const character = source.charAt(at)
    if (blank.test(character) || character === '"' || brackets.includes(character)) break
    at += 1
  }
  return at
}

/** Escapes are those of JSON (RFC 7644, 3.4.2.2). */
function unescaped(quoted: string, at: number): string {
  try {
    return JSON.parse(quoted) as string
  } catch {
    throw new FilterError(`The text that begins at character ${at + 1} is not written as JSON writes text.`)
  }
}
