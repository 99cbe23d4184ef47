import type { Context } from '../context.ts'

/** What else uses a webhook, one sentence each: apps and the like, which this part does not know. */
export type UsesElsewhere = (webhookId: string) => Promise<string[]>

/** What a webhook is in use by, one sentence each; empty when it can be deleted. */
export async function usagesOf(
  ctx: Context,
  webhookId: string,
  usesElsewhere: UsesElsewhere,
): Promise<string[]> {
  const uses = await usesElsewhere(webhookId)
  const { count } = await ctx.db
    .selectFrom('deliveries')
    .select((select) => select.fn.countAll<string>().as('count'))
    .where('webhook_id', '=', webhookId)
    .where('finished_at', 'is', null)
    // What a stream sends again and again ends with the stream: a receiver that is dead must not keep its webhook alive.
    .where((or) => or.or([or('entries', 'is', null), or('test', '=', true)]))
    .executeTakeFirstOrThrow()
  const unfinished = Number(count)
  if (unfinished === 0) return uses
  const sentence =
    unfinished === 1 ? 'A delivery is in progress.' : `${unfinished} deliveries are in progress.`
  return [...uses, sentence]
}
