import { failedOutcome } from '@keyhook/contract/failure.ts'
import type { Context } from '../context.ts'
import { removeDeadProcesses } from '../db/process-lease.ts'
import { endAbandoned } from './delivery-store.ts'

const everyMs = 5_000

/**
 * Ends what dead processes left in progress: whether the receiver acted on it is not known, so it is not sent again
 * but shown as interrupted. Runs at start and then every few seconds, in every process.
 */
export async function interruptAbandoned(ctx: Context): Promise<number> {
  await removeDeadProcesses(ctx.db, ctx.clock, ctx.lease.id)
  const ids = await endAbandoned(
    ctx,
    failedOutcome(
      'interrupted',
      'The server stopped while this delivery was under way, so the answer is not known.',
    ),
  )
  if (ids.length > 0)
    ctx.log.warn({ delivery_ids: ids.slice(0, 100), count: ids.length }, 'deliveries were interrupted')
  return ids.length
}

/** Keeps running `interruptAbandoned` until the returned function is called. */
export function watchForAbandoned(ctx: Context): () => void {
  const timer = setInterval(() => {
    interruptAbandoned(ctx).catch((error: unknown) =>
      ctx.log.warn({ err: error }, 'abandoned deliveries could not be ended'),
    )
  }, everyMs)
  timer.unref()
  return () => clearInterval(timer)
}
