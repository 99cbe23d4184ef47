/** Reads the cases of llhttp's own tests: raw HTTP responses in Markdown, in the notation of its test harness. */
import { fixture } from './fixtures.ts'

export type LlhttpCase = { readonly name: string; readonly bytes: Buffer }

const files = [
  'connection',
  'content-length',
  'finish',
  'invalid',
  'lenient-version',
  'pausing',
  'pipelining',
  'sample',
  'transfer-encoding',
]

/** Every case, named by file and heading. */
export const llhttpCases: readonly LlhttpCase[] = files.flatMap((file) => {
  const text = fixture(`llhttp-response/${file}.md`)
  return [...text.matchAll(/^##+ (.+)$|^```http\n([\s\S]*?)\n```$/gm)].reduce<{
    heading: string
    cases: LlhttpCase[]
  }>(
    ({ heading, cases }, [, title, source]) => ({
      heading: title ?? heading,
      cases:
        source === undefined ? cases : [...cases, { name: `${file}: ${heading}`, bytes: toBytes(source) }],
    }),
    { heading: '', cases: [] },
  ).cases
})

/** A line ends with CRLF unless a backslash stands before its end; \r, \n, \t and \f are what they say. */
function toBytes(source: string): Buffer {
  const escapes: Record<string, string> = { r: '\r', n: '\n', t: '\t', f: '\f' }
  const text = source
    .replace(/\\\n/g, '')
    .replace(/\n/g, '\r\n')
    .replace(/\\([rntf])/g, (_all, letter: string) => escapes[letter] ?? '')
  return Buffer.from(text)
}
