/** What is wrong with a text that should be PEM (RFC 7468), and in which line. Nothing of the text is repeated: it may be a key. */

type PemKind = 'certificate' | 'private key'

const labels: Readonly<Record<PemKind, RegExp>> = {
  certificate: /^CERTIFICATE$/,
  'private key': /^((RSA|EC) )?PRIVATE KEY$/,
}
const marker = /^(.*)-----BEGIN ([A-Z0-9 ]{1,40})-----/

/** A sentence about a text that could not be read. `reads` says whether one block can be. */
export function pemProblem(pem: string, kind: PemKind, reads: (block: string) => boolean): string {
  const lines = pem.split(/\r?\n/)
  const label = kind.toUpperCase()
  const said = (problem: string) => `This is not a ${kind} in PEM: ${problem}.`
  let blocks = 0
  for (let at = 0; at < lines.length; at++) {
    const [, before = '', found] = marker.exec(lines[at] ?? '') ?? []
    if (found === undefined) continue
    if (!labels[kind].test(found))
      return said(
        `line ${at + 1} begins a ${found.toLowerCase()}; give what begins with -----BEGIN ${label}-----`,
      )
    if (before !== '') return said(`line ${at + 1} has something before -----BEGIN ${found}-----; remove it`)
    const end = lines.findIndex((line, index) => index > at && line.startsWith('-----'))
    if (end < 0 || !lines[end]?.startsWith(`-----END ${found}-----`))
      return said(`what begins in line ${at + 1} is cut off; its last line is -----END ${found}-----`)
    const problem = base64Problem(lines.slice(at + 1, end), at + 2)
    if (problem) return said(problem)
    if (!reads(lines.slice(at, end + 1).join('\n')))
      return said(
        `the first and last line are right, but what is between line ${at + 1} and line ${end + 1} is damaged or not complete; copy it again, for example from ${exporting[kind]}`,
      )
    blocks += 1
    at = end
  }
  return said(
    blocks > 0
      ? 'there is something around it that cannot be read; give it alone'
      : `its first line is -----BEGIN ${label}-----, its last one -----END ${label}-----`,
  )
}

const exporting: Readonly<Record<PemKind, string>> = {
  certificate: 'openssl x509 -in client.pem',
  'private key': 'openssl pkey -in key.pem',
}

/** `firstLine`: the number of the first of these lines. */
function base64Problem(lines: readonly string[], firstLine: number): string | null {
  for (const [index, line] of lines.entries()) {
    const wrong = /[^A-Za-z0-9+/=\s]/.exec(line)
    if (wrong)
      return `line ${firstLine + index} has a character at position ${wrong.index + 1} that is no base64; it has letters, digits, + and / only; copy it again`
  }
  const text = lines.join('').replace(/\s/g, '')
  return text.length % 4 === 0
    ? null
    : `its base64 from line ${firstLine} on lacks characters: ${text.length} are there, and the number must be a multiple of 4, for example ${Math.ceil(text.length / 4) * 4}; copy all lines`
}
