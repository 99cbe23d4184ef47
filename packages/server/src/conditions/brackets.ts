/** Brackets and quotes that do not go together: the parser stops at another place, often far before. Pure. */
import type { Finding } from './expression.ts'

const closers: Readonly<Record<string, string>> = { '(': ')', '[': ']', '{': '}' }
/** A text (perhaps raw, perhaps over lines), a comment, or a bracket. */
const token = /[rRbB]{0,2}("""|'''|"|')|\/\/[^\n]*|[()[\]{}]/g

/** The first bracket or quote without its other half; null: all have it. */
export function findUnclosed(text: string): Finding | null {
  const open: { bracket: string; offset: number }[] = []
  token.lastIndex = 0
  for (let match = token.exec(text); match; match = token.exec(text)) {
    const [found, quote] = match
    const at = match.index
    if (quote !== undefined) {
      const end = endOfText(text, at + found.length, quote, /r/i.test(found))
      if (end === null)
        return { detail: `The text that begins here is never closed: write ${quote} after it`, offset: at }
      token.lastIndex = end
    } else if (found in closers) open.push({ bracket: found, offset: at })
    else if (!found.startsWith('//')) {
      const last = open.pop()
      if (!last) return { detail: `This ${found} closes nothing: leave it out`, offset: at }
      if (closers[last.bracket] !== found) return unclosed(last)
    }
  }
  const last = open.at(-1)
  return last ? unclosed(last) : null
}

function unclosed({ bracket, offset }: { bracket: string; offset: number }): Finding {
  return { detail: `The ${bracket} here is never closed: write its ${closers[bracket]}`, offset }
}

function endOfText(text: string, from: number, quote: string, raw: boolean): number | null {
  for (let at = from; at < text.length; at++) {
    if (text[at] === '\\' && !raw) at += 1
    else if (text.startsWith(quote, at)) return at + quote.length
    else if (text[at] === '\n' && quote.length === 1) return null
  }
  return null
}
