/** A month leaves the log, in one transaction with what says so. */
import { sql } from 'kysely'
import type { Context } from '../context.ts'
import { system } from './event.ts'
import { appendEvents } from './event-store.ts'
import { findHold, lockLog } from './legal-hold.ts'
import type { EventLog } from './log.ts'
import type { ClosedMonth } from './month-close.ts'
import type { Month } from './retention-plan.ts'

/** Whether it was dropped: not when a hold was placed meanwhile, or another process did it. */
export async function dropMonth(
  ctx: Context,
  log: EventLog,
  month: Month,
  { first, last, cut, archive }: ClosedMonth,
): Promise<boolean> {
  const dropped = await ctx.db.transaction().execute(async (tx) => {
    // Readers are not kept waiting behind it for long: then it is tried again.
    await sql`set local lock_timeout = '5s'`.execute(tx)
    const head = await lockLog(tx)
    if (Number(head.first_position) !== first || (await findHold(tx))) return false
    await sql`drop table ${sql.table(month.name)}`.execute(tx)
    await tx
      .updateTable('log_head')
      .set({ first_position: last + 1 })
      .execute()
    const row = { checkpoint: JSON.stringify(cut), made_at: new Date(cut.time) }
    await tx
      .insertInto('log_checkpoints')
      .values({ position: last, ...row })
      .onConflict((conflict) => conflict.column('position').doUpdateSet(row))
      .execute()
    const metadata = {
      month: month.month,
      from_position: first,
      to_position: last,
      archive_file: archive?.file ?? null,
      archive_sha256: archive?.sha256 ?? null,
    }
    await appendEvents(tx, ctx.clock(), [
      { type: 'KEYHOOK_LOG_CHECKPOINT', actor: system, metadata: cut },
      { type: 'KEYHOOK_DROPPED_LOG_MONTH', actor: system, metadata },
    ])
    return true
  })
  if (!dropped) return false
  await log.keepOutside(cut)
  await log.flush()
  return true
}
