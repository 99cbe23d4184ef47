import type { Finding } from './failure.ts'
import type { HttpAnswer } from './outcome.ts'
import { type Quote, showText } from './show-text.ts'

/** US-ASCII is a part of UTF-8. */
const readableCharsets = ['', 'utf-8', 'utf8', 'us-ascii', 'ascii']

/** What in the headers keeps the body from being read as plain UTF-8; null when nothing does. */
export function findEncodingProblem({ headers }: HttpAnswer, quote: Quote): Finding | null {
  const transfer: string[] = []
  for (const [name, value] of headers) {
    if (isNamed(name, 'transfer-encoding')) transfer.push(value)
    if (isNamed(name, 'content-encoding')) {
      if (codingIn(value) !== undefined) {
        const coding = codingIn(quote(value)) ?? ''
        return {
          finding: `The body is encoded as \`${showText(coding, 40)}\`, which was not asked for and is not read.`,
          advice: 'Answer without compression: the request says `accept-encoding: identity`.',
        }
      }
    }
    if (isNamed(name, 'content-type')) {
      if (!readableCharsets.includes(charsetIn(value))) {
        const named = charsetIn(quote(value))
        return {
          finding: `The body is said to be \`charset=${showText(named, 40)}\`, which is not read.`,
          advice: 'Answer in UTF-8 with `content-type: application/json`.',
        }
      }
    }
  }
  // Chunks are taken apart on the way; any other coding would still be in the body (RFC 9112, section 6.1).
  const codings = transfer.flatMap(codingsIn)
  if (codings.length === 0 || (codings.length === 1 && codings[0] === 'chunked')) return null
  const named = transfer.map(quote).flatMap(codingsIn).join(', ')
  return {
    finding: `The body was sent with the transfer coding \`${showText(named, 40)}\`, which is not read.`,
    advice: 'Answer with a `content-length`, or with `transfer-encoding: chunked` and nothing else.',
  }
}

function codingsIn(value: string): string[] {
  return value
    .split(',')
    .map((part) => part.trim().toLowerCase())
    .filter((part) => part !== '')
}

/** The first coding that changes the body. */
function codingIn(value: string): string | undefined {
  return codingsIn(value).find((part) => part !== 'identity')
}

function charsetIn(value: string): string {
  const charset = /(?:^|;)[ \t]*charset[ \t]*=[ \t]*(?:"([^"]*)"|([^; \t]*))/i.exec(value)
  return (charset?.[1] ?? charset?.[2] ?? '').trim().toLowerCase()
}

/** The first value of a header, trimmed; the empty string when it is absent. */
export function headerValue({ headers }: HttpAnswer, wanted: string): string {
  return headers.find(([name]) => isNamed(name, wanted))?.[1].trim() ?? ''
}

function isNamed(name: string, wanted: string): boolean {
  return name.length === wanted.length && name.toLowerCase() === wanted
}
