/** Watches over streams: tells administrators when one is too far behind, and beats once a day where that is wanted. */
import type { Context } from '../context.ts'
import { system } from '../events/event.ts'
import { appendEvents } from '../events/event-store.ts'
import { createTicker, type Ticker } from '../lib/ticker.ts'
import { enqueueNotices } from '../notices/notice-orders.ts'
import { administrators } from '../notices/notice-people.ts'
import { streamOf } from '../webhooks/stream-settings.ts'
import { fromStored } from '../webhooks/webhook-settings.ts'
import { oldestUnsent } from './stream-store.ts'

const everyMs = 30_000
const dayMs = 86_400_000

export function watchStreams(ctx: Context): Ticker {
  const { log, shutdown } = ctx
  return createTicker(
    { log, shutdown, everyMs, failed: 'the streams to SIEM webhooks could not be watched' },
    () => lookAfterStreams(ctx),
  )
}

/** One look at the streams that this process sends. */
export async function lookAfterStreams(ctx: Context): Promise<void> {
  const rows = await ctx.db
    .selectFrom('siem_streams')
    .innerJoin('webhooks', 'webhooks.id', 'siem_streams.webhook_id')
    .select([
      'siem_streams.id',
      'siem_streams.position',
      'siem_streams.alerted_at',
      'siem_streams.failing_since',
      'siem_streams.last_failure',
      'webhooks.id as webhook_id',
      'webhooks.name',
      'webhooks.enabled',
      'webhooks.settings',
    ])
    .where('kind', '=', 'live')
    .where('process_id', '=', ctx.lease.id)
    .where('archived_at', 'is', null)
    .execute()
  let wantsHeartbeat = false
  for (const row of rows) {
    const stream = streamOf(fromStored(row.settings, { authentication: null, client_private_key: null }))
    wantsHeartbeat ||= stream.heartbeat && row.enabled
    const limit = row.enabled ? stream.lag_alert_seconds : null
    const behindSince = await oldestUnsent(ctx, Number(row.position))
    // Time does not mend a password: of that nobody needs to wait to hear.
    const isLockedOut = row.failing_since !== null && row.last_failure?.refused_access === true
    const isBehind =
      limit !== null &&
      behindSince !== null &&
      (isLockedOut || ctx.clock() - behindSince.getTime() > limit * 1_000)
    if (isBehind !== (row.alerted_at !== null)) await tell(ctx, row, isBehind ? behindSince : null)
  }
  if (wantsHeartbeat) await beat(ctx)
}

type Watched = { id: string; webhook_id: string; name: string; last_failure: { explanation: string } | null }

/** Once when it falls behind (`since`), once when it has caught up (null). */
async function tell(ctx: Context, row: Watched, since: Date | null): Promise<void> {
  const now = ctx.clock()
  await ctx.db.transaction().execute(async (tx) => {
    const { numUpdatedRows } = await tx
      .updateTable('siem_streams')
      .set({ alerted_at: since && new Date(now) })
      .where('id', '=', row.id)
      .where('alerted_at', since ? 'is' : 'is not', null)
      .executeTakeFirst()
    if (numUpdatedRows === 0n) return
    const data = {
      what: row.name,
      when: since?.toISOString() ?? null,
      reason: since ? (row.last_failure?.explanation ?? null) : null,
      link: `/webhooks/${row.webhook_id}`,
    }
    await enqueueNotices(tx, now, [
      { kind: since ? 'stream_behind' : 'stream_caught_up', to: administrators, data },
    ])
    await appendEvents(tx, now, [
      {
        type: since ? 'KEYHOOK_STREAM_FELL_BEHIND' : 'KEYHOOK_STREAM_CAUGHT_UP',
        actor: system,
        outcome: since ? 'FAILED' : 'SUCCEEDED',
        targets: [{ type: 'WEBHOOK', data: { id: row.webhook_id, name: row.name } }],
        metadata: since ? { oldest_unsent_at: since.toISOString() } : {},
      },
    ])
  })
}

/** An entry a day, so that a SIEM that hears nothing knows that something is wrong. */
async function beat(ctx: Context): Promise<void> {
  const now = ctx.clock()
  const last = await ctx.db
    .selectFrom('events')
    .select('logged_at')
    .where('type', '=', 'KEYHOOK_HEARTBEAT')
    .orderBy('position', 'desc')
    .limit(1)
    .executeTakeFirst()
  if (last && now - last.logged_at.getTime() < dayMs) return
  await ctx.db
    .transaction()
    .execute((tx) => appendEvents(tx, now, [{ type: 'KEYHOOK_HEARTBEAT', actor: system, metadata: {} }]))
}
