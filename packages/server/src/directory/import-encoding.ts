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
    return `The file is not UTF-8: ${lineOf(bytes, nul)} holds a zero byte, as in UTF-16. ${saveAs}`
  if (!isUtf8(bytes)) {
    const at = lineOf(bytes, firstWrongByte(bytes))
    return `The file is not UTF-8, see ${at}: it may be Latin-1 or Windows-1252. ${saveAs}`
  }
  return null
}

/** The longest start that is UTF-8 ends where the first wrong byte is, or up to three bytes before. */
function firstWrongByte(bytes: Buffer): number {
  let good = 0
  let wrong = bytes.length
  while (wrong - good > 4) {
    const middle = (good + wrong) >> 1
    if (isUtf8(bytes.subarray(0, startOfCharacter(bytes, middle)))) good = middle
    else wrong = middle
  }
  return good
}

function startOfCharacter(bytes: Buffer, at: number): number {
  let start = at
  while (start > 0 && at - start < 3 && ((bytes[start] ?? 0) & 0xc0) === 0x80) start -= 1
  return start
}

function lineOf(bytes: Buffer, at: number): string {
  let line = 1
  for (let index = bytes.indexOf(10); index !== -1 && index < at; index = bytes.indexOf(10, index + 1))
    line += 1
  return `line ${line}`
}
