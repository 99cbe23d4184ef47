/** Stores when access was used last: all of a report, or nothing. */
import type { LastUse, LastUsedResult } from '@keyhook/contract/api/last-used.ts'
import { sql, type Transaction } from 'kysely'
import type { Tables } from '../db/schema.ts'
import type { Actor } from '../events/event.ts'
import { appendEvents } from '../events/event-store.ts'
import { noticeCancelled } from './inactivity-log.ts'
import { findGrants } from './named-grants.ts'

/** Clocks differ a little; a use further ahead is a mistake. */
const aheadMs = 5 * 60_000
const dayMs = 86_400_000
const batch = 1_000

/** What a report says about grants that are there, and what is wrong with the rest. */
export type ReadReport = {
  /** The latest use of each grant. */
  uses: Map<string, number>
  ignored: number
  errors: { index: number; detail: string }[]
}

export async function readReport(
  tx: Transaction<Tables>,
  now: number,
  uses: readonly LastUse[],
  ignoreUnknown: boolean,
): Promise<ReadReport> {
  const report: ReadReport = { uses: new Map(), ignored: 0, errors: [] }
  for (let from = 0; from < uses.length; from += batch) {
    const some = uses.slice(from, from + batch)
    const found = await findGrants(tx, some)
    for (const [offset, grant] of found.entries()) {
      const at = Date.parse(some[offset]?.last_used_at ?? '')
      const index = from + offset
      if (at > now + aheadMs) report.errors.push({ index, detail: 'last_used_at is in the future.' })
      else if ('grantId' in grant)
        report.uses.set(grant.grantId, Math.max(at, report.uses.get(grant.grantId) ?? 0))
      else if (grant.unknown && ignoreUnknown) report.ignored += 1
      else report.errors.push({ index, detail: grant.wrong })
    }
  }
  return report
}

/** Writes the later uses, and takes back the notices about access that is used again. A dry run only counts. */
export async function storeUses(
  tx: Transaction<Tables>,
  now: number,
  actor: Actor,
  { uses, ignored }: ReadReport,
  dryRun = false,
): Promise<LastUsedResult> {
  const result: LastUsedResult = { updated: 0, unchanged: 0, ignored, notices_cancelled: 0 }
  const ids = [...uses.keys()].sort()
  for (let from = 0; from < ids.length; from += batch) {
    const rows = await lockGrants(tx, ids.slice(from, from + batch))
    const changed = rows.flatMap((row) => {
      const at = Math.min(uses.get(row.id) ?? 0, now)
      if (at <= (row.last_used_at?.getTime() ?? Number.NEGATIVE_INFINITY)) return []
      const counts = row.after_days === null || at > now - row.after_days * dayMs
      return [{ ...row, at: new Date(at), cancels: row.inactivity_notice_at !== null && counts }]
    })
    result.updated += changed.length
    result.unchanged += rows.length - changed.length
    const cancelled = changed.filter(({ cancels }) => cancels)
    result.notices_cancelled += cancelled.length
    if (dryRun) continue
    await writeUses(tx, changed)
    await appendEvents(
      tx,
      now,
      cancelled.map((grant) => noticeCancelled(grant, grant.at, actor)),
    )
  }
  if (result.updated > 0 && !dryRun)
    await appendEvents(tx, now, [{ type: 'ADMIN_IMPORTED_LAST_USE', actor, metadata: { ...result } }])
  return result
}

async function writeUses(
  tx: Transaction<Tables>,
  changed: readonly { id: string; at: Date; cancels: boolean }[],
): Promise<void> {
  await sql`
    update grants set last_used_at = given.at,
        inactivity_notice_at = case when given.cancels then null else inactivity_notice_at end,
        inactivity_removal_at = case when given.cancels then null else inactivity_removal_at end
      from unnest(
        ${changed.map(({ id }) => id)}::text[],
        ${changed.map(({ at }) => at.toISOString())}::timestamptz[],
        ${changed.map(({ cancels }) => cancels)}::boolean[]
      ) as given (id, at, cancels)
      where grants.id = given.id`.execute(tx)
}

/** In one order, so that two reports at once wait for one another. */
function lockGrants(tx: Transaction<Tables>, ids: readonly string[]) {
  return tx
    .selectFrom('grants')
    .innerJoin('apps', 'apps.id', 'grants.app_id')
    .select([
      'grants.id',
      'grants.request_id',
      'grants.app_id',
      'grants.user_id',
      'grants.last_used_at',
      'grants.inactivity_notice_at',
      sql<number | null>`(apps.settings -> 'inactivity' ->> 'after_days')::integer`.as('after_days'),
    ])
    .where('grants.id', 'in', ids)
    .where('grants.status', '=', 'active')
    .orderBy('grants.id')
    .forUpdate('grants')
    .execute()
}
