/** Access governance, put together. */

import type { Conditions } from '../conditions/conditions.ts'
import type { Context } from '../context.ts'
import type { Engine } from '../deliveries/engine.ts'
import { createAccessClock } from './access-clock.ts'
import { createArchivedSweep } from './request-archiving.ts'
import { createCalls } from './request-calls.ts'
import { createMoves, type Moves } from './request-moves.ts'
import { createRequestWaits, type RequestWaits } from './request-waits.ts'
import { createSharedReads, type SharedReads } from './shared-reads.ts'

export type Access = {
  readonly moves: Moves
  readonly waits: RequestWaits
  readonly reads: SharedReads
  readonly conditions: Conditions
  /** Begins to do what time brings: expiry, reminders, what dead processes left. */
  start(): void
  /** Takes no more work of its own. */
  close(): Promise<void>
}

export function createAccess(ctx: Context, engine: Engine): Access {
  const waits = createRequestWaits(ctx)
  const calls = createCalls(ctx, engine)
  const { conditions } = engine
  const moves = createMoves(ctx, { conditions, ...calls, moved: waits.moved })
  const archivedSweep = createArchivedSweep(ctx, moves)
  const clock = createAccessClock(ctx, moves)
  return {
    moves,
    waits,
    reads: createSharedReads(ctx),
    conditions,
    start() {
      calls.start(moves)
      clock.start()
      archivedSweep.start()
    },
    async close() {
      calls.close()
      await clock.stop()
      await archivedSweep.stop()
    },
  }
}
