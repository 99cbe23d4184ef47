import { failedOutcome } from '@keyhook/contract/failure.ts'
import type { Context } from '../context.ts'
import { removeDeadProcesses } from '../db/process-lease.ts'
import { forgetOldKeys } from '../http/idempotency.ts'
import { forgetRetiredKeys } from '../webhooks/signing-keys.ts'
import { endOverdue } from './callback-store.ts'
import { endAbandoned, requeueAbandoned } from './delivery-claims.ts'
import type { RetryQueue } from './retry-queue.ts'

const everyMs = 5_000
/** Older ones are not sent again: whoever asked has long given up. */
const resumeWithinMs = 10 * 60_000

/**
 * Ends what dead processes left in progress: whether the receiver acted on it is not known, so it is not sent again but
 * shown as interrupted. Only where the webhook's retry policy says that a delivery may arrive twice, it is sent again.
 * Runs at start and then every few seconds, in every process.
 */
export async function recoverAbandoned(ctx: Context, retryQueue: RetryQueue): Promise<void> {
  await removeDeadProcesses(ctx.db, ctx.clock, ctx.lease)
  const requeued = await requeueAbandoned(ctx, ctx.clock() - resumeWithinMs)
  if (requeued > 0) {
    ctx.log.warn(
      { count: requeued },
      'deliveries of dead processes are sent again, as their retry policy allows',
    )
    retryQueue.wake()
  }
  const ids = await endAbandoned(
    ctx,
    failedOutcome(
      'interrupted',
      'The server stopped while this delivery was under way, so the answer is not known.',
    ),
  )
  if (ids.length > 0)
    ctx.log.warn({ delivery_ids: ids.slice(0, 100), count: ids.length }, 'deliveries were interrupted')
}

/** Does what is due every few seconds until the returned function is called. Every process does it; each task is safe so. */
export function keepHouse(ctx: Context, retryQueue: RetryQueue): () => void {
  const tasks: Record<string, () => Promise<unknown>> = {
    'abandoned deliveries could not be ended': () => recoverAbandoned(ctx, retryQueue),
    'overdue callbacks could not be ended': () => endOverdue(ctx),
    'old idempotency keys could not be forgotten': () => forgetOldKeys(ctx),
    'retired signing keys could not be forgotten': () => forgetRetiredKeys(ctx),
  }
  const timer = setInterval(() => {
    for (const [failure, task] of Object.entries(tasks)) {
      task().catch((error: unknown) => ctx.log.warn({ err: error }, failure))
    }
  }, everyMs)
  timer.unref()
  return () => clearInterval(timer)
}
