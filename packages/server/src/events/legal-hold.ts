/** Legal holds: while one is in place, no month leaves the log. */
import type { LegalHoldRead } from '@keyhook/contract/api/log-retention.ts'
import type { Kysely, Selectable, Transaction } from 'kysely'
import type { Context } from '../context.ts'
import type { LegalHoldTable } from '../db/log-schema.ts'
import type { Tables } from '../db/schema.ts'
import type { Principal } from '../http/principal.ts'
import { newId } from '../lib/ids.ts'
import { notFound, ProblemError } from '../lib/problem-error.ts'
import { actorOf } from './event.ts'
import { appendEvents } from './event-store.ts'

/** The hold that is in place; null: none. */
export async function findHold(db: Kysely<Tables>): Promise<LegalHoldRead | null> {
  const row = await db.selectFrom('legal_holds').selectAll().where('lifted_at', 'is', null).executeTakeFirst()
  return row ? readHold(row) : null
}

/** Places a hold. When it returns, nothing leaves the log any more. */
export function placeHold(ctx: Context, principal: Principal, reason: string): Promise<LegalHoldRead> {
  return ctx.db.transaction().execute(async (tx) => {
    await lockLog(tx)
    if (await findHold(tx))
      throw new ProblemError('log_held', 'There is a legal hold already. Lift it to place another.')
    const now = ctx.clock()
    const hold = await tx
      .insertInto('legal_holds')
      .values({
        id: newId('hld', now),
        reason,
        placed_at: new Date(now),
        placed_by: principal.name,
        lifted_at: null,
      })
      .returningAll()
      .executeTakeFirstOrThrow()
    await appendEvents(tx, now, [
      { type: 'ADMIN_PLACED_LEGAL_HOLD', actor: actorOf(principal), ...toldOf(hold.id, reason) },
    ])
    return readHold(hold)
  })
}

export function liftHold(ctx: Context, principal: Principal): Promise<void> {
  return ctx.db.transaction().execute(async (tx) => {
    const now = ctx.clock()
    const hold = await tx
      .updateTable('legal_holds')
      .set({ lifted_at: new Date(now) })
      .where('lifted_at', 'is', null)
      .returning(['id', 'reason'])
      .executeTakeFirst()
    if (!hold) throw notFound('legal hold')
    await appendEvents(tx, now, [
      { type: 'ADMIN_LIFTED_LEGAL_HOLD', actor: actorOf(principal), ...toldOf(hold.id, hold.reason) },
    ])
  })
}

/** Who drops a month, numbers entries or places a hold waits for the others. */
export async function lockLog(tx: Transaction<Tables>) {
  return tx.selectFrom('log_head').selectAll().forUpdate().executeTakeFirstOrThrow()
}

function toldOf(id: string, reason: string) {
  return { targets: [{ type: 'LEGAL_HOLD', data: { id, reason } }], metadata: { reason } }
}

function readHold({ id, reason, placed_at, placed_by }: Selectable<LegalHoldTable>): LegalHoldRead {
  return { id, reason, placed_at: placed_at.toISOString(), placed_by }
}
