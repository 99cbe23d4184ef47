/** Reads the log for a stream: what comes next, and of it what the webhook wants. */
import type { StreamSettings } from '@keyhook/contract/api/stream.ts'
import type { SiemEntry } from '@keyhook/contract/siem/formats.ts'
import type { Conditions } from '../conditions/conditions.ts'
import type { Context } from '../context.ts'
import { listEvents } from '../events/event-list.ts'
import { readEvent } from '../events/event-store.ts'
import { askedOf } from '../webhooks/stream-settings.ts'
import type { WebhookSettings } from '../webhooks/webhook-settings.ts'

export type ReadAhead = {
  readonly wanted: readonly SiemEntry[]
  /** The last position that was looked at, wanted or not. */
  readonly end: number
  /** There may be more behind it. */
  readonly more: boolean
}

export type Wanted = (entry: SiemEntry) => boolean

/** What a webhook is sent: its list of types, then its condition. */
export function wantedBy(
  conditions: Conditions,
  { event_types, heartbeat }: StreamSettings,
  { condition }: Pick<WebhookSettings, 'condition'>,
): Wanted {
  const isWantedType = typeFilter(event_types)
  return (entry) => {
    const type = entry.event.event_type
    if (type === 'KEYHOOK_HEARTBEAT') return heartbeat
    const asked = askedOf(entry)
    if (asked === null) return true
    if (!isWantedType(type)) return false
    if (condition === null) return true
    const evaluated = conditions.evaluate(condition, asked)
    // A condition that fails must not be a hole in the stream.
    return !evaluated.ok || evaluated.holds
  }
}

function typeFilter(types: readonly string[] | null): (type: string) => boolean {
  if (types === null) return () => true
  const exact = new Set(types)
  const beginnings = types.flatMap((type) => (type.endsWith('*') ? [type.slice(0, -1)] : []))
  return (type) => exact.has(type) || beginnings.some((beginning) => type.startsWith(beginning))
}

/** The next entries after a position and up to `until` (null: without an end), `limit` of them looked at. */
export async function readAhead(
  ctx: Context,
  { after, until, limit }: { after: number; until: number | null; limit: number },
  isWanted: Wanted,
): Promise<ReadAhead> {
  const rows = await listEvents(ctx, { after, limit, newestFirst: false })
  const all = rows.map(readEvent)
  const entries = until === null ? all : all.filter(({ position }) => position <= until)
  return {
    wanted: entries.filter(isWanted),
    end: entries.at(-1)?.position ?? after,
    more: rows.length === limit && entries.length === rows.length,
  }
}
