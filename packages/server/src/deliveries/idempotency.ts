/** What an `Idempotency-Key` means for an invoke: the same request made again gets the delivery of the first one. */
import { setTimeout as sleep } from 'node:timers/promises'
import type { Context } from '../context.ts'
import { type IdempotencyKey, resultOfKey } from '../http/idempotency.ts'
import { ProblemError } from '../lib/problem-error.ts'
import type { Delivered } from './deliver.ts'
import { attemptsOf, findDelivery } from './delivery-store.ts'

const lookEveryMs = 100

/**
 * The delivery that a key already led to; null when it is free. While it is still under way, waits up to `patienceMs`.
 * Throws 409 when the key belongs to another request, or the first one is not done yet.
 */
export async function replay(
  ctx: Context,
  key: IdempotencyKey,
  patienceMs: number,
): Promise<Delivered | null> {
  const deliveryId = await resultOfKey(ctx, key)
  if (deliveryId === null) return null
  const until = performance.now() + patienceMs
  for (;;) {
    const delivery = await findDelivery(ctx, deliveryId)
    if (!delivery) return null
    if (delivery.status !== 'sending' && delivery.status !== 'pending') {
      return { delivery, attempts: await attemptsOf(ctx, delivery.id) }
    }
    if (performance.now() >= until) {
      throw new ProblemError(
        'idempotency_in_progress',
        'The first request with this Idempotency-Key is still under way: ask again in a moment.',
        { headers: { 'retry-after': '1' } },
      )
    }
    await sleep(lookEveryMs, undefined, { signal: ctx.shutdown }).catch(() => {})
  }
}
