import type { WebhookRead } from '@keyhook/contract/api/webhook.ts'
import { sql } from 'kysely'
import type { Context } from '../context.ts'
import { timeOfId } from '../lib/ids.ts'
import type { WebhookRow } from './webhook-store.ts'

type Recent = WebhookRead['recent_deliveries'][number]

const recentCount = 10

/** Webhooks as the API shows them: no secret, and how the last deliveries went. */
export async function readWebhooks(ctx: Context, rows: readonly WebhookRow[]): Promise<WebhookRead[]> {
  const recent = await recentDeliveries(
    ctx,
    rows.map((row) => row.id),
  )
  return rows.map((row) => ({
    id: row.id,
    type: row.type,
    name: row.name,
    description: row.description,
    endpoint_url: row.endpoint_url,
    headers: row.headers.map(({ name }) => ({ name, is_set: true as const })),
    time_limit_ms: row.time_limit_ms,
    enabled: row.enabled,
    recent_deliveries: recent.get(row.id) ?? [],
    created_at: row.created_at.toISOString(),
    updated_at: row.updated_at.toISOString(),
  }))
}

/** One index look-up per webhook, in one statement, however many deliveries are stored. */
async function recentDeliveries(ctx: Context, ids: readonly string[]): Promise<Map<string, Recent[]>> {
  const found = new Map<string, Recent[]>()
  if (ids.length === 0) return found
  const { rows } = await sql<{ webhook_id: string; id: string; status: string; test: boolean }>`
    select w.id as webhook_id, d.id, d.status, d.test
    from (values ${sql.join(ids.map((id) => sql`(${id}::text)`))}) as w (id)
    cross join lateral (
      select id, status, test from deliveries where webhook_id = w.id order by id desc limit ${recentCount}
    ) d`.execute(ctx.db)
  for (const { webhook_id, id, status, test } of rows) {
    const list = found.get(webhook_id) ?? []
    list.push({ id, status, test, created_at: timeOfId(id).toISOString() })
    found.set(webhook_id, list)
  }
  return found
}
