/**
 * One entry in each line, each line as the export of the log writes it: what a receiver saved in a file is checked by
 * `keyhook log verify --file`.
 */
import type { SiemWriter } from './entry.ts'

export const writeNdjson: SiemWriter = (entries) => {
  let text = ''
  for (const entry of entries) text += `${JSON.stringify(entry)}\n`
  return { contentType: 'application/x-ndjson', text }
}
