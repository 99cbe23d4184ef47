/** Last uses from a CSV file: all of it, or nothing. */
import { type LastUse, type LastUsedImportResult, use } from '@keyhook/contract/api/last-used.ts'
import type { ImportError } from '@keyhook/contract/api/user-import.ts'
import type { Context } from '../context.ts'
import { rowsWrong } from '../directory/import.ts'
import { readTable, type TableRow } from '../directory/import-table.ts'
import type { Actor } from '../events/event.ts'
import { readReport, storeUses } from './last-used.ts'

const columns = ['grant_id', 'user_email', 'app', 'permission', 'last_used_at'] as const
type Column = (typeof columns)[number]

const useTable = { known: columns, required: 'last_used_at', rows: 'uses' } as const
const mostErrors = 1_000

/** Dates as spreadsheets write them mean the beginning of that day, UTC. */
const dateOnly = /^\d{4}-\d{2}-\d{2}$/

type ImportOptions = { dryRun: boolean; ignoreUnknown: boolean; actor: Actor }

/** Throws `csv_unreadable`, and without `dryRun` 422 for rows that are wrong. */
export async function importUses(
  ctx: Context,
  file: Buffer,
  { dryRun, ignoreUnknown, actor }: ImportOptions,
): Promise<LastUsedImportResult> {
  const { uses, rows, count, errors } = await readRows(file)
  return ctx.db.transaction().execute(async (tx) => {
    const now = ctx.clock()
    const report = await readReport(tx, now, uses, ignoreUnknown)
    for (const { index, detail } of report.errors)
      errors.push({ row: rows[index] ?? 0, column: null, detail })
    errors.sort((left, right) => left.row - right.row)
    const wrong = new Set(errors.map(({ row }) => row)).size
    if (wrong > 0 && !dryRun) throw rowsWrong({ wrong, errors })
    const counts = await storeUses(tx, now, actor, report, dryRun)
    return { dry_run: dryRun, rows: count, ...counts, wrong, errors: errors.slice(0, mostErrors) }
  })
}

type Read = {
  uses: LastUse[]
  /** Where each use stands in the file. */
  rows: number[]
  count: number
  errors: ImportError[]
}

async function readRows(file: Buffer): Promise<Read> {
  const read: Read = { uses: [], rows: [], count: 0, errors: [] }
  for await (const row of readTable(file, useTable)) {
    read.count += 1
    const result = readRow(row)
    if ('errors' in result) read.errors.push(...result.errors)
    else {
      read.uses.push(result.use)
      read.rows.push(row.row)
    }
  }
  return read
}

function readRow({ row, cells, wrong }: TableRow<Column>): { use: LastUse } | { errors: ImportError[] } {
  if (wrong !== null) return { errors: [{ row, column: null, detail: wrong }] }
  const given = Object.entries(cells).flatMap(([column, cell]) => {
    const text = cell.trim()
    if (text === '') return []
    return [[column, column === 'last_used_at' && dateOnly.test(text) ? `${text}T00:00:00.000Z` : text]]
  })
  const result = use.safeParse(Object.fromEntries(given))
  if (result.success) return { use: result.data }
  return {
    errors: result.error.issues.map(({ path, message }) => ({
      row,
      column: typeof path[0] === 'string' ? path[0] : null,
      detail: `${message}.`,
    })),
  }
}
