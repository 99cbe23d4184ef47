import type { Conditions } from '../conditions/conditions.ts'
import type { Context } from '../context.ts'
import { streamOf } from '../webhooks/stream-settings.ts'
import type { Webhook } from '../webhooks/webhook.ts'
import type { Span } from './stream-moves.ts'
import { readAhead, wantedBy } from './stream-reader.ts'

const part = 5_000

/** How many entries of a span a webhook wants. Counted by the database where there is no filter. */
export async function countWanted(
  ctx: Context,
  conditions: Conditions,
  { settings }: Webhook,
  { first, last }: Span,
): Promise<number> {
  const stream = streamOf(settings)
  if (stream.event_types === null && settings.condition === null && stream.heartbeat) return last - first + 1
  const isWanted = wantedBy(conditions, stream, settings)
  let count = 0
  for (let after = first - 1; after < last; ) {
    const { wanted, end } = await readAhead(ctx, { after, until: last, limit: part }, isWanted)
    if (end === after) break
    count += wanted.length
    after = end
  }
  return count
}
