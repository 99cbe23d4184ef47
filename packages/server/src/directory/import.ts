/** Users from a CSV file: all of it, or nothing. */
import type { ImportError, ImportReport } from '@keyhook/contract/api/user-import.ts'
import { importColumns } from '@keyhook/contract/directory-words.ts'
import type { Context } from '../context.ts'
import type { Actor } from '../events/event.ts'
import { appendEvents } from '../events/event-store.ts'
import { ProblemError } from '../lib/problem-error.ts'
import { lockDirectory } from './directory-lock.ts'
import { type ImportPlan, planImport } from './import-plan.ts'
import { type ImportRow, readRow } from './import-row.ts'
import { readTable } from './import-table.ts'
import { writeImport } from './import-write.ts'

const userTable = { known: importColumns, required: 'email', rows: 'users' } as const

const mostErrors = 1_000
const mostGroups = 100
const mostErrorsOfProblem = 100

type Read = { good: ImportRow[]; addresses: ReadonlySet<string>; rows: number; errors: ImportError[] }

/**
 * What the file would change or, without `dryRun`, has changed. Throws `csv_unreadable`, and without `dryRun` 422 for rows
 * that are wrong.
 */
export async function importUsers(
  ctx: Context,
  file: Buffer,
  { dryRun, actor }: { dryRun: boolean; actor: Actor },
): Promise<ImportReport> {
  const read = await readRows(file)
  return ctx.db.transaction().execute(async (tx) => {
    const now = ctx.clock()
    await lockDirectory(tx)
    const plan = await planImport(tx, now, { rows: read.good, addresses: read.addresses }, actor)
    const report = reportOf(read, plan, dryRun)
    if (dryRun) return report
    if (report.errors.length > 0) throw rowsWrong(report)
    try {
      await writeImport({ tx, now, actor }, plan)
    } catch (error) {
      throw isTaken(error) ? nameTaken(error) : error
    }
    const { dry_run: _dryRun, errors: _errors, ...counts } = report
    await appendEvents(tx, now, [{ type: 'DIRECTORY_IMPORTED_USERS', actor, metadata: counts }])
    return report
  })
}

/** Rows that can be taken by themselves; of two with one address only the first. */
async function readRows(file: Buffer): Promise<Read> {
  const good: ImportRow[] = []
  const errorsOfAll: ImportError[] = []
  let rows = 0
  const rowsByEmail = new Map<string, number>()
  for await (const cells of readTable(file, userTable)) {
    rows += 1
    const { read, errors } = readRow(cells)
    const email = read.email.toLowerCase()
    const twin = rowsByEmail.get(email)
    if (twin !== undefined && email !== '')
      errors.push({ row: read.row, column: 'email', detail: `Row ${twin} has this address already.` })
    else rowsByEmail.set(email, read.row)
    if (errors.length === 0) good.push(read)
    for (const error of errors) errorsOfAll.push(error)
  }
  return { good, addresses: new Set(rowsByEmail.keys()), rows, errors: errorsOfAll }
}

function reportOf({ rows, errors: unread }: Read, plan: ImportPlan, dryRun: boolean): ImportReport {
  const errors = [...unread, ...plan.errors].sort((left, right) => left.row - right.row)
  const created = new Set(plan.created.map(({ id }) => id))
  const changed = new Set([
    ...plan.changed.map(({ after }) => after.id),
    ...[...plan.added, ...plan.removed].flatMap(({ userId }) => (created.has(userId) ? [] : userId)),
  ])
  const wrong = new Set(errors.map(({ row }) => row)).size
  const moved = (status: 'active' | 'inactive') =>
    plan.changed.filter(({ before, after }) => before.status !== after.status && after.status === status)
  return {
    dry_run: dryRun,
    rows,
    create: created.size,
    change: changed.size,
    unchanged: rows - wrong - created.size - changed.size,
    wrong,
    deactivate: moved('inactive').length,
    reactivate: moved('active').length,
    groups: plan.newGroups.slice(0, mostGroups).map(({ name }) => name),
    memberships_added: plan.added.length,
    memberships_removed: plan.removed.length,
    errors: errors.slice(0, mostErrors),
  }
}

/** 422 that points to the rows. */
export function rowsWrong({ wrong, errors }: Pick<ImportReport, 'wrong' | 'errors'>): ProblemError {
  const detail = `${wrong} ${wrong === 1 ? 'row is' : 'rows are'} wrong, so nothing was imported.`
  return new ProblemError('validation_failed', detail, {
    errors: errors.slice(0, mostErrorsOfProblem).map(({ row, column, detail }) => ({
      pointer: `/rows/${row}${column === null ? '' : `/${column}`}`,
      detail,
    })),
  })
}

/** A unique index of the database found what the plan did not: letter case beyond ASCII. */
function isTaken(error: unknown): boolean {
  return (error as { code?: unknown }).code === '23505'
}

function nameTaken(cause: unknown): ProblemError {
  return new ProblemError(
    'user_exists',
    'A user name or group name of the file is there already in other letter case.',
    { cause },
  )
}
