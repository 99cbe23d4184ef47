/** Callers that wait until a request rests: until nothing but a person moves it. */
import { EventEmitter } from 'node:events'
import type { Context } from '../context.ts'
import { findRequest, type RequestRow } from './request-store.ts'

const busy = ['validating', 'pre_approving', 'provisioning', 'deprovisioning']
const lookEveryMs = 500

export type RequestWaits = {
  /** The request was moved here. */
  moved(request: RequestRow): void
  /** The request as it is when it rests, or when the time is over. */
  untilResting(request: RequestRow, patienceMs: number): Promise<RequestRow>
}

export function createRequestWaits(ctx: Context): RequestWaits {
  const emitter = new EventEmitter().setMaxListeners(0)

  /** The request after its next move here; null: there was none for this long. */
  function nextMove(id: string, ms: number): Promise<RequestRow | null> {
    return new Promise((resolve) => {
      const done = (moved: RequestRow | null) => {
        clearTimeout(timer)
        emitter.off(id, done)
        resolve(moved)
      }
      const timer = setTimeout(done, ms, null)
      emitter.on(id, done)
    })
  }

  return {
    moved: (request) => void emitter.emit(request.id, request),
    async untilResting(request, patienceMs) {
      const end = performance.now() + patienceMs
      let current = request
      while (busy.includes(current.status) && !ctx.shutdown.aborted) {
        const left = end - performance.now()
        if (left <= 0) break
        // Moves of other processes are found by looking now and then.
        const moved = await nextMove(request.id, Math.ceil(Math.min(left, lookEveryMs)))
        current = moved ?? (await findRequest(ctx.db, request.id)) ?? current
      }
      return current
    },
  }
}
