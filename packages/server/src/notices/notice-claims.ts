/** Which notices are due, who sends them, and what came of it. */
import { type Selectable, sql } from 'kysely'
import type { Context } from '../context.ts'
import type { NoticeTable } from '../db/notice-schema.ts'
import type { Actor } from '../events/event.ts'
import { appendEvents } from '../events/event-store.ts'
import type { Sent } from './sent.ts'

export type NoticeRow = Selectable<NoticeTable>
type Store = Pick<Context, 'db' | 'clock'>

/** A process that has not said what came of it for so long is taken for dead. */
export const claimMs = 300_000
/** So many at a time. */
export const claimBatch = 20
/** Tried so often, over three and a half days: a mail server may be down over a weekend. */
export const mostAttempts = 24
const firstPauseMs = 30_000
const longestPauseMs = 6 * 3_600_000

/** Where a notice goes: the mail server, a person's chat, or a team's. */
export function destinationOf({ channel, user_id, channel_id }: NoticeRow): string {
  return channel === 'mail' ? 'mail' : (channel_id ?? user_id ?? '')
}

const destination = sql<string>`case channel when 'mail' then 'mail' else coalesce(channel_id, user_id) end`

/**
 * Takes some that are due, the longest overdue first. If this process dies before it says what came of them, another takes
 * them again: at least once, and never twice at the same time.
 */
export function claimDue({ db, clock }: Store, except: readonly string[]): Promise<NoticeRow[]> {
  const now = clock()
  return db
    .updateTable('notices')
    .set({ next_attempt_at: new Date(now + claimMs), attempts: sql`attempts + 1` })
    .where('id', 'in', (due) =>
      due
        .selectFrom('notices')
        .select('id')
        .where('status', '=', 'waiting')
        .where('next_attempt_at', '<=', new Date(now))
        .where(destination, 'not in', [...except, ''])
        .orderBy('next_attempt_at')
        .limit(claimBatch)
        .forUpdate()
        .skipLocked(),
    )
    .returningAll()
    .execute()
}

/** Gives back what was not tried. */
export async function giveBack({ db, clock }: Store, ids: readonly string[]): Promise<void> {
  if (ids.length === 0) return
  await db
    .updateTable('notices')
    .set({ next_attempt_at: new Date(clock()), attempts: sql`attempts - 1` })
    .where('id', 'in', [...ids])
    .where('status', '=', 'waiting')
    .execute()
}

export async function recordSent({ db, clock }: Store, notice: NoticeRow, sent: Sent): Promise<void> {
  const now = clock()
  const over = sent.ok || sent.final || notice.attempts >= mostAttempts
  await db
    .updateTable('notices')
    .set({
      status: sent.ok ? 'sent' : over ? 'failed' : 'waiting',
      last_error: sent.ok ? null : sent.detail,
      next_attempt_at: over ? null : new Date(now + pauseMs(notice.attempts)),
      sent_at: sent.ok ? new Date(now) : null,
      ...(sent.ok && forgottenLink(notice)),
    })
    .where('id', '=', notice.id)
    .execute()
}

/** Nobody needs it any more; `why` says so to administrators. */
export async function recordSkipped({ db }: Store, notice: NoticeRow, why: string): Promise<void> {
  await db
    .updateTable('notices')
    .set({ status: 'skipped', last_error: why, next_attempt_at: null, ...forgottenLink(notice) })
    .where('id', '=', notice.id)
    .execute()
}

/** Begins anew with what failed; `again` is false when it is in another state. */
export function sendAgain(
  { db, clock }: Store,
  id: string,
  actor: Actor,
): Promise<{ row: NoticeRow | null; again: boolean }> {
  return db.transaction().execute(async (tx) => {
    const now = clock()
    const begun = await tx
      .updateTable('notices')
      .set({ status: 'waiting', attempts: 0, next_attempt_at: new Date(now) })
      .where('id', '=', id)
      .where('status', '=', 'failed')
      .returningAll()
      .executeTakeFirst()
    if (!begun) {
      const row = await tx.selectFrom('notices').selectAll().where('id', '=', id).executeTakeFirst()
      return { row: row ?? null, again: false }
    }
    const targets = [{ type: 'NOTICE', data: { id, kind: begun.kind, user_id: begun.user_id } }]
    const requestId = begun.request_id
    await appendEvents(tx, now, [{ type: 'ADMIN_SENT_NOTICE_AGAIN', actor, targets, requestId }])
    return { row: begun, again: true }
  })
}

/** A one-time link is kept only as long as it is to be sent. */
function forgottenLink({ data }: NoticeRow): { data?: string } {
  const { sealed_url, ...kept } = data
  return sealed_url === undefined ? {} : { data: JSON.stringify(kept) }
}

/** Doubling, with jitter so that what failed together does not come together. */
function pauseMs(attempts: number): number {
  return Math.min(firstPauseMs * 2 ** (attempts - 1), longestPauseMs) * (1 + Math.random() / 4)
}
