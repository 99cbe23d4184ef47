/** Notices, put together. */
import type { Transaction } from 'kysely'
import type { Context } from '../context.ts'
import type { Tables } from '../db/schema.ts'
import { createTicker } from '../lib/ticker.ts'
import { createMailer, type Mailer } from './mailer.ts'
import { expandOrders } from './notice-expand.ts'
import { enqueueNotices } from './notice-orders.ts'
import { linkPlace } from './notice-secrets.ts'
import { sendDue } from './notice-send.ts'

export type Notices = {
  readonly mailer: Mailer | null
  /** Expands and sends everything that is due now. */
  work(): Promise<void>
  start(): void
  stop(): Promise<void>
}

const everyMs = 1_000

/** Every process does it. Without anything due, a look costs two looks into empty indexes. */
/** Puts an invitation on its way by mail; false when no mail is set up. */
export function mailInvitation(ctx: Context) {
  return async (
    tx: Transaction<Tables>,
    now: number,
    { user, url, expiresAt }: { user: { id: string }; url: string; expiresAt: Date },
  ): Promise<boolean> => {
    if (ctx.config.mail === null) return false
    const sealed = Buffer.from(ctx.secretBox.seal(linkPlace(user.id), Buffer.from(url))).toString('base64')
    const data = { link: '/', sealed_url: sealed, when: expiresAt.toISOString() }
    await enqueueNotices(tx, now, [{ kind: 'invitation', to: user.id, data }])
    return true
  }
}

export function createNotices(ctx: Context): Notices {
  const { log, shutdown } = ctx
  const mailer = createMailer(ctx.config.mail)
  const work = async () => {
    while ((await expandOrders(ctx)) > 0 && !shutdown.aborted);
    while ((await sendDue(ctx, mailer)) > 0 && !shutdown.aborted);
  }
  const failed = 'notices could not be sent; it will be tried again'
  const ticker = createTicker({ log, shutdown, everyMs, failed }, work)
  return {
    mailer,
    work,
    start: ticker.start,
    async stop() {
      await ticker.stop()
      mailer?.close()
    },
  }
}
