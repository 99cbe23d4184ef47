/**
 * The formats in which the activity log is sent to SIEM webhooks. Pure: entries in, bytes out; the same entries always give
 * the same bytes, so that sending again sends the same.
 */
import { cloudevents } from './cloudevents.ts'
import { datadog } from './datadog.ts'
import { encodePieces } from './encode-pieces.ts'
import type { SiemEntry, SiemSource, SiemWriter } from './entry.ts'
import { lumos } from './lumos.ts'
import { ndjson } from './ndjson.ts'
import { ocsf } from './ocsf.ts'
import { sentinel } from './sentinel.ts'
import { splunkHec } from './splunk-hec.ts'

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
  lumos,
  ndjson,
  cloudevents,
  ocsf,
  splunk_hec: splunkHec,
  datadog,
  sentinel,
}

/** The body of one POST. `entries` has at least one entry, in the order of the log. */
export function formatEvents(
  format: SiemFormat,
  entries: readonly SiemEntry[],
  source: SiemSource,
): FormattedEvents {
  const { frame, writer } = writers[format]
  const { contentType, before, between, after } = frame(entries.length)
  return { contentType, body: encodePieces(entries.map(writer(source)), { before, between, after }) }
}
