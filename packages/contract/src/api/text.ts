import { z } from 'zod'

// C0 and C1 controls, DEL, and the bidirectional overrides that make text read as what it is not.
const forbiddenInLine = /[\u0000-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069]/u
const forbiddenInParagraph = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069]/u
const loneSurrogate = /\p{Surrogate}/u

/** One line of text for people, 1 to `max` characters after trimming. */
export function line(max: number) {
  return z
    .string()
    .trim()
    .min(1, 'Must not be empty')
    .max(max, `At most ${max} characters`)
    .refine(
      (text) => !forbiddenInLine.test(text) && !loneSurrogate.test(text),
      'Must be one line of text without control characters',
    )
}

/** Text for people of at most `max` characters that may have line breaks. */
export function paragraph(max: number) {
  return z
    .string()
    .max(max, `At most ${max.toLocaleString('en')} characters`)
    .refine(
      (text) => !forbiddenInParagraph.test(text) && !loneSurrogate.test(text),
      'Must be text without control characters',
    )
}
