/** What a condition is tried with: the example of a type, and what a webhook was really asked about. */
import { exampleEntry } from '@keyhook/contract/example-event.ts'
import { examplePayload } from '@keyhook/contract/example-payload.ts'
import { type WebhookType, webhookTypeTable } from '@keyhook/contract/webhook-type.ts'
import type { Context } from '../context.ts'
import type { StoredEntries } from '../db/schema.ts'
import { findEntries } from '../events/event-list.ts'
import { readEvent } from '../events/event-store.ts'
import { timeOfId } from '../lib/ids.ts'
import { askedOf } from '../webhooks/stream-settings.ts'

/** Real payloads that a preview looks at: deliveries, or events of a stream. */
const lastPayloads = 20

export type PreviewPayload = {
  readonly payload: unknown
  readonly deliveryId: string
  readonly createdAt: string
  readonly event: { readonly id: string; readonly type: string } | null
}

/** The example payload as the condition sees it: a stream asks about entries of the log. */
export function exampleFor(type: WebhookType): unknown {
  return webhookTypeTable[type].kind === 'event' ? exampleEntry() : examplePayload(type)
}

/** The last real payloads of a webhook, the newest first. Entries that have left the log are passed over. */
export async function lastPayloadsOf(ctx: Context, webhookId: string): Promise<PreviewPayload[]> {
  const rows = await ctx.db
    .selectFrom('deliveries')
    .select(['id', 'payload', 'entries'])
    .where('webhook_id', '=', webhookId)
    .where('test', '=', false)
    .orderBy('id', 'desc')
    .limit(lastPayloads)
    .execute()
  const found: PreviewPayload[] = []
  const events = new Set<string>()
  for (const { id, payload, entries } of rows) {
    if (entries !== null && entries.runs.length > 0) {
      // What was sent again is in several deliveries.
      const more = (await eventsOf(ctx, id, entries)).filter(({ event }) => !events.has(event.id))
      for (const { event } of more) events.add(event.id)
      found.push(...more)
    } else
      found.push({
        payload: JSON.parse(Buffer.from(payload).toString()),
        deliveryId: id,
        createdAt: timeOfId(id).toISOString(),
        event: null,
      })
    if (found.length >= lastPayloads) break
  }
  return found.slice(0, lastPayloads)
}

/** The last events of a POST about which the condition was asked, each as it was asked. */
async function eventsOf(
  ctx: Context,
  deliveryId: string,
  { runs }: StoredEntries,
): Promise<(PreviewPayload & { event: { id: string; type: string } })[]> {
  const rows = await findEntries(ctx, runs)
  return rows
    .map(readEvent)
    .reverse()
    .flatMap((entry) => {
      const payload = askedOf(entry)
      if (payload === null) return []
      const event = { id: entry.id, type: entry.event.event_type }
      return [{ payload, deliveryId, createdAt: entry.logged_at, event }]
    })
    .slice(0, lastPayloads)
}
