/** Controls, line separators, bidirectional controls and lone surrogates: what must not reach a screen as it is. */
const unsafe = /[\p{Cc}\p{Zl}\p{Zp}\p{Bidi_Control}\p{Surrogate}]/u

/** What is done to text of a stranger before any of it is quoted. Applied to whole texts, as half a secret is not known as one. */
export type Quote = (text: string) => string

export const asItIs: Quote = (text) => text

/**
 * Text of a stranger, made fit to stand in a sentence: at most `max` characters, an ellipsis where it was cut,
 * and every character that is invisible or moves others written as `\n`, `\t` or `\u{…}`.
 */
export function showText(text: string, max: number): string {
  let shown = ''
  let roomForEllipsis = ''
  for (const character of text) {
    shown += unsafe.test(character) ? escapeCharacter(character) : character
    if (shown.length > max) return `${roomForEllipsis}…`
    if (shown.length < max) roomForEllipsis = shown
  }
  return shown
}

function escapeCharacter(character: string): string {
  if (character === '\n') return '\\n'
  if (character === '\r') return '\\r'
  if (character === '\t') return '\\t'
  return `\\u{${(character.codePointAt(0) as number).toString(16)}}`
}

/** The first `max` UTF-16 units, never half of a surrogate pair. */
export function cut(text: string, max: number): string {
  if (text.length <= max) return text
  const last = text.charCodeAt(max - 1)
  return text.slice(0, last >= 0xd800 && last <= 0xdbff ? max - 1 : max)
}
