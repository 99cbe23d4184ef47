/**
 * The formats in which the activity log is sent to SIEM webhooks. Pure: entries in, bytes out; the same entries always give
 * the same bytes, so that sending again sends the same.
 */
import type { SiemEntry, SiemSource, SiemWriter } from './entry.ts'
import { writeLumos } from './lumos.ts'
import { writeNdjson } from './ndjson.ts'

export type { SiemEntry, SiemSource } from './entry.ts'

export const siemFormats = [
  'lumos',
  'ndjson',
  'cloudevents',
  'ocsf',
  'splunk_hec',
  'datadog',
  'sentinel',
] as const

export type SiemFormat = (typeof siemFormats)[number]

export type FormattedEvents = { readonly contentType: string; readonly body: Uint8Array }

const writers: Partial<Record<SiemFormat, SiemWriter>> = {
  lumos: writeLumos,
  ndjson: writeNdjson,
}

const encoder = new TextEncoder()

/** The body of one POST. `entries` has at least one entry, in the order of the log. */
export function formatEvents(
  format: SiemFormat,
  entries: readonly SiemEntry[],
  source: SiemSource,
): FormattedEvents {
  const { contentType, text } = (writers[format] ?? writeLumos)(entries, source)
  return { contentType, body: encoder.encode(text) }
}
