/** Callers that wait for a delivery to end. What other processes end is found by looking now and then. */
import type { Context } from '../context.ts'
import { findDelivery } from './delivery-store.ts'

const lookEveryMs = 500

export type DeliveryWaits = {
  /** Resolves when the delivery has ended, the time is over or the server stops. */
  until(deliveryId: string, patienceMs: number): Promise<void>
  /** It ended here. */
  ended(deliveryId: string): void
  /** Hears of each that ended here after its receiver had said that it answers later; returns how to stop. */
  subscribe(listener: (deliveryId: string) => void): () => void
}

export function createDeliveryWaits(ctx: Context): DeliveryWaits {
  const waiting = new Map<string, Set<() => void>>()
  const listeners = new Set<(deliveryId: string) => void>()

  return {
    until(deliveryId, patienceMs) {
      return new Promise((resolve) => {
        const done = () => {
          clearTimeout(timer)
          clearInterval(look)
          ctx.shutdown.removeEventListener('abort', done)
          const others = waiting.get(deliveryId)
          others?.delete(done)
          if (others?.size === 0) waiting.delete(deliveryId)
          resolve()
        }
        const timer = setTimeout(done, patienceMs)
        const look = setInterval(() => {
          findDelivery(ctx, deliveryId).then(
            (delivery) => delivery?.finished_at && done(),
            () => {},
          )
        }, lookEveryMs)
        waiting.set(deliveryId, (waiting.get(deliveryId) ?? new Set()).add(done))
        ctx.shutdown.addEventListener('abort', done)
        if (ctx.shutdown.aborted) done()
      })
    },
    ended(deliveryId) {
      for (const done of [...(waiting.get(deliveryId) ?? [])]) done()
      for (const listener of listeners) listener(deliveryId)
    },
    subscribe(listener) {
      listeners.add(listener)
      return () => void listeners.delete(listener)
    },
  }
}
