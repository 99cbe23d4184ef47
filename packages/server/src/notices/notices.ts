/** Notices, put together. Every process does it; what one claims the others leave alone. */
import type { Context } from '../context.ts'
import { createTicker } from '../lib/ticker.ts'
import { createMailer, type Mailer } from './mailer.ts'
import { forgetOldNotices } from './notice-age.ts'
import { expandOrders } from './notice-expand.ts'
import { createNoticeSender } from './notice-send.ts'

export type Notices = {
  readonly mailer: Mailer | null
  /** Does all that is due now, and waits for it. */
  work(): Promise<void>
  start(): void
  /** Ends what is under way: the next process sends it. */
  stop(): Promise<void>
}

const everyMs = 1_000
const everyCleaningMs = 600_000

/** Without anything due, a look costs two looks into empty indexes. */
export function createNotices(ctx: Context): Notices {
  const { log, shutdown } = ctx
  const mailer = createMailer(ctx.config.mail, shutdown)
  const sender = createNoticeSender(ctx, mailer)
  const begin = async () => {
    while (!shutdown.aborted && (await expandOrders(ctx)) > 0);
    await sender.look()
  }
  const tickers = [
    createTicker(
      { log, shutdown, everyMs, failed: 'notices could not be sent; it will be tried again' },
      begin,
    ),
    createTicker(
      { log, shutdown, everyMs: everyCleaningMs, failed: 'old notices could not be removed' },
      () => forgetOldNotices(ctx),
    ),
  ]
  return {
    mailer,
    async work() {
      await begin()
      await sender.idle()
    },
    start() {
      for (const ticker of tickers) ticker.start()
    },
    async stop() {
      mailer?.close()
      await Promise.all(tickers.map((ticker) => ticker.stop()))
      await sender.idle()
    },
  }
}
