/** The log as a file, of any size: read in pages, written as it is read. */
import type { EventRead } from '@keyhook/contract/api/event.ts'
import { sql } from 'kysely'
import type { Context } from '../context.ts'
import { csvLine } from '../lib/csv.ts'
import { type EventFilter, listEvents, matching } from './event-list.ts'
import { readEvent } from './event-store.ts'

export type ExportRange = EventFilter & {
  readonly fromPosition: number | null
  /** Not behind this one: a file of a log that grows has an end. */
  readonly toPosition: number
}

export const exportFormats = {
  ndjson: {
    contentType: 'application/x-ndjson',
    head: '',
    line: (event: EventRead) => `${JSON.stringify(event)}\n`,
  },
  csv: {
    contentType: 'text/csv; charset=utf-8',
    head: csvLine([
      ...['position', 'logged_at', 'event_began_at', 'event_type', 'event_type_user_friendly', 'outcome'],
      ...['actor_type', 'actor_email', 'actor_name', 'targets', 'event_metadata', 'event_hash', 'id'],
    ]),
    line: csvOf,
  },
} as const

export type ExportFormat = keyof typeof exportFormats

const pageSize = 1_000

/** Pieces of the file; entries in the order of the log. */
export async function* exportEvents(
  ctx: Pick<Context, 'db'>,
  format: ExportFormat,
  range: ExportRange,
): AsyncGenerator<string> {
  const { head, line } = exportFormats[format]
  if (head !== '') yield head
  let after = (range.fromPosition ?? 1) - 1
  for (;;) {
    const rows = await listEvents(ctx, { ...range, after, newestFirst: false, limit: pageSize })
    const shown = rows.filter(({ position }) => Number(position) <= range.toPosition)
    if (shown.length > 0) yield shown.map((row) => line(readEvent(row))).join('')
    if (shown.length < pageSize) return
    after = Number(shown.at(-1)?.position)
  }
}

/** How many entries the file will have. */
export async function countExport({ db }: Pick<Context, 'db'>, range: ExportRange): Promise<number> {
  const { count } = await matching(db.selectFrom('events'), range)
    .where('position', '>=', String(range.fromPosition ?? 1))
    .where('position', '<=', String(range.toPosition))
    .select(sql<string>`count(*)`.as('count'))
    .executeTakeFirstOrThrow()
  return Number(count)
}

function csvOf({ id, position, logged_at, event }: EventRead): string {
  const { actor } = event
  const { email = '', given_name = '', family_name = '' } = actor.actor_data as Record<string, string>
  return csvLine([
    position,
    logged_at,
    event.event_began_at,
    event.event_type,
    event.event_type_user_friendly,
    event.outcome,
    actor.actor_type,
    email,
    `${given_name} ${family_name}`.trim(),
    JSON.stringify(event.targets),
    JSON.stringify(event.event_metadata),
    event.event_hash,
    id,
  ])
}
