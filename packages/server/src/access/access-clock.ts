/** What time brings to requests and grants. Every process does it; the lock on each request keeps it to once. */
import type { Context } from '../context.ts'
import { createTicker, type Ticker } from '../lib/ticker.ts'
import { escalateLate, remindLate } from './approval-clock.ts'
import { replanVanished } from './approver-changes.ts'
import { endExpired } from './expiry.ts'
import { warnOfExpiry } from './expiry-warning.ts'
import type { Moves } from './request-moves.ts'

const everyMs = 1_000

/** Each look is one into an index of what is due, and finds nothing when nothing is. */
export function createAccessClock(ctx: Context, moves: Moves): Ticker {
  const { log, shutdown } = ctx
  const failed = 'what is due could not be done; it will be tried again'
  return createTicker({ log, shutdown, everyMs, failed }, async () => {
    await endExpired(ctx, moves)
    await warnOfExpiry(ctx)
    await replanVanished(ctx, moves)
    await remindLate(ctx)
    await escalateLate(ctx, moves)
  })
}
