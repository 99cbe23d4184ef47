/**
 * Sends deliveries that wait to be sent again, a few at a time. They wait in the database, so that none is lost with a
 * process; several processes share the work.
 */
import { failedOutcome } from '@keyhook/contract/failure.ts'
import type { Context } from '../context.ts'
import { system } from '../events/event.ts'
import type { WebhookCache } from '../webhooks/webhook-cache.ts'
import type { Dispatcher } from './deliver.ts'
import { type Claim, claimPending } from './delivery-claims.ts'
import { endUnsent } from './delivery-store.ts'

/** Sent at a time by one process. */
const lanes = 16
/** How often it looks for what other processes queued. */
const everyMs = 2_000

export type RetryQueue = {
  /** There is something to do. */
  wake(): void
  close(): void
}

export function startRetryQueue(ctx: Context, webhooks: WebhookCache, dispatcher: Dispatcher): RetryQueue {
  let busy = 0
  let looking = false

  async function resend(claim: Claim): Promise<void> {
    const webhook = claim.intent.webhook_id === null ? null : await webhooks.find(claim.intent.webhook_id)
    if (webhook) await dispatcher.resend(claim, webhook, { retries: false, actor: system })
    else await endUnsent(ctx, claim.intent.id, failedOutcome('webhook_disabled', 'The webhook was deleted.'))
  }

  async function look(): Promise<void> {
    if (looking || ctx.shutdown.aborted) return
    looking = true
    try {
      while (busy < lanes && !ctx.shutdown.aborted) {
        const claims = await claimPending(ctx, lanes - busy)
        if (claims.length === 0) break
        for (const claim of claims) {
          busy += 1
          resend(claim)
            .catch((error: unknown) =>
              ctx.log.error(
                { err: error, delivery_id: claim.intent.id },
                'a delivery could not be sent again',
              ),
            )
            .finally(() => {
              busy -= 1
              look()
            })
        }
      }
    } catch (error) {
      ctx.log.warn({ err: error }, 'deliveries that wait to be sent again could not be read')
    } finally {
      looking = false
    }
  }

  const timer = setInterval(look, everyMs).unref()
  return { wake: look, close: () => clearInterval(timer) }
}
