/** Whether an uploaded file is text that is read here. Pure. */
import { isUtf8 } from 'node:buffer'

const saveAs = 'In Excel choose "Save As" and the file type "CSV UTF-8".'

/** Why the bytes cannot be read, and what would be right; null when they are UTF-8. */
export function whyUnreadable(bytes: Buffer): string | null {
  if (bytes.length === 0) return 'The file is empty. Its first row must name the columns.'
  const start = bytes.subarray(0, 4).toString('latin1')
  if (start.startsWith('PK\x03\x04') || start === '\xd0\xcf\x11\xe0')
    return `This is a workbook, not a CSV file. ${saveAs}`
  if (start.startsWith('\xff\xfe') || start.startsWith('\xfe\xff')) return `The file is UTF-16. ${saveAs}`
  const nul = bytes.indexOf(0)
  if (nul !== -1)
    return `The file is not UTF-8: line ${lineOf(bytes, nul)} holds a zero byte, as in UTF-16. ${saveAs}`
  if (!isUtf8(bytes)) {
    return `The file is not UTF-8, see line ${firstWrongLine(bytes)}: it may be Latin-1 or Windows-1252. ${saveAs}`
  }
  return null
}

/** Lines are told apart before characters are: no character of several bytes has a line feed in it. */
function firstWrongLine(bytes: Buffer): number {
  let line = 1
  let start = 0
  for (;;) {
    const end = bytes.indexOf(10, start)
    if (end === -1 || !isUtf8(bytes.subarray(start, end))) return line
    start = end + 1
    line += 1
  }
}

function lineOf(bytes: Buffer, at: number): number {
  let line = 1
  for (let index = bytes.indexOf(10); index !== -1 && index < at; index = bytes.indexOf(10, index + 1))
    line += 1
  return line
}
