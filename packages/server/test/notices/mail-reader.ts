/** Mail as a mail program reads it: as much of MIME as notices use. */

export type Mail = {
  raw: string
  /** Unfolded, in their order, as they came. */
  headers: { name: string; value: string }[]
  subject: string
  from: string
  toHeader: string
  text: string
  html: string
}

type Part = { headers: Mail['headers']; body: Buffer }

export function readMail(bytes: Buffer): Mail {
  const mail = split(bytes)
  const parts = partsOf(mail)
  const text = (type: string) =>
    parts.filter((part) => header(part.headers, 'content-type').startsWith(type)).map(decodedBody)[0] ?? ''
  return {
    raw: bytes.toString(),
    headers: mail.headers,
    subject: decodedWords(header(mail.headers, 'subject')),
    from: decodedWords(header(mail.headers, 'from')),
    toHeader: decodedWords(header(mail.headers, 'to')),
    text: text('text/plain'),
    html: text('text/html'),
  }
}

export function header(headers: Mail['headers'], name: string): string {
  return headers.find((one) => one.name.toLowerCase() === name)?.value ?? ''
}

function split(bytes: Buffer): Part {
  const end = bytes.indexOf('\r\n\r\n')
  const head = bytes.subarray(0, end).toString()
  const headers = head
    .replace(/\r\n[ \t]+/g, ' ')
    .split('\r\n')
    .map((line) => {
      const colon = line.indexOf(':')
      return { name: line.slice(0, colon), value: line.slice(colon + 1).trim() }
    })
  return { headers, body: bytes.subarray(end + 4) }
}

function partsOf(part: Part): Part[] {
  const boundary = /boundary="?([^";]+)"?/.exec(header(part.headers, 'content-type'))?.[1]
  if (boundary === undefined) return [part]
  return part.body
    .toString('latin1')
    .split(`--${boundary}`)
    .slice(1, -1)
    .flatMap((text) => partsOf(split(Buffer.from(text.replace(/^\r\n/, ''), 'latin1'))))
}

function decodedBody({ headers, body }: Part): string {
  const text = body.toString('latin1').replace(/\r\n$/, '')
  const encoding = header(headers, 'content-transfer-encoding').toLowerCase()
  const bytes =
    encoding === 'base64'
      ? Buffer.from(text, 'base64')
      : encoding === 'quoted-printable'
        ? quotedPrintable(text.replace(/=\r\n/g, ''))
        : Buffer.from(text, 'latin1')
  return bytes.toString().replaceAll('\r\n', '\n')
}

function quotedPrintable(text: string): Buffer {
  return Buffer.from(
    text.replace(/=([0-9A-F]{2})/gi, (_whole, hex: string) => String.fromCharCode(Number.parseInt(hex, 16))),
    'latin1',
  )
}

/** RFC 2047. */
function decodedWords(value: string): string {
  return value
    .replace(/(=\?[^?]+\?[BQ]\?[^?]*\?=)\s+(?==\?)/gi, '$1')
    .replace(/=\?UTF-8\?([BQ])\?([^?]*)\?=/gi, (_whole, how: string, text: string) =>
      how.toUpperCase() === 'B'
        ? Buffer.from(text, 'base64').toString()
        : quotedPrintable(text.replaceAll('_', ' ')).toString(),
    )
}
