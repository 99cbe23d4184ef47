import type { Moves } from '../access/request-moves.ts'
import type { Context } from '../context.ts'
import { createTicker, type Ticker } from '../lib/ticker.ts'
import { carryOutOffboardings } from './offboarding-work.ts'

const everyMs = 1_000

/** Every process does it; the locks on the requests keep each move to once. */
export function createOffboarding(ctx: Context, moves: Moves): Ticker {
  const { log, shutdown } = ctx
  const failed = 'offboardings could not be carried out; it will be tried again'
  return createTicker({ log, shutdown, everyMs, failed }, () => carryOutOffboardings(ctx, moves))
}
