/** Looking into the log. */
import type { RawBuilder, SelectQueryBuilder } from 'kysely'
import { sql } from 'kysely'
import type { Context } from '../context.ts'
import type { Tables } from '../db/schema.ts'
import { type EventRow, entryColumns } from './event-store.ts'

/** Which entries are meant; absent members leave it open. Times are those at which entries got their place. */
export type EventFilter = {
  readonly type?: string | undefined
  readonly actorId?: string | undefined
  readonly targetId?: string | undefined
  readonly requestId?: string | undefined
  readonly appId?: string | undefined
  readonly outcome?: 'SUCCEEDED' | 'FAILED' | undefined
  /** Words that all occur. */
  readonly text?: string | undefined
  readonly from?: string | undefined
  readonly to?: string | undefined
}

export type EventWindow = EventFilter & {
  /** Positions: after this one (before it, when `newestFirst`). */
  readonly after: number | null
  readonly newestFirst: boolean
  /** Not behind this position. */
  readonly upTo?: number
  /** Entries at most. */
  readonly limit: number
}

type Query = SelectQueryBuilder<Tables, 'events', unknown>

/** Entries of the window in its order. */
export function listEvents(ctx: Pick<Context, 'db'>, window: EventWindow): Promise<EventRow[]> {
  return window.text === undefined ? inOneLook(ctx, window) : spanBySpan(ctx, window)
}

/**
 * The first span in which words are looked for. Each further one is so many times as long: where the one before had less
 * than a page of them, this one has about so many pages at most.
 */
const firstSpan = 20_000
const spanGrowth = 50

/**
 * What has the words, wherever it is, would be put in order before the first of it is shown: words that many entries have
 * took the longer, the longer the log. So they are looked for in a part of the log first, and then in larger ones.
 */
async function spanBySpan({ db }: Pick<Context, 'db'>, window: EventWindow): Promise<EventRow[]> {
  const { after, upTo, newestFirst, limit } = window
  const { rows } = await sql<{ first: string | null; last: string | null }>`
    select min(position) as first, max(position) as last from events`.execute(db)
  let first = Number(rows[0]?.first ?? 0)
  let last = Math.min(Number(rows[0]?.last ?? -1), upTo ?? Number.POSITIVE_INFINITY)
  if (after !== null && newestFirst) last = Math.min(last, after - 1)
  if (after !== null && !newestFirst) first = Math.max(first, after + 1)
  const found: EventRow[] = []
  for (let span = firstSpan; first <= last && found.length < limit; span *= spanGrowth) {
    const inside = newestFirst ? Math.max(first, last - span + 1) : Math.min(last, first + span - 1)
    const part = newestFirst ? { after: inside - 1, upTo: last } : { after: first - 1, upTo: inside }
    found.push(...(await inOneLook({ db }, { ...window, limit: limit - found.length, within: part })))
    if (newestFirst) last = inside - 1
    else first = inside + 1
  }
  return found
}

type Part = { readonly after: number; readonly upTo: number }

function inOneLook(
  { db }: Pick<Context, 'db'>,
  window: EventWindow & { within?: Part },
): Promise<EventRow[]> {
  const { after, upTo, newestFirst, limit, within } = window
  let query: Query = matching(db.selectFrom('events'), window)
  if (after !== null) query = query.where('position', newestFirst ? '<' : '>', String(after))
  if (upTo !== undefined) query = query.where('position', '<=', String(upTo))
  if (within !== undefined)
    query = query.where('position', '>', String(within.after)).where('position', '<=', String(within.upTo))
  return query
    .select(entryColumns)
    .orderBy('position', newestFirst ? 'desc' : 'asc')
    .limit(limit)
    .execute()
}

/** The entries at these positions (spans with both ends), in their order; fewer when some have left the log. */
export function findEntries(
  { db }: Pick<Context, 'db'>,
  runs: readonly (readonly [first: number, last: number])[],
): Promise<EventRow[]> {
  const [firsts, lasts] = [runs.map(([first]) => first), runs.map(([, last]) => last)]
  return db
    .selectFrom('events')
    .innerJoin(
      sql<{
        first: string
        last: string
      }>`(select * from unnest(${firsts}::bigint[], ${lasts}::bigint[]))`.as<'run'>(sql`run (first, last)`),
      (join) => join.on(sql<boolean>`events.position between run.first and run.last`),
    )
    .select(entryColumns)
    .orderBy('position')
    .execute()
}

/** The entries that a filter means. */
export function matching(query: Query, filter: EventFilter): Query {
  const { type, actorId, targetId, requestId, appId, outcome, text, from, to } = filter
  let filtered = query
  if (type !== undefined) filtered = filtered.where('type', '=', type)
  if (actorId !== undefined) filtered = filtered.where('actor_id', '=', actorId)
  if (requestId !== undefined) filtered = filtered.where('request_id', '=', requestId)
  if (appId !== undefined) filtered = filtered.where('app_id', '=', appId)
  if (outcome !== undefined) filtered = filtered.where('outcome', '=', outcome)
  if (targetId !== undefined) filtered = filtered.where(sql<boolean>`target_ids @> array[${targetId}::text]`)
  if (text !== undefined) filtered = filtered.where(sql<boolean>`words @@ plainto_tsquery('simple', ${text})`)
  if (from !== undefined)
    filtered = filtered.where('logged_at', '>=', new Date(from)).where('position', '>=', firstSince(from))
  if (to !== undefined)
    filtered = filtered
      .where('logged_at', '<', new Date(to))
      .where('position', '<', sql<string>`coalesce(${firstSince(to)}, ${lastPosition})`)
  return filtered
}

/** Behind every entry. */
const lastPosition = sql.raw('9223372036854775807::bigint')

/**
 * The first entry of a time or later. Places and times grow together, so a time is a place as well: what is looked for in
 * the order of places is then not looked for from the end of a month on.
 */
function firstSince(at: string): RawBuilder<string> {
  return sql<string>`(select position from events where logged_at >= ${new Date(at)} order by logged_at, position limit 1)`
}
