/** Whatever a test made the server append must be as the catalogue of events says. */
import { catalogueErrors } from '@keyhook/contract/events/catalogue.ts'
import type { Context } from '../../src/context.ts'

/** So many of the last entries are looked at. */
const most = 3_000

/** Throws with what is wrong. A database that was broken on purpose is not asked any further. */
export async function checkEvents({ db }: Pick<Context, 'db'>): Promise<void> {
  const columns = ['type', 'metadata'] as const
  const waiting = db.selectFrom('event_inbox').select(columns).orderBy('seq', 'desc').limit(most)
  const placed = db.selectFrom('events').select(columns).orderBy('position', 'desc').limit(most)
  const rows = await Promise.all([waiting.execute(), placed.execute()]).then(
    (found) => found.flat(),
    () => [],
  )
  const errors = new Set(rows.flatMap(({ type, metadata }) => catalogueErrors(type, metadata)))
  if (errors.size > 0)
    throw new Error(`Events are not as the catalogue says:\n${[...errors].slice(0, 20).join('\n')}`)
}
