/** The last look at a month before it leaves the log: its chain is verified while it is archived. */
import type { LogCheckpoint } from '@keyhook/contract/api/event.ts'
import { logCheckpoint } from '@keyhook/contract/api/event.ts'
import { sql } from 'kysely'
import type { Context } from '../context.ts'
import { signCheckpoint } from './checkpoint.ts'
import { exportFormats } from './event-export.ts'
import { listEvents } from './event-list.ts'
import { readEvent } from './event-store.ts'
import { type Archived, archiveMonth } from './log-archive.ts'
import type { LogKeys } from './log-keys.ts'
import { readLog } from './log-state.ts'
import { createLogVerifier, entryOf, type LogReport } from './log-verifier.ts'
import type { Month } from './retention-plan.ts'

/** Why a month stays; the message is for people. */
export class MonthProblem extends Error {
  override name = 'MonthProblem'
}

export type ClosedMonth = {
  readonly first: number
  readonly last: number
  /** Says that the log begins behind the month. */
  readonly cut: LogCheckpoint
  /** null: it is not kept. */
  readonly archive: Archived | null
}

const pageSize = 1_000

/** null: the month holds the last entry of the log and stays. Throws `MonthProblem` for one that does not verify. */
export async function closeMonth(ctx: Context, keys: LogKeys, month: Month): Promise<ClosedMonth | null> {
  const log = await readLog(ctx, keys)
  const end = await endOf(ctx, month)
  if (end.last >= log.position) return null
  const first = log.first_position
  const within = await checkpointsWithin(ctx, first - 1, end.last)
  const verifier = createLogVerifier({
    key: keys.chain,
    publicKey: keys.publicKey,
    after: log.before,
    cut: log.cut,
    checkpoints: within,
    to: end.last,
  })
  const cut = signCheckpoint(keys.signing, {
    count: end.last,
    head: end.hash,
    time: new Date(ctx.clock()).toISOString(),
    public_key: keys.publicKey,
    first_position: end.last + 1,
  })
  async function* lines() {
    for (let after = first - 1; after < end.last; ) {
      ctx.shutdown.throwIfAborted()
      const rows = await listEvents(ctx, { after, upTo: end.last, newestFirst: false, limit: pageSize })
      for (const row of rows) if (!verifier.add(entryOf(readEvent(row)))) break
      if (rows.length === 0) break
      yield rows.map((row) => exportFormats.ndjson.line(readEvent(row))).join('')
      after = Number(rows.at(-1)?.position)
    }
    // The archive gets its name after this: what does not verify gets none.
    refuseProblem(month, verifier.end())
  }
  const folder = ctx.config.logRetention.archiveDir
  if (folder !== null)
    return {
      first,
      last: end.last,
      cut,
      archive: await archiveMonth(folder, month.month, lines(), [...within, cut]),
    }
  for await (const _lines of lines());
  return { first, last: end.last, cut, archive: null }
}

function refuseProblem({ month }: Month, { problem }: LogReport): void {
  if (problem !== null)
    throw new MonthProblem(
      `The month ${month} stays in the log, because entry ${problem.position} is wrong. ${problem.text}`,
    )
}

async function endOf({ db }: Context, { name, month }: Month): Promise<{ last: number; hash: string }> {
  const { rows } = await sql<{ position: string; hash: string }>`
    select position, hash from ${sql.table(name)} order by position desc limit 1`.execute(db)
  const [row] = rows
  if (!row)
    throw new MonthProblem(`The month ${month} stays in the log, because all of its entries are missing.`)
  return { last: Number(row.position), hash: row.hash }
}

async function checkpointsWithin({ db }: Context, from: number, to: number): Promise<LogCheckpoint[]> {
  const rows = await db
    .selectFrom('log_checkpoints')
    .select('checkpoint')
    .where('position', '>=', String(from))
    .where('position', '<=', String(to))
    .orderBy('position')
    .execute()
  return rows.map(({ checkpoint }) => logCheckpoint.parse(checkpoint))
}
