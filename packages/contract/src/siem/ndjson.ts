/**
 * One entry in each line, each line as the export of the log writes it: what a receiver saved in a file is checked by
 * `keyhook log verify --file`.
 */
import type { SiemFrame, SiemWriter } from './entry.ts'

const lines: SiemFrame = { contentType: 'application/x-ndjson', before: '', between: '\n', after: '\n' }

export const ndjson: SiemWriter = {
  frame: () => lines,
  writer: () => (entry) => JSON.stringify(entry),
}
