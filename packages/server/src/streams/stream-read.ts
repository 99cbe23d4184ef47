import type { ReplayRead, StreamRead } from '@keyhook/contract/api/stream.ts'
import type { Context } from '../context.ts'
import type { Webhook } from '../webhooks/webhook.ts'
import { windowSize } from './stream-plan.ts'
import { oldestUnsent, type StreamRow } from './stream-store.ts'

/** A stream as people see it: how far it is, how it is doing, and what it set aside. */
export async function readStream(ctx: Context, webhook: Webhook, row: StreamRow): Promise<StreamRead> {
  const position = Number(row.position)
  const [head, next, setAside, replays] = await Promise.all([
    ctx.db.selectFrom('log_head').select('position').executeTakeFirstOrThrow(),
    oldestUnsent(ctx, position),
    countSetAside(ctx, webhook.id),
    listReplays(ctx, webhook.id),
  ])
  const lagEvents = Math.max(0, Number(head.position) - position)
  const state = stateOf(webhook, row)
  return {
    webhook_id: webhook.id,
    state,
    position,
    head: Number(head.position),
    lag_events: lagEvents,
    lag_seconds: next ? Math.max(0, (ctx.clock() - next.getTime()) / 1_000) : 0,
    rate_per_second: row.rate,
    estimate_seconds: state === 'running' && row.rate > 0 ? lagEvents / row.rate : null,
    sent_events: Number(row.sent_events),
    set_aside: setAside,
    window: windowSize(webhook.settings),
    last_success_at: row.last_success_at?.toISOString() ?? null,
    failing_since: row.failing_since?.toISOString() ?? null,
    last_failure: row.last_failure,
    paused_at: row.paused_at?.toISOString() ?? null,
    replays,
  }
}

function stateOf({ enabled }: Webhook, row: StreamRow): StreamRead['state'] {
  if (!enabled) return 'disabled'
  if (row.paused_at !== null) return 'paused'
  return row.failing_since === null ? 'running' : 'failing'
}

export async function countSetAside({ db }: Pick<Context, 'db'>, webhookId: string): Promise<number> {
  const { count } = await db
    .selectFrom('deliveries')
    .select((select) => select.fn.countAll<string>().as('count'))
    .where('webhook_id', '=', webhookId)
    .where('status', '=', 'failed')
    .where('entries', 'is not', null)
    .where('test', '=', false)
    .executeTakeFirstOrThrow()
  return Number(count)
}

async function listReplays(ctx: Context, webhookId: string): Promise<ReplayRead[]> {
  const rows = await ctx.db
    .selectFrom('siem_streams')
    .selectAll()
    .where('webhook_id', '=', webhookId)
    .where('kind', '=', 'replay')
    .orderBy('id')
    .execute()
  return rows.map(readReplay)
}

export function readReplay(row: StreamRow): ReplayRead {
  return {
    id: row.id,
    from_position: Number(row.first_position),
    to_position: Number(row.last_position),
    position: Number(row.position),
    created_at: row.created_at.toISOString(),
  }
}
