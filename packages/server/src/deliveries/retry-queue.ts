/**
 * Sends deliveries that wait to be sent again, a few of each webhook at a time. They wait in the database, so that none is
 * lost with a process; several processes share the work. Each webhook has lanes of its own, so that a receiver that hangs
 * holds up its own deliveries only, and none is taken before there is a place for it.
 */
import { failedOutcome } from '@keyhook/contract/failure.ts'
import type { Slots } from '../circuit/slots.ts'
import type { Context } from '../context.ts'
import { system } from '../events/event.ts'
import type { Webhook } from '../webhooks/webhook.ts'
import type { WebhookCache } from '../webhooks/webhook-cache.ts'
import type { Dispatcher } from './deliver.ts'
import { type Claim, claimPending, webhooksWithPending } from './delivery-claims.ts'
import { endUnsent } from './delivery-store.ts'

/** Sent at a time by one process for one webhook, and never more than its concurrency limit. */
const lanesOfWebhook = 16
/** How often it looks for what other processes queued. */
const everyMs = 2_000

export type RetryQueue = {
  /** There is something to do. */
  wake(): void
  close(): void
}

export type RetryQueueParts = { webhooks: WebhookCache; slots: Slots; dispatcher: Dispatcher }

export function startRetryQueue(ctx: Context, { webhooks, slots, dispatcher }: RetryQueueParts): RetryQueue {
  /** Lanes in use, by webhook. */
  const lanes = new Map<string, number>()
  let looking = false

  const rests = () => ctx.shutdown.aborted || dispatcher.unrecorded() > 0

  /** Sends one after the other until none waits; what finds no place is left to the next look. */
  async function lane(webhookId: string): Promise<void> {
    while (!rests()) {
      const webhook = await webhooks.find(webhookId)
      const place = webhook && (await placeOf(webhook))
      if (place && 'refused' in place) return
      try {
        const claim = await claimPending(ctx, webhookId)
        if (!claim) return
        await resend(claim, webhook)
      } finally {
        place?.release()
      }
    }
  }

  function placeOf({ id, settings }: Webhook) {
    return slots.acquire(id, { limit: settings.concurrencyLimit, maxWaitMs: everyMs, signal: ctx.shutdown })
  }

  async function resend(claim: Claim, webhook: Webhook | null): Promise<void> {
    if (webhook) await dispatcher.resend(claim, webhook, { retries: true, holdsPlace: true, actor: system })
    else await endUnsent(ctx, claim.intent.id, failedOutcome('webhook_disabled', 'The webhook was deleted.'))
  }

  const failed = (webhookId: string) => (error: unknown) =>
    ctx.log.error({ err: error, webhook_id: webhookId }, 'a delivery could not be sent again')

  async function openLanes(webhookId: string): Promise<void> {
    const limit = (await webhooks.find(webhookId))?.settings.concurrencyLimit ?? 1
    while ((lanes.get(webhookId) ?? 0) < Math.min(lanesOfWebhook, limit)) {
      lanes.set(webhookId, (lanes.get(webhookId) ?? 0) + 1)
      lane(webhookId)
        .catch(failed(webhookId))
        .finally(() => {
          const left = (lanes.get(webhookId) ?? 1) - 1
          if (left === 0) lanes.delete(webhookId)
          else lanes.set(webhookId, left)
        })
    }
  }

  async function look(): Promise<void> {
    if (looking || rests()) return
    looking = true
    try {
      for (const webhookId of await webhooksWithPending(ctx))
        await openLanes(webhookId).catch(failed(webhookId))
    } catch (error) {
      ctx.log.warn({ err: error }, 'deliveries that wait to be sent again could not be read')
    } finally {
      looking = false
    }
  }

  const timer = setInterval(look, everyMs).unref()
  return { wake: look, close: () => clearInterval(timer) }
}
