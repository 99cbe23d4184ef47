/**
 * The formats in which the activity log is sent to SIEM webhooks. Pure: entries in, bytes out; the same entries always give
 * the same bytes, so that sending again sends the same.
 */
import { writeCloudEvents } from './cloudevents.ts'
import { writeDatadog } from './datadog.ts'
import type { SiemEntry, SiemSource, SiemWriter } from './entry.ts'
import { writeLumos } from './lumos.ts'
import { writeNdjson } from './ndjson.ts'
import { writeOcsf } from './ocsf.ts'
import { writeSentinel } from './sentinel.ts'
import { writeSplunkHec } from './splunk-hec.ts'

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

const writers: Readonly<Record<SiemFormat, SiemWriter>> = {
  lumos: writeLumos,
  ndjson: writeNdjson,
  cloudevents: writeCloudEvents,
  ocsf: writeOcsf,
  splunk_hec: writeSplunkHec,
  datadog: writeDatadog,
  sentinel: writeSentinel,
}

const encoder = new TextEncoder()

/** The body of one POST. `entries` has at least one entry, in the order of the log. */
export function formatEvents(
  format: SiemFormat,
  entries: readonly SiemEntry[],
  source: SiemSource,
): FormattedEvents {
  const { contentType, text } = writers[format](entries, source)
  return { contentType, body: encoder.encode(text) }
}
