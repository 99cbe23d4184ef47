import type { Finding } from './failure.ts'
import type { HttpAnswer } from './outcome.ts'
import { showText } from './show-text.ts'

/** US-ASCII is a part of UTF-8. */
const readableCharsets = ['', 'utf-8', 'utf8', 'us-ascii', 'ascii']

/** What in the headers keeps the body from being read as plain UTF-8; null when nothing does. */
export function findEncodingProblem({ headers }: HttpAnswer): Finding | null {
  for (const [name, value] of headers) {
    if (isNamed(name, 'content-encoding')) {
      const coding = value
        .split(',')
        .map((part) => part.trim().toLowerCase())
        .find((part) => part !== '' && part !== 'identity')
      if (coding !== undefined) {
        return {
          finding: `The body is encoded as \`${showText(coding, 40)}\`, which was not asked for and is not read.`,
          advice: 'Answer without compression: the request says `accept-encoding: identity`.',
        }
      }
    }
    if (isNamed(name, 'content-type')) {
      const charset = /(?:^|;)[ \t]*charset[ \t]*=[ \t]*(?:"([^"]*)"|([^; \t]*))/i.exec(value)
      const named = (charset?.[1] ?? charset?.[2] ?? '').trim().toLowerCase()
      if (!readableCharsets.includes(named)) {
        return {
          finding: `The body is said to be \`charset=${showText(named, 40)}\`, which is not read.`,
          advice: 'Answer in UTF-8 with `content-type: application/json`.',
        }
      }
    }
  }
  return null
}

/** The first value of a header, trimmed; the empty string when it is absent. */
export function headerValue({ headers }: HttpAnswer, wanted: string): string {
  return headers.find(([name]) => isNamed(name, wanted))?.[1].trim() ?? ''
}

function isNamed(name: string, wanted: string): boolean {
  return name.length === wanted.length && name.toLowerCase() === wanted
}
