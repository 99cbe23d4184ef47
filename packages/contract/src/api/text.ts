import { z } from 'zod'

// Controls, and what makes text read as what it is not by turning its direction.
const forbiddenInLine = /[\p{Cc}\p{Bidi_Control}]/u
const lineBreaksAndTabs = /[\t\n\r]/g
const loneSurrogate = /\p{Surrogate}/u

const oneLine = 'Must be one line of text without control characters'

function isOneLine(text: string): boolean {
  return !forbiddenInLine.test(text) && !loneSurrogate.test(text)
}

/** One line of text for people, 1 to `max` characters after trimming. */
export function line(max: number) {
  return z
    .string()
    .trim()
    .min(1, 'Must not be empty')
    .max(max, `At most ${max} characters`)
    .refine(isOneLine, oneLine)
}

/** As `line`, and may be empty. */
export function lineOrEmpty(max: number) {
  return z.string().trim().max(max, `At most ${max} characters`).refine(isOneLine, oneLine)
}

/** Text for people of at most `max` characters that may have line breaks. */
export function paragraph(max: number) {
  return z
    .string()
    .max(max, `At most ${max.toLocaleString('en')} characters`)
    .refine(
      (text) => !forbiddenInLine.test(text.replace(lineBreaksAndTabs, '')) && !loneSurrogate.test(text),
      'Must be text without control characters',
    )
}

/** Says how long a text is that is too long. */
export function atMostCharacters(most: number) {
  const error = ({ input }: { readonly input?: unknown }) =>
    `It has ${typeof input === 'string' ? input.length : 'too many'} characters, and at most ${most} can be used: make it shorter`
  return { error }
}
