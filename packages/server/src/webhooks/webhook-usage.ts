import type { Context } from '../context.ts'

/** What a webhook is in use by, one sentence each; empty when it can be deleted. */
export async function usagesOf(ctx: Context, webhookId: string): Promise<string[]> {
  const { count } = await ctx.db
    .selectFrom('deliveries')
    .select((select) => select.fn.countAll<string>().as('count'))
    .where('webhook_id', '=', webhookId)
    .where('finished_at', 'is', null)
    .executeTakeFirstOrThrow()
  const unfinished = Number(count)
  if (unfinished === 0) return []
  return [unfinished === 1 ? 'A delivery is in progress.' : `${unfinished} deliveries are in progress.`]
}
