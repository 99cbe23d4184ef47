import { findCircuits } from '../circuit/circuit-store.ts'
import type { Circuits } from '../circuit/circuits.ts'
import type { Context } from '../context.ts'
import type { Webhook } from './webhook.ts'
import { findWebhookRow, openWebhook } from './webhook-store.ts'

/** For this long a webhook is used as it was read; also how long a change made by another process takes to count here. */
const trustMs = 1_000
const maxEntries = 1_000

/** Webhooks with their secrets opened and their circuits up to date, so that a busy one is not read and decrypted for every delivery. */
export type WebhookCache = {
  /** The live webhook of this id; archived ones are not found. */
  find(id: string): Promise<Webhook | null>
  /** Called when it was changed here: the next `find` reads it anew. */
  forget(id: string): void
}

export function createWebhookCache(ctx: Context, circuits: Circuits): WebhookCache {
  // Reads under way are entries too: callers at the same moment share one, and `forget` drops one that began too early.
  const entries = new Map<string, { webhook: Promise<Webhook | null>; until: number }>()

  async function read(id: string): Promise<Webhook | null> {
    const changes = circuits.changes(id)
    const row = await findWebhookRow(ctx, id)
    if (!row) return null
    const [webhook, stored] = await Promise.all([openWebhook(ctx, row), findCircuits(ctx, [id])])
    circuits.adopt(id, stored.get(id) ?? null, changes)
    return webhook
  }

  return {
    find(id) {
      const now = ctx.clock()
      const known = entries.get(id)
      if (known && now < known.until) return known.webhook
      if (entries.size >= maxEntries) entries.clear()
      const webhook = read(id)
      entries.set(id, { webhook, until: now + trustMs })
      webhook.catch(() => entries.delete(id))
      return webhook
    },
    forget: (id) => void entries.delete(id),
  }
}
