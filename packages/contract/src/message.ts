import { cut } from './show-text.ts'

/** The longest message that is shown to people, in UTF-16 units. Source: design, how the answer is read. */
export const maxMessageLength = 2_000

/**
 * A receiver's message as people may see it: plain text on one line, without control and bidirectional
 * characters (a line break or tab becomes a space), at most `maxMessageLength` long with an ellipsis where
 * it was cut. `message` is null when nothing is left.
 */
export function cleanMessage(text: string): { readonly message: string | null; readonly wasCut: boolean } {
  const clean = text
    .toWellFormed()
    .replace(/[\t\n\v\f\r\u0085\u2028\u2029]+/g, ' ')
    .replace(/[\p{Cc}\p{Bidi_Control}]/gu, '')
    .trim()
  if (clean.length <= maxMessageLength) return { message: clean === '' ? null : clean, wasCut: false }
  return { message: `${cut(clean, maxMessageLength - 1)}…`, wasCut: true }
}
