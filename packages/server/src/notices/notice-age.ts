import type { Context } from '../context.ts'
import { firstIdAt } from '../lib/ids.ts'

/** What was sent or failed longer ago than this is forgotten. */
const keptMs = 90 * 86_400_000
/** So many at a time, so that nobody waits for it. */
const batch = 1_000

export async function forgetOldNotices({ db, clock, shutdown }: Context): Promise<void> {
  for (;;) {
    const { numDeletedRows } = await db
      .deleteFrom('notices')
      .where('id', 'in', (old) =>
        old
          .selectFrom('notices')
          .select('id')
          .where('id', '<', firstIdAt('ntc', clock() - keptMs))
          .orderBy('id')
          .limit(batch),
      )
      .executeTakeFirst()
    if (numDeletedRows < BigInt(batch) || shutdown.aborted) return
  }
}
