import { failedOutcome } from '@keyhook/contract/failure.ts'
import type { Outcome } from '@keyhook/contract/outcome.ts'
import type { Selectable } from 'kysely'
import type { Context } from '../context.ts'
import type { CallbackTable } from '../db/schema.ts'
import { callbackSecretsPlace } from '../webhooks/webhook-secrets.ts'
import { tellEnded, toldColumns } from './delivery-events.ts'
import { endedColumns } from './delivery-store.ts'

export type CallbackRow = Selectable<CallbackTable>

/**
 * What was secret in the attempt that is answered later, sealed: its late answer may repeat it when the webhook has other
 * secrets by then, or is gone, and this process too. Forgotten when the callback closes.
 */
export function sealCallbackSecrets(
  ctx: Context,
  deliveryId: string,
  secrets: readonly string[],
): Uint8Array {
  return ctx.secretBox.seal(callbackSecretsPlace(deliveryId), Buffer.from(JSON.stringify(secrets)))
}

/** The inverse of `sealCallbackSecrets`; none for callbacks that are closed, or as old as before these were kept. */
export function openCallbackSecrets(
  ctx: Context,
  { delivery_id, sealed_secrets }: Pick<CallbackRow, 'delivery_id' | 'sealed_secrets'>,
): string[] {
  if (sealed_secrets === null) return []
  return JSON.parse(
    Buffer.from(ctx.secretBox.open(callbackSecretsPlace(delivery_id), sealed_secrets)).toString(),
  )
}

export async function findCallback(ctx: Context, deliveryId: string): Promise<CallbackRow | null> {
  const query = ctx.db.selectFrom('callbacks').selectAll().where('delivery_id', '=', deliveryId)
  return (await query.executeTakeFirst()) ?? null
}

/** Ends a waiting delivery with its late answer; false when it did not wait any more. */
export function answerCallback(
  ctx: Context,
  deliveryId: string,
  outcome: Outcome,
  body: Uint8Array,
): Promise<boolean> {
  const now = new Date(ctx.clock())
  return ctx.db.transaction().execute(async (tx) => {
    const { numUpdatedRows } = await tx
      .updateTable('callbacks')
      .set({ received_at: now, body, closed_at: now, sealed_secrets: null })
      .where('delivery_id', '=', deliveryId)
      .where('closed_at', 'is', null)
      .where('deadline_at', '>', now)
      .executeTakeFirst()
    if (numUpdatedRows === 0n) return false
    const ended = await tx
      .updateTable('deliveries')
      .set(endedColumns(outcome, now))
      .where('id', '=', deliveryId)
      .where('status', '=', 'awaiting_callback')
      .returning(toldColumns)
      .execute()
    await tellEnded(tx, now.getTime(), ended, outcome)
    return true
  })
}

/** Ends the deliveries whose late answer did not come in time. Safe to run in several processes at once. */
export async function endOverdue(ctx: Context): Promise<number> {
  const now = new Date(ctx.clock())
  const outcome = failedOutcome(
    'timeout',
    'The receiver said that it answers later, but its answer did not come to the callback URL in time.',
    'Look into the logs of the receiver, or allow it more time for late answers.',
  )
  return ctx.db.transaction().execute(async (tx) => {
    const overdue = await tx
      .updateTable('callbacks')
      .set({ closed_at: now, sealed_secrets: null })
      .where('closed_at', 'is', null)
      .where('deadline_at', '<=', now)
      .returning('delivery_id')
      .execute()
    if (overdue.length === 0) return 0
    const ended = await tx
      .updateTable('deliveries')
      .set(endedColumns(outcome, now))
      .where('status', '=', 'awaiting_callback')
      .where(
        'id',
        'in',
        overdue.map((row) => row.delivery_id),
      )
      .returning(toldColumns)
      .execute()
    await tellEnded(tx, now.getTime(), ended, outcome)
    return overdue.length
  })
}
