import type { Context } from '../context.ts'
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

export async function saveCircuit(ctx: Context, webhookId: string, circuit: OpenCircuit): Promise<void> {
  const state = JSON.stringify(circuit)
  const updated_at = new Date(ctx.clock())
  await ctx.db
    .insertInto('circuits')
    .values({ webhook_id: webhookId, state, updated_at })
    .onConflict((conflict) => conflict.column('webhook_id').doUpdateSet({ state, updated_at }))
    .execute()
}

export async function deleteCircuit(ctx: Context, webhookId: string): Promise<void> {
  await ctx.db.deleteFrom('circuits').where('webhook_id', '=', webhookId).execute()
}
