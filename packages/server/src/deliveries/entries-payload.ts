/** The payload of a SIEM delivery: made of entries of the log, which stay as they are, instead of being stored a second time. */
import { formatEvents, type SiemEntry, type SiemFormat } from '@keyhook/contract/siem/formats.ts'
import type { Context } from '../context.ts'
import type { StoredEntries } from '../db/schema.ts'
import { findEntries } from '../events/event-list.ts'
import { readEvent } from '../events/event-store.ts'
import { version } from '../lib/version.ts'
import type { BodyContent } from './delivery-request.ts'

/** The bytes of one POST and what they are. */
export function formatEntries(ctx: Context, format: SiemFormat, entries: readonly SiemEntry[]) {
  return formatEvents(format, entries, { baseUrl: ctx.baseUrl(), version })
}

/** The payload of a delivery that is stored; null when entries have left the log since. */
export async function payloadOf(
  ctx: Context,
  { payload, entries }: { payload: Uint8Array; entries: StoredEntries | null },
): Promise<Uint8Array | null> {
  if (entries === null || entries.runs.length === 0) return payload
  const found = await findEntries(ctx, entries.runs)
  if (found.length < entries.count) return null
  return formatEntries(ctx, entries.format, found.map(readEvent)).body
}

const json: BodyContent = { type: 'application/json', gzip: false }

export function contentOf(entries: StoredEntries | null): BodyContent {
  return entries ? { type: entries.content_type, gzip: entries.gzip } : json
}
