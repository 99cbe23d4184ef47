/** Access governance, put together. */

import type { Conditions } from '../conditions/conditions.ts'
import type { Context } from '../context.ts'
import type { Engine } from '../deliveries/engine.ts'
import { startClock } from './access-clock.ts'
import { createArchivedSweep } from './request-archiving.ts'
import { createCalls } from './request-calls.ts'
import { createMoves, type Moves } from './request-moves.ts'
import { createRequestWaits, type RequestWaits } from './request-waits.ts'

export type Access = {
  readonly moves: Moves
  readonly waits: RequestWaits
  readonly conditions: Conditions
  /** Begins to do what time brings: expiry, reminders, what dead processes left. */
  start(): void
  /** Takes no more work of its own. */
  close(): void
}

export function createAccess(ctx: Context, engine: Engine): Access {
  const waits = createRequestWaits(ctx)
  const calls = createCalls(ctx, engine)
  const { conditions } = engine
  const moves = createMoves(ctx, { conditions, ...calls, moved: waits.moved })
  const archivedSweep = createArchivedSweep(ctx, moves)
  let stopClock = () => {}
  return {
    moves,
    waits,
    conditions,
    start() {
      calls.start(moves)
      stopClock = startClock(ctx, moves)
      archivedSweep.start()
    },
    close() {
      stopClock()
      void archivedSweep.stop()
      calls.close()
    },
  }
}
