/** The escapes in which JSON, URLs, forms and HTML write characters, undone all at once. */

const escapes =
  /%[0-9a-f]{2}|\\(?:u[0-9a-f]{4}|x[0-9a-f]{2}|["'\\/bfnrt])|&(?:amp|lt|gt|quot|apos|#[0-9]{1,7}|#x[0-9a-f]{1,6});|\+/gi

const named: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'" }
const controls: Readonly<Record<string, string>> = { b: '\b', f: '\f', n: '\n', r: '\r', t: '\t' }

export type Undone = {
  readonly text: string
  /** Where a place in `text` is in the text that had the escapes. */
  toOriginal(at: number): number
}

/** The text with its escapes undone, one layer of them; null when there are none. */
export function undoEscapes(text: string): Undone | null {
  // Behind each escape: where that is in the new text, and in the old one.
  const ends: number[] = []
  const originals: number[] = []
  let result = ''
  let from = 0
  for (const { 0: written, index } of text.matchAll(escapes)) {
    result += text.slice(from, index) + characterOf(written)
    from = index + written.length
    ends.push(result.length)
    originals.push(from)
  }
  if (from === 0) return null
  result += text.slice(from)
  return {
    text: result,
    toOriginal(at) {
      const before = lastAtMost(ends, at)
      return before === -1 ? at : (originals[before] as number) + at - (ends[before] as number)
    },
  }
}

/** The text without an escape that its end cuts in two. */
export function withoutBrokenEscape(text: string): string {
  const tail = /(?:%[0-9a-f]?|\\(?:u[0-9a-f]{0,3}|x[0-9a-f]?)?|&(?:[a-z]{0,4}|#x?[0-9a-f]{0,7}))$/i.exec(
    text.slice(-12),
  )
  return tail ? text.slice(0, text.length - tail[0].length) : text
}

function characterOf(written: string): string {
  if (written === '+') return ' '
  if (written[0] === '%') return String.fromCharCode(Number.parseInt(written.slice(1), 16))
  if (written[0] === '&') {
    const name = written.slice(1, -1).toLowerCase()
    if (name[0] !== '#') return named[name] as string
    const code = name[1] === 'x' ? Number.parseInt(name.slice(2), 16) : Number(name.slice(1))
    return code <= 0x10ffff ? String.fromCodePoint(code) : written
  }
  const letter = written[1] as string
  if (written.length > 2) return String.fromCharCode(Number.parseInt(written.slice(2), 16))
  return controls[letter] ?? letter
}

/** Index of the last number that is at most `limit`; -1 when there is none. `sorted` goes up. */
function lastAtMost(sorted: readonly number[], limit: number): number {
  let low = 0
  let high = sorted.length
  while (low < high) {
    const middle = (low + high) >> 1
    if ((sorted[middle] as number) <= limit) low = middle + 1
    else high = middle
  }
  return low - 1
}
