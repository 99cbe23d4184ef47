/**
 * Sends what is due. Each destination has a lane of its own: one that is slow or down holds no other up, and is left alone
 * for a while instead of being tried with everything that waits for it.
 */
import type { Context } from '../context.ts'
import { inParallel } from '../lib/ticker.ts'
import type { Mailer } from './mailer.ts'
import {
  claimBatch,
  claimDue,
  claimMs,
  destinationOf,
  giveBack,
  type NoticeRow,
  recordSent,
  recordSkipped,
} from './notice-claims.ts'
import { prepareNotice } from './notice-prepare.ts'
import type { Sent } from './sent.ts'

/** Mails are sent so many at a time; chats take one after the other. */
const mailsAtOnce = 4
/** What was claimed longer ago than this is not begun: it must be over before others take it for abandoned. */
const beginWithinMs = claimMs / 2
const firstRestMs = 15_000
const longestRestMs = 300_000

export type NoticeSender = {
  /** Begins what is due now. */
  look(): Promise<void>
  /** Resolves once nothing is under way. */
  idle(): Promise<void>
}

export function createNoticeSender(ctx: Context, mailer: Mailer | null): NoticeSender {
  const { clock, log, shutdown } = ctx
  const busy = new Map<string, Promise<void>>()
  /** Destinations where sending failed, how often in a row, and until when they are left alone. */
  const resting = new Map<string, { failures: number; until: number }>()

  let looking: Promise<void> | null = null

  function look(): Promise<void> {
    looking ??= claimAll().finally(() => {
      looking = null
    })
    return looking
  }

  async function claimAll(): Promise<void> {
    while (!shutdown.aborted) {
      const now = clock()
      const rests = [...resting].filter(([, { until }]) => until > now).map(([destination]) => destination)
      const claimed = await claimDue(ctx, [...busy.keys(), ...rests])
      if (claimed.length === 0) return
      const more = claimed.length === claimBatch
      for (const [destination, notices] of Map.groupBy(claimed, destinationOf))
        busy.set(destination, runLane(destination, notices, { claimedAt: now, more }))
    }
  }

  async function runLane(
    destination: string,
    notices: readonly NoticeRow[],
    { claimedAt, more }: { claimedAt: number; more: boolean },
  ): Promise<void> {
    try {
      await sendAll(destination, notices, claimedAt)
    } catch (error) {
      log.error({ err: error }, 'what came of notices could not be written')
    }
    busy.delete(destination)
    if (more) await look().catch((error: unknown) => log.warn({ err: error }, 'notices could not be read'))
  }

  async function sendAll(destination: string, notices: readonly NoticeRow[], claimedAt: number) {
    const left: string[] = []
    let fails = false
    await inParallel(notices, destination === 'mail' ? mailsAtOnce : 1, async (notice) => {
      if (fails || shutdown.aborted || clock() - claimedAt > beginWithinMs) {
        left.push(notice.id)
        return
      }
      const sent = await sendOne(notice)
      if (sent === null) return
      // Not the other side's fault.
      if (!sent.ok && shutdown.aborted) left.push(notice.id)
      else await recordSent(ctx, notice, sent)
      fails ||= rest(destination, sent)
    })
    await giveBack(ctx, left)
  }

  /** null: it was skipped. */
  async function sendOne(notice: NoticeRow): Promise<Sent | null> {
    try {
      const prepared = await prepareNotice(ctx, mailer, notice)
      if ('send' in prepared) return await prepared.send()
      await recordSkipped(ctx, notice, prepared.skip)
      return null
    } catch (error) {
      log.error({ err: error, notice_id: notice.id }, 'a notice could not be prepared')
      const detail = 'It could not be prepared; the server log says why.'
      return { ok: false, detail, fault: 'notice', final: false }
    }
  }

  /** Whether the destination is to be left alone for now. */
  function rest(destination: string, sent: Sent): boolean {
    if (sent.ok || sent.fault === 'notice') {
      resting.delete(destination)
      return false
    }
    const failures = (resting.get(destination)?.failures ?? 0) + 1
    const restMs = Math.max(
      Math.min(firstRestMs * 2 ** (failures - 1), longestRestMs),
      sent.retryAfterMs ?? 0,
    )
    resting.set(destination, { failures, until: clock() + restMs })
    log.warn({ destination, detail: sent.detail, rest_ms: restMs }, 'notices cannot be sent at the moment')
    return true
  }

  return {
    look,
    async idle() {
      while (busy.size > 0) await Promise.all(busy.values())
    },
  }
}
