import { sql, type Transaction } from 'kysely'
import type { Context } from '../context.ts'
import type { Tables } from '../db/schema.ts'
import { type Actor, type NewEvent, system } from '../events/event.ts'
import { appendEvents } from '../events/event-store.ts'
import type { OpenCircuit } from './circuit-breaker.ts'

/** The circuits of these webhooks that are not closed. */
export async function findCircuits(
  ctx: Context,
  webhookIds: readonly string[],
): Promise<Map<string, OpenCircuit>> {
  if (webhookIds.length === 0) return new Map()
  const rows = await ctx.db
    .selectFrom('circuits')
    .select(['webhook_id', 'state'])
    .where('webhook_id', 'in', [...webhookIds])
    .execute()
  return new Map(rows.map((row) => [row.webhook_id, row.state as OpenCircuit]))
}

/** Stores an open circuit. That it opened is told once, however many processes find it out. */
export async function saveCircuit(ctx: Context, webhookId: string, circuit: OpenCircuit): Promise<void> {
  const state = JSON.stringify(circuit)
  const now = ctx.clock()
  const updated_at = new Date(now)
  await ctx.db.transaction().execute(async (tx) => {
    const { inserted } = await tx
      .insertInto('circuits')
      .values({ webhook_id: webhookId, state, updated_at })
      .onConflict((conflict) => conflict.column('webhook_id').doUpdateSet({ state, updated_at }))
      .returning(sql<boolean>`(xmax = 0)`.as('inserted'))
      .executeTakeFirstOrThrow()
    if (!inserted) return
    const { calls, failures, lastReason, probeAt } = circuit
    await tell(tx, now, webhookId, {
      type: 'WEBHOOK_CIRCUIT_OPENED',
      actor: system,
      metadata: {
        calls,
        failures,
        last_failure_reason: lastReason,
        next_probe_at: new Date(probeAt).toISOString(),
      },
    })
  })
}

/** Closes a circuit; tells who did, which is the system after a probe that went well. */
export async function deleteCircuit(ctx: Context, webhookId: string, actor: Actor): Promise<void> {
  const now = ctx.clock()
  await ctx.db.transaction().execute(async (tx) => {
    const closed = await tx
      .deleteFrom('circuits')
      .where('webhook_id', '=', webhookId)
      .returning('state')
      .executeTakeFirst()
    if (!closed) return
    const { since } = closed.state as OpenCircuit
    await tell(tx, now, webhookId, {
      type: 'WEBHOOK_CIRCUIT_CLOSED',
      actor,
      metadata: { open_since: new Date(since).toISOString(), by: actor.type === 'SYSTEM' ? 'probe' : 'hand' },
    })
  })
}

async function tell(tx: Transaction<Tables>, now: number, webhookId: string, event: NewEvent): Promise<void> {
  const webhook = await tx
    .selectFrom('webhooks')
    .select(['id', 'name', 'type as webhook_type'])
    .where('id', '=', webhookId)
    .executeTakeFirst()
  if (webhook) await appendEvents(tx, now, [{ ...event, targets: [{ type: 'WEBHOOK', data: webhook }] }])
}
